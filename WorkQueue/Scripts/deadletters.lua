-- list: count | replay: id, timeout ms, result ms | drop: id
local dead = p .. 'dead'
local what = ARGV[2]
if what == 'list' then
  local letters = {}
  for _, id in ipairs(redis.call('LRANGE', dead, 0, -1)) do
    if #letters >= tonumber(ARGV[3]) then
      break
    end
    local f = redis.call('HMGET', p .. 'job:' .. id, 's', 'ec', 'em', 'n', 'w', 'da', 'ct', 'rid')
    if f[1] == 'failed' then
      letters[#letters + 1] = { id, f[2], f[3], f[4], f[5], f[6], f[7], f[8] }
    else
      redis.call('LREM', dead, 1, id)
    end
  end
  return letters
end
local id = ARGV[3]
local job, body = p .. 'job:' .. id, p .. 'body:' .. id
if redis.call('LREM', dead, 1, id) == 0 then
  return 0
end
if what == 'drop' then
  redis.call('DEL', job, body)
  return 1
end
if redis.call('EXISTS', body) == 0 then
  return 0
end
local timeout, ttl = tonumber(ARGV[4]), tonumber(ARGV[5])
redis.call('HSET', job, 's', 'waiting', 'at', now, 'dl', now + timeout, 'n', 0, 'ttl', ttl)
redis.call('HDEL', job, 'ec', 'em', 'da', 'tk', 'rp', 'cbn')
-- Its new end is told anew, under a number of its own: to the receiver it is not the old one again.
redis.call('ZREM', p .. 'callbacks', id)
redis.call('HINCRBY', job, 'rpl', 1)
redis.call('PEXPIRE', job, timeout + ttl + 60000)
redis.call('PEXPIRE', body, timeout + 60000)
redis.call('RPUSH', waiting, id)
redis.call('PUBLISH', p .. 'wake', '1')
local lib = library()
lib.total('arrivals', 1)
lib.count('a', 1)
return 1
