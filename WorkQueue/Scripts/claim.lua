-- worker, token, max, lease ms, adaptive (0/1), target ms, max attempts, dead letter ms
local worker, token, max, lease = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local adaptive, target = ARGV[6] == '1', tonumber(ARGV[7])
reclaim(tonumber(ARGV[8]), tonumber(ARGV[9]))
local claimed = {}
local dropped = 0
-- A bound on what one call may drop keeps the script short; the caller asks again.
while #claimed < max and dropped < 64 do
  local id = redis.call('LINDEX', waiting, 0)
  if not id then
    break
  end
  local f = redis.call('HMGET', p .. 'job:' .. id, 's', 'ct', 'at', 'dl', 'n', 'rid', 'tp', 'sc', 'rp', 'ttl', 'cb')
  local newest = adaptive and f[1] and tonumber(f[4]) > now and now - tonumber(f[3]) > target
  if newest then
    id = redis.call('RPOP', waiting)
    f = redis.call('HMGET', p .. 'job:' .. id, 's', 'ct', 'at', 'dl', 'n', 'rid', 'tp', 'sc', 'rp', 'ttl', 'cb')
  else
    redis.call('LPOP', waiting)
  end
  if f[1] ~= 'waiting' then
    dropped = dropped + 1
  elseif tonumber(f[4]) <= now then
    dropped = dropped + 1
    expire(id, f[5], f[9], f[10], f[11])
  else
    local body = redis.call('GET', p .. 'body:' .. id)
    if not body then
      dropped = dropped + 1
      finish(id, 'failed', f[5], 'body-lost', 'The store lost the body of the job.', f[9], f[10], f[11])
      redis.call('PEXPIRE', p .. 'job:' .. id, tonumber(f[10]))
      total('failures', 1)
      count('n', 1)
    else
      local attempts = tonumber(f[5]) + 1
      redis.call('HSET', p .. 'job:' .. id, 's', 'running', 'tk', token, 'w', worker, 'n', attempts)
      redis.call('ZADD', p .. 'leases', now + lease, id)
      claimed[#claimed + 1] = { id, attempts, f[2], now - tonumber(f[3]), tonumber(f[4]) - now, f[6], f[7], f[8], body }
    end
  end
end
return { dropped, claimed }
