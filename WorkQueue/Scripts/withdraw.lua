-- id, state (cancelled | expired); a job past its deadline expires, any unfinished one can be cancelled. Returns its state before and after.
local id, state = ARGV[2], ARGV[3]
local final = { ok = true, rejected = true, failed = true, expired = true, cancelled = true }
local lib = library()
local f = redis.call('HMGET', p .. 'job:' .. id, 's', 'n', 'rp', 'ttl', 'cb', 'dl')
if not f[1] or final[f[1]] or (state == 'expired' and tonumber(f[6]) > now) then
  return { f[1], f[1] }
end
if f[1] == 'waiting' then
  redis.call('LREM', waiting, 1, id)
else
  redis.call('ZREM', p .. 'leases', id)
end
if state == 'expired' then
  lib.expire(id, f[2], f[3], f[4], f[5])
else
  lib.finish(id, 'cancelled', f[2], 'cancelled', 'The caller took the job back.', f[3], f[4], f[5])
end
return { f[1], state }
