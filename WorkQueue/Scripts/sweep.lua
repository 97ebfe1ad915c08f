-- max attempts, dead letter ms: what claims do on the way, for when no worker lives
local lib = library()
local touched = lib.reclaim(tonumber(ARGV[2]), tonumber(ARGV[3]))
for _ = 1, 64 do
  local id = redis.call('LINDEX', waiting, 0)
  if not id then
    break
  end
  local f = redis.call('HMGET', p .. 'job:' .. id, 's', 'dl', 'n', 'rp', 'ttl', 'cb')
  if f[1] == 'waiting' and tonumber(f[2]) > now then
    break
  end
  redis.call('LPOP', waiting)
  touched = touched + 1
  if f[1] == 'waiting' then
    lib.expire(id, f[3], f[4], f[5], f[6])
  end
end
return touched
