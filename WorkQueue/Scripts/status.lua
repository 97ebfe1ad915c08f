-- id, reply channel ('' to only look); returns state, position, attempts, payload, code, message
local id, reply = ARGV[2], ARGV[3]
local final = { ok = true, rejected = true, failed = true, expired = true, cancelled = true }
local job = p .. 'job:' .. id
local f = redis.call('HMGET', job, 's', 'n', 'o', 'ec', 'em', 'rp')
if not f[1] then
  return { 'unknown' }
end
if reply ~= '' and not final[f[1]] then
  if not f[6] then
    redis.call('HSET', job, 'rp', reply)
  elseif not string.find(f[6], reply, 1, true) then
    redis.call('HSET', job, 'rp', f[6] .. ' ' .. reply)
  end
end
local position = false
if f[1] == 'waiting' then
  position = redis.call('LPOS', waiting, id)
end
return { f[1], position, f[2], f[3], f[4], f[5] }
