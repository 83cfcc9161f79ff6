-- The rules that all scripts share; book.go has the same ones in Go. All keys begin with KEYS[1], the hash tag:
--
--   {tag}              hash: seen, when a script ran last; quiet, until when nobody gets a new room; epoch, the last one
--   {tag}:room:ROOM    hash, the room's last lease: node, epoch, at, ends (0: released), from (the epoch before a
--                      handover), digest and metadata
--   {tag}:nodes        hash: node -> its record
--   {tag}:fresh        sorted set: node -> until when its record is fresh
--   {tag}:held:NODE    sorted set: room -> until when the node holds it
--
-- ARGV[1] is the hour after which a script that is late does nothing (0: never), ARGV[2] the length of a lease,
-- ARGV[3] how long what has ended is remembered. All times are in milliseconds. Each answer begins with a word and the
-- hour.
local tag, by, length, memory = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

-- gap is how long no script may run before the registry counts as having been away, and what the clock may be put back
-- by without anybody noticing.
local gap = 2000

local now = hour()
if by > 0 and now > by then
  return {'late', now}
end

local clock = redis.call('HMGET', tag, 'seen', 'quiet', 'epoch')
local seen, quiet, last = tonumber(clock[1] or -1), tonumber(clock[2] or 0), tonumber(clock[3] or 0)
if seen < 0 or math.abs(now - seen) > gap then
  quiet = now + length
end
redis.call('HSET', tag, 'seen', now, 'quiet', quiet)
redis.call('PEXPIRE', tag, length + memory)
local calm = now >= quiet

-- written is a number as text that another script reads back as it was.
local function written(n)
  return string.format('%.0f', n)
end

local at, ends = written(now), written(now + length)

-- grain is by how much longer than memory things are kept, so that not every renewal has to say so.
local grain = memory / 4

local function key_of(room)
  return tag .. ':room:' .. room
end

-- remembered is the last lease of a room, or nil. Its metadata stays where it is: it may be long.
local function remembered(room)
  local f = redis.call('HMGET', key_of(room), 'node', 'epoch', 'at', 'ends', 'from', 'digest')
  if not f[1] then
    return nil
  end
  local l = {room = room, node = f[1], epoch = f[2], at = tonumber(f[3]), ends = tonumber(f[4]), from = f[5], digest = f[6] or ''}
  l.released = l.ends == 0
  -- A clock that went back makes no lease longer.
  l.held = now < l.ends and now >= l.at - gap
  return l
end

-- disown takes a room from the count of whoever had it.
local function disown(l)
  redis.call('ZREM', tag .. ':held:' .. l.node, l.room)
end

-- count counts rooms of a node: ends and name of each.
local function count(node, rooms)
  local held = tag .. ':held:' .. node
  redis.call('ZADD', held, unpack(rooms))
  redis.call('PEXPIRE', held, length + memory)
end

-- describe keeps what a holder says of a room.
local function describe(room, digest, metadata)
  redis.call('HSET', key_of(room), 'digest', digest, 'metadata', metadata)
end

-- give_up ends a lease before its time.
local function give_up(l)
  disown(l)
  redis.call('HSET', key_of(l.room), 'node', l.node, 'epoch', l.epoch, 'at', 0, 'ends', 0, 'from', '')
  redis.call('PEXPIRE', key_of(l.room), memory + grain)
end

-- hold makes l last from now, and leaves the counting to its caller. It may take the place of another's, its former.
local function hold(l)
  local key = key_of(l.room)
  if l.at then
    redis.call('HSET', key, 'at', at, 'ends', ends)
  else
    if l.former then
      disown(l.former)
    end
    redis.call('HSET', key, 'node', l.node, 'epoch', l.epoch, 'at', at, 'ends', ends, 'from', l.from)
  end
  if not l.at or math.floor(l.at / grain) ~= math.floor(now / grain) then
    redis.call('PEXPIRE', key, length + memory + grain)
  end
  l.ends = now + length
end

-- grant gives a room to a node, with an epoch that is greater than any before, and than those that were given before
-- everything was lost.
local function grant(former, room, node, from)
  last = math.max(last + 1, now)
  redis.call('HSET', tag, 'epoch', written(last))
  local l = {room = room, node = node, epoch = written(last), from = from, former = former}
  hold(l)
  count(node, {ends, room})
  return l
end

-- claimed is the lease of a room by which a node claims to hold it, if it does: it was not given to anybody else since.
-- What is not remembered was lost, if it is younger than all we know, or while holders tell what they hold.
local function claimed(room, node, epoch)
  local l, n = remembered(room), tonumber(epoch)
  if l and l.node == node and l.epoch == epoch then
    if l.released then
      return nil
    end
    return l
  end
  if n == 0 then
    return nil
  end
  if not l and (not calm or n > last) or l and n > tonumber(l.epoch) and (not calm or not l.held) then
    if n > last then
      last = n
      redis.call('HSET', tag, 'epoch', written(last))
    end
    return {room = room, node = node, epoch = epoch, from = '', digest = l and l.digest or '', former = l}
  end
  return nil
end

-- refused says why a node gets no new room, or is nil.
local function refused(node)
  local fresh = tonumber(redis.call('ZSCORE', tag .. ':fresh', node) or 0)
  if fresh <= now or fresh > now + length + gap then
    return {'unknown', now}
  end
  if cjson.decode(redis.call('HGET', tag .. ':nodes', node)).draining then
    return {'draining', now}
  end
  return nil
end

-- answer tells of a lease.
local function answer(word, l)
  local metadata = redis.call('HGET', key_of(l.room), 'metadata')
  return {word, now, l.node, l.epoch, math.max(l.ends - now, 0), metadata or ''}
end
