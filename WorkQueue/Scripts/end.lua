-- id, token, state (ok | rejected | retry | release), payload or code, message, busy µs, worker, max attempts, dead letter ms
-- A token that is not the job's current one changes nothing.
local id, token, state, a, b = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local job = p .. 'job:' .. id
local f = redis.call('HMGET', job, 's', 'tk', 'n', 'rp', 'ttl', 'cb')
if f[1] ~= 'running' or f[2] ~= token then
  return 'stale'
end
redis.call('ZREM', p .. 'leases', id)
local stats, minute, inMinute = p .. 'stats', p .. 'series:' .. math.floor(second / 60), second % 60
if ARGV[7] ~= '0' then
  redis.call('HINCRBY', stats, 'busy', ARGV[7])
  redis.call('HINCRBY', minute, 'b' .. inMinute, ARGV[7])
end
if state == 'ok' and not f[6] then
  -- What nearly every job comes to, written out.
  redis.call('HSET', job, 's', 'ok', 'o', a)
  redis.call('DEL', p .. 'body:' .. id)
  redis.call('PEXPIRE', job, f[5])
  if f[4] then
    local message = id .. '\nok\n' .. f[3] .. '\n' .. a
    for channel in string.gmatch(f[4], '%S+') do
      redis.call('PUBLISH', channel, message)
    end
  end
  redis.call('HINCRBY', stats, 'completions', 1)
  if redis.call('HINCRBY', minute, 'c' .. inMinute, 1) == 1 then
    redis.call('PEXPIRE', minute, 420000)
  end
  return 'done'
end
local lib = library()
if state == 'ok' or state == 'rejected' then
  lib.finish(id, state, f[3], a, b, f[4], f[5], f[6])
  lib.total(state == 'ok' and 'completions' or 'rejections', 1)
  lib.count('c', 1)
elseif state == 'release' then
  redis.call('HSET', job, 'n', tonumber(f[3]) - 1)
  lib.again(id)
else
  lib.total('failures', 1)
  lib.count('n', 1)
  if tonumber(f[3]) >= tonumber(ARGV[9]) then
    lib.bury(id, f[3], a, b, ARGV[8], f[4], f[6], tonumber(ARGV[10]))
    return 'buried'
  end
  lib.again(id)
end
return 'done'
