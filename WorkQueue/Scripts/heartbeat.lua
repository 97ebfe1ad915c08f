-- worker, ready (0/1), start-up seconds, lifetime ms, entry
local id, ready, life = ARGV[2], ARGV[3] == '1', tonumber(ARGV[5])
redis.call('ZADD', p .. 'workers', now + life, id)
redis.call('SET', p .. 'worker:' .. id, ARGV[6], 'PX', life)
if ready then
  if not redis.call('ZSCORE', p .. 'ready', id) then
    redis.call('LPUSH', p .. 'startups', ARGV[4])
    redis.call('LTRIM', p .. 'startups', 0, 9)
  end
  redis.call('ZADD', p .. 'ready', now + life, id)
else
  redis.call('ZREM', p .. 'ready', id)
end
redis.call('ZREMRANGEBYSCORE', p .. 'workers', '-inf', now - 60000)
redis.call('ZREMRANGEBYSCORE', p .. 'ready', '-inf', now - 60000)
return 1
