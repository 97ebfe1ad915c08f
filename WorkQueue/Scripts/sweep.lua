-- max attempts, dead letter ms: what claims do on the way, for when no worker lives
local lib = library()
local touched = lib.reclaim(tonumber(ARGV[2]), tonumber(ARGV[3]))
lib.tidy()

-- Ends those of 64 waiting jobs whose deadline has passed.
local function look(from)
  for _, id in ipairs(redis.call('LRANGE', waiting, from, from + 63)) do
    local f = redis.call('HMGET', p .. 'job:' .. id, 's', 'dl', 'n', 'rp', 'ttl', 'cb')
    if f[1] ~= 'waiting' or tonumber(f[2]) <= now then
      redis.call('LREM', waiting, 1, id)
      touched = touched + 1
      if f[1] == 'waiting' then
        lib.expire(id, f[3], f[4], f[5], f[6])
      end
    end
  end
end

-- The oldest at every call. Deadlines differ, so that one further back may pass first: the others have their turn 64 by 64.
look(0)
local rest = redis.call('LLEN', waiting) - 64
if rest > 0 then
  look(64 + 64 * (redis.call('HINCRBY', p .. 'stats', 'sweeps', 1) % math.ceil(rest / 64)))
end
return touched
