-- id, reply channel ('' to only look); returns state, position, attempts, payload, code, message
local id, reply = ARGV[2], ARGV[3]
local final = { ok = true, rejected = true, failed = true, expired = true, cancelled = true }
local job = p .. 'job:' .. id
local function read()
  return redis.call('HMGET', job, 's', 'n', 'o', 'ec', 'em', 'rp', 'dl', 'ttl', 'cb')
end
local f = read()
if not f[1] then
  return { 'unknown' }
end
-- Whoever asks after the deadline is not told to wait, though nobody has come by to end it.
if f[1] == 'waiting' and tonumber(f[7]) <= now then
  redis.call('LREM', waiting, 1, id)
  library().expire(id, f[2], f[6], f[8], f[9])
  f = read()
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
