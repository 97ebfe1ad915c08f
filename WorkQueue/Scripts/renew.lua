-- lease ms, then id and token of each; returns the ids that are no longer the caller's
local lost = {}
for i = 3, #ARGV, 2 do
  local f = redis.call('HMGET', p .. 'job:' .. ARGV[i], 's', 'tk')
  if f[1] == 'running' and f[2] == ARGV[i + 1] then
    redis.call('ZADD', p .. 'leases', now + tonumber(ARGV[2]), ARGV[i])
  else
    lost[#lost + 1] = ARGV[i]
  end
end
return lost
