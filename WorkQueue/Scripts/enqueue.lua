-- id, content type, timeout ms, reply channel, result ms, idempotency key, callback, request id, traceparent, scores, max depth, max wait ms,
-- fingerprint of the body, with an idempotency key
-- The body was set under its own key just before, on the same connection.
local id, reply, idem = ARGV[2], ARGV[5], ARGV[7]
local body = p .. 'body:' .. id
if idem ~= '' then
  local known = redis.call('GET', p .. 'idem:' .. idem)
  if known then
    local f = redis.call('HMGET', p .. 'job:' .. known, 's', 'fp')
    -- An answer is repeated; what ended without one may be tried anew.
    if f[1] and f[1] ~= 'failed' and f[1] ~= 'expired' and f[1] ~= 'cancelled' then
      redis.call('DEL', body)
      if f[2] and f[2] ~= ARGV[14] then
        return { 'reused', known, 0, 0 }
      end
      return { 'duplicate', known, redis.call('LLEN', waiting), 0 }
    end
  end
end
-- Appended first, because there is nearly always room, and taken back otherwise.
local depth = redis.call('RPUSH', waiting, id) - 1
local full = depth >= tonumber(ARGV[12])
local rate = nil
if full or ARGV[13] ~= '0' then
  rate = library().drainRate()
  if not full and rate and depth / rate * 1000 > tonumber(ARGV[13]) then
    full = true
  end
end
if full then
  local lib = library()
  redis.call('RPOP', waiting)
  redis.call('DEL', body)
  lib.total('refusals', 1)
  lib.count('a', 1)
  lib.count('n', 1)
  -- Half of what waits now: a place for one alone would be taken by another.
  local after = 5000
  if rate then
    after = math.min(60000, math.max(1000, math.ceil(depth / rate / 2 * 1000)))
  end
  return { 'full', id, depth, after }
end
if redis.call('EXISTS', body) == 0 then
  redis.call('RPOP', waiting)
  return { 'nobody', id, depth, 0 }
end
local timeout, ttl = tonumber(ARGV[4]), tonumber(ARGV[6])
local job = p .. 'job:' .. id
local f = { 's', 'waiting', 'ct', ARGV[3], 'at', now, 'dl', now + timeout, 'n', 0, 'ttl', ttl }
local function put(name, value)
  if value ~= '' then
    f[#f + 1] = name
    f[#f + 1] = value
  end
end
put('rp', reply)
put('cb', ARGV[8])
put('rid', ARGV[9])
put('tp', ARGV[10])
put('sc', ARGV[11])
put('fp', ARGV[14])
redis.call('HSET', job, (table.unpack or unpack)(f))
redis.call('PEXPIRE', job, timeout + ttl + 60000)
if idem ~= '' then
  redis.call('SET', p .. 'idem:' .. idem, id, 'PX', timeout + ttl)
end
redis.call('HINCRBY', p .. 'stats', 'arrivals', 1)
local minute = p .. 'series:' .. math.floor(second / 60)
if redis.call('HINCRBY', minute, 'a' .. (second % 60), 1) == 1 then
  redis.call('PEXPIRE', minute, 420000)
end
-- With many waiting nobody sleeps.
if depth < 64 then
  redis.call('PUBLISH', p .. 'wake', '1')
end
return { 'accepted', id, depth + 1, 0 }
