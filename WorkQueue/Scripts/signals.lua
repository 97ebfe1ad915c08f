-- name of a decision ('' for none)
local age = false
local head = redis.call('LINDEX', waiting, 0)
if head then
  local at = redis.call('HGET', p .. 'job:' .. head, 'at')
  age = at and now - tonumber(at)
end
local series = {}
local minute = math.floor(second / 60)
for m = minute - 3, minute do
  series[#series + 1] = redis.call('HGETALL', p .. 'series:' .. m)
end
local decision, scale = false, false
if ARGV[2] ~= '' then
  decision = redis.call('HMGET', p .. 'decision:' .. ARGV[2], 'v', 'st')
  scale = redis.call('HMGET', p .. 'scale', 'r', 'min', 'max', 'paused')
end
return {
  now, redis.call('LLEN', waiting), redis.call('ZCARD', p .. 'leases'), age, redis.call('HGETALL', p .. 'stats'),
  redis.call('LLEN', p .. 'dead'), redis.call('ZCOUNT', p .. 'workers', now, '+inf'), redis.call('ZCOUNT', p .. 'ready', now, '+inf'),
  redis.call('LRANGE', p .. 'startups', 0, 9), series, decision, scale,
}
