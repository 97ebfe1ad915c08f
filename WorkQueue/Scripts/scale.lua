-- get | set | raise | remove; set: replicas, min, max, paused; raise: replicas. Returns the record that holds.
local key = p .. 'scale'
local what = ARGV[2]
if what == 'remove' then
  redis.call('DEL', key)
  return false
elseif what == 'set' then
  local old = redis.call('HMGET', key, 'r', 'min', 'max', 'paused')
  redis.call('HSET', key, 'r', ARGV[3], 'min', ARGV[4], 'max', ARGV[5], 'paused', ARGV[6])
  redis.call('PEXPIRE', key, 15000)
  if old[1] ~= ARGV[3] or old[2] ~= ARGV[4] or old[3] ~= ARGV[5] or old[4] ~= ARGV[6] then
    redis.call('PUBLISH', p .. 'scaled', ARGV[3] .. ' ' .. ARGV[4] .. ' ' .. ARGV[5] .. ' ' .. ARGV[6])
  end
elseif what == 'raise' then
  local f = redis.call('HMGET', key, 'r', 'min', 'max', 'paused')
  if f[1] then
    local wanted = math.min(tonumber(ARGV[3]), tonumber(f[3]))
    if wanted > tonumber(f[1]) and f[4] ~= '1' then
      redis.call('HSET', key, 'r', wanted)
      redis.call('PUBLISH', p .. 'scaled', wanted .. ' ' .. f[2] .. ' ' .. f[3] .. ' ' .. f[4])
    end
  end
end
return redis.call('HMGET', key, 'r', 'min', 'max', 'paused')
