-- worker, token, max, lease ms, adaptive (0/1), target ms, max attempts, dead letter ms, look for expired leases (0/1), largest body to return
-- A larger body is left for the caller to get: Redis' Lua hashes and copies every byte that passes through it.
local worker, token, max, lease = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local adaptive, target, largest = ARGV[6] == '1', tonumber(ARGV[7]), tonumber(ARGV[11])
if ARGV[10] == '1' and #redis.call('ZRANGEBYSCORE', p .. 'leases', '-inf', now, 'LIMIT', 0, 1) > 0 then
  library().reclaim(tonumber(ARGV[8]), tonumber(ARGV[9]))
end
local claimed = {}
local dropped = 0
-- A bound on what one call may drop keeps the script short; the caller asks again.
while #claimed < max and dropped < 64 do
  local id = redis.call('LPOP', waiting)
  if not id then
    break
  end
  local f = redis.call('HMGET', p .. 'job:' .. id, 's', 'ct', 'at', 'dl', 'n', 'rid', 'tp', 'sc')
  if adaptive and f[1] and tonumber(f[4]) > now and now - tonumber(f[3]) > target then
    -- The oldest is late already: back to its place, and the newest is served instead.
    local newest = redis.call('RPOP', waiting)
    if newest then
      redis.call('LPUSH', waiting, id)
      id = newest
      f = redis.call('HMGET', p .. 'job:' .. id, 's', 'ct', 'at', 'dl', 'n', 'rid', 'tp', 'sc')
    end
  end
  local size = f[1] == 'waiting' and tonumber(f[4]) > now and redis.call('STRLEN', p .. 'body:' .. id) or 0
  if size > 0 then
    local body = size <= largest and redis.call('GET', p .. 'body:' .. id)
    local attempts = tonumber(f[5]) + 1
    redis.call('HSET', p .. 'job:' .. id, 's', 'running', 'tk', token, 'w', worker, 'n', attempts)
    redis.call('ZADD', p .. 'leases', now + lease, id)
    claimed[#claimed + 1] = { id, attempts, f[2], now - tonumber(f[3]), tonumber(f[4]) - now, f[6], f[7], f[8], body }
  else
    dropped = dropped + 1
    if f[1] == 'waiting' then
      local lib = library()
      local g = redis.call('HMGET', p .. 'job:' .. id, 'rp', 'ttl', 'cb')
      if tonumber(f[4]) <= now then
        lib.expire(id, f[5], g[1], g[2], g[3])
      else
        lib.finish(id, 'failed', f[5], 'body-lost', 'The store lost the body of the job.', g[1], g[2], g[3])
        redis.call('PEXPIRE', p .. 'job:' .. id, tonumber(g[2]))
        lib.total('failures', 1)
        lib.count('n', 1)
      end
    end
  end
end
return { dropped, claimed }
