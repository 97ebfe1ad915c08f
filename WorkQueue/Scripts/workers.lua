-- worker to take out, or '' to list
if ARGV[2] ~= '' then
  redis.call('ZREM', p .. 'workers', ARGV[2])
  redis.call('ZREM', p .. 'ready', ARGV[2])
  redis.call('DEL', p .. 'worker:' .. ARGV[2])
  return {}
end
local entries = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', p .. 'workers', now, '+inf')) do
  local entry = redis.call('GET', p .. 'worker:' .. id)
  if entry then
    entries[#entries + 1] = entry
  end
end
return entries
