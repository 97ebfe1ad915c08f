-- id, token, state (ok | rejected | retry | release), payload or code, message, busy µs, worker, max attempts, dead letter ms
-- A token that is not the job's current one changes nothing.
local id, token, state, a, b = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local job = p .. 'job:' .. id
local f = redis.call('HMGET', job, 's', 'tk', 'n', 'rp', 'ttl', 'cb')
if f[1] ~= 'running' or f[2] ~= token then
  return 'stale'
end
redis.call('ZREM', p .. 'leases', id)
local busy = tonumber(ARGV[7])
if busy > 0 then
  total('busy', busy)
  count('b', busy)
end
if state == 'ok' then
  finish(id, 'ok', f[3], a, nil, f[4], f[5], f[6])
  total('completions', 1)
  count('c', 1)
elseif state == 'rejected' then
  finish(id, 'rejected', f[3], a, b, f[4], f[5], f[6])
  total('rejections', 1)
  count('c', 1)
elseif state == 'release' then
  redis.call('HSET', job, 'n', tonumber(f[3]) - 1)
  again(id)
else
  total('failures', 1)
  count('n', 1)
  if tonumber(f[3]) >= tonumber(ARGV[9]) then
    bury(id, f[3], a, b, ARGV[8], f[4], f[6], tonumber(ARGV[10]))
    return 'buried'
  end
  again(id)
end
return 'done'
