-- Shared by every script. KEYS[1] is the waiting list: all scripts of a queue declare it, so that a server which locks declared keys
-- runs them one after the other. ARGV[1] is the prefix of the queue's keys, which carries their common hash tag.
local p = ARGV[1]
local waiting = KEYS[1]
local clock = redis.call('TIME')
local second = tonumber(clock[1])
local now = second * 1000 + math.floor(tonumber(clock[2]) / 1000)

-- Made only where it is needed: most calls go the straight way and make no functions.
local function library()
  -- What happened in this second; a minute's counts share a key that forgets itself.
  local function count(field, by)
    local minute = p .. 'series:' .. math.floor(second / 60)
    if redis.call('HINCRBY', minute, field .. (second % 60), by) == by then
      redis.call('PEXPIRE', minute, 420000)
    end
  end

  local function total(field, by)
    redis.call('HINCRBY', p .. 'stats', field, by)
  end

  -- Ends a job: keeps the outcome, tells every waiting process, and leaves a callback if one was asked for.
  -- a, b: the payload, or the code and message of the error.
  local function finish(id, state, attempts, a, b, reply, ttl, callback)
    local job = p .. 'job:' .. id
    if state == 'ok' then
      redis.call('HSET', job, 's', state, 'o', a)
    else
      redis.call('HSET', job, 's', state, 'ec', a, 'em', b)
    end
    if state ~= 'failed' then
      redis.call('DEL', p .. 'body:' .. id)
      ttl = tonumber(ttl or 60000)
      if callback then
        ttl = math.max(ttl, 86400000)
      end
      redis.call('PEXPIRE', job, ttl)
    end
    if callback then
      redis.call('ZADD', p .. 'callbacks', now, id)
    end
    if reply then
      local message = id .. '\n' .. state .. '\n' .. attempts .. '\n' .. a
      if state ~= 'ok' then
        message = message .. '\n' .. b
      end
      for channel in string.gmatch(reply, '%S+') do
        redis.call('PUBLISH', channel, message)
      end
    end
  end

  local function expire(id, attempts, reply, ttl, callback)
    finish(id, 'expired', attempts or 0, 'deadline-exceeded', 'The deadline passed before the job was computed.', reply, ttl, callback)
    total('expirations', 1)
    count('n', 1)
  end

  -- The oldest dead letters: those beyond the newest 1000 lose their bodies and stay only as long as any result, for who asks and for a
  -- callback; those whose time is over are counted no longer.
  local function tidy()
    local dead = p .. 'dead'
    for _ = 1, 16 do
      local oldest = redis.call('LINDEX', dead, -1)
      if not oldest or (redis.call('LLEN', dead) <= 1000 and redis.call('EXISTS', p .. 'job:' .. oldest) == 1) then
        break
      end
      redis.call('RPOP', dead)
      redis.call('DEL', p .. 'body:' .. oldest)
      local f = redis.call('HMGET', p .. 'job:' .. oldest, 'ttl', 'cb')
      if f[1] then
        redis.call('PEXPIRE', p .. 'job:' .. oldest, f[2] and 86400000 or f[1])
      end
    end
  end

  -- After the last attempt: the body is kept beside the reason, so that the job can be replayed.
  local function bury(id, attempts, code, message, worker, reply, callback, keep)
    local job = p .. 'job:' .. id
    finish(id, 'failed', attempts, code, message, reply, nil, callback)
    redis.call('HSET', job, 'w', worker, 'da', now)
    redis.call('PEXPIRE', job, keep)
    redis.call('PEXPIRE', p .. 'body:' .. id, keep)
    redis.call('LPUSH', p .. 'dead', id)
    total('deadlettered', 1)
    tidy()
  end

  -- Back to the head of the list.
  local function again(id)
    redis.call('HSET', p .. 'job:' .. id, 's', 'waiting')
    redis.call('LPUSH', waiting, id)
    redis.call('PUBLISH', p .. 'wake', '1')
  end

  -- Expired leases: to the head of the list, or to the dead letters after the last attempt. The longest expired ends up first.
  local function reclaim(maxAttempts, keep)
    local lost = redis.call('ZRANGEBYSCORE', p .. 'leases', '-inf', now, 'LIMIT', 0, 32)
    for i = #lost, 1, -1 do
      local id = lost[i]
      redis.call('ZREM', p .. 'leases', id)
      local f = redis.call('HMGET', p .. 'job:' .. id, 's', 'n', 'w', 'dl', 'rp', 'ttl', 'cb')
      if f[1] == 'running' then
        total('failures', 1)
        count('n', 1)
        if tonumber(f[4]) <= now then
          expire(id, f[2], f[5], f[6], f[7])
        elseif tonumber(f[2]) >= maxAttempts then
          bury(id, f[2], 'worker-lost', 'Worker ' .. f[3] .. ' stopped during attempt ' .. f[2] .. ' of ' .. maxAttempts .. '.',
            f[3], f[5], f[7], keep)
        else
          again(id)
        end
      end
    end
    return #lost
  end

  -- Jobs answered in each of the last ten whole seconds, or in the last minute when that was nothing; nil when unknown.
  local function drainRate()
    for _, span in ipairs({ 10, 60 }) do
      local done = 0
      for s = second - span, second - 1 do
        done = done + tonumber(redis.call('HGET', p .. 'series:' .. math.floor(s / 60), 'c' .. (s % 60)) or 0)
      end
      if done > 0 then
        return done / span
      end
    end
    return nil
  end

  return {
    count = count, total = total, finish = finish, expire = expire, bury = bury, tidy = tidy, again = again, reclaim = reclaim, drainRate = drainRate,
  }
end
