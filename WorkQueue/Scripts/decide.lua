-- name, version that was read, next state, record ('' for none), length of the history
local key = p .. 'decision:' .. ARGV[2]
local version = tonumber(redis.call('HGET', key, 'v') or 0)
if version ~= tonumber(ARGV[3]) then
  return 0
end
redis.call('HSET', key, 'v', version + 1, 'st', ARGV[4])
redis.call('PEXPIRE', key, 604800000)
if ARGV[5] ~= '' then
  local history = p .. 'decisions:' .. ARGV[2]
  redis.call('LPUSH', history, ARGV[5])
  redis.call('LTRIM', history, 0, tonumber(ARGV[6]) - 1)
  redis.call('PEXPIRE', history, 604800000)
end
return 1
