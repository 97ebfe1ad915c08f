-- take: max, lease ms | confirm: id, replays | postpone: id, replays, delay ms
-- A try of an end before the last replay says nothing about the end after it.
local key = p .. 'callbacks'
local what = ARGV[2]
if what ~= 'take' and (redis.call('HGET', p .. 'job:' .. ARGV[3], 'rpl') or '0') ~= ARGV[4] then
  return 0
end
if what == 'confirm' then
  return redis.call('ZREM', key, ARGV[3])
elseif what == 'postpone' then
  if redis.call('ZSCORE', key, ARGV[3]) then
    redis.call('ZADD', key, now + tonumber(ARGV[5]), ARGV[3])
  end
  return 1
end
local due = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', key, '-inf', now, 'LIMIT', 0, tonumber(ARGV[3]))) do
  local job = p .. 'job:' .. id
  local f = redis.call('HMGET', job, 'cb', 's', 'n', 'o', 'ec', 'em', 'rid', 'rpl')
  if f[1] and f[2] and f[2] ~= 'waiting' and f[2] ~= 'running' then
    redis.call('ZADD', key, now + tonumber(ARGV[4]), id)
    due[#due + 1] = { id, f[1], redis.call('HINCRBY', job, 'cbn', 1), f[2], f[3], f[4], f[5], f[6], f[7], f[8] }
  else
    redis.call('ZREM', key, id)
  end
end
return due
