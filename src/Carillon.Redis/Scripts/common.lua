-- What all scripts share; it stands in front of each. KEYS[1] is the prefix of all keys, in braces, so that a cluster keeps them on one node.
--
-- PREFIX:subscriptions   hash: id -> what it wants, as JSON. Ids are k:KEY for durable ones, t:... for temporary ones
-- PREFIX:routes          hash: name of an event -> the ids that want it, as JSON; thrown away when a subscription changes
-- PREFIX:stream:ID       stream: the events of one subscription that are not done. Entries that were read stay until they are done; who has them is in the
--                        group 'carillon': a receiver, or 'again' (they come again), or 'wait' (another of their key is before them)
-- PREFIX:again:ID        sorted set: entries that come again, by when (ms)
-- PREFIX:attempts:ID     hash: entry -> how often it was refused
-- PREFIX:busy:ID         hash: key -> the entry of that key whose turn it is, if the order is kept
-- PREFIX:wait:N:ID:KEY   list: the entries of that key behind it
-- PREFIX:alive:ID        sorted set: receivers, by the end of their lease (ms)
-- PREFIX:dead:ID         stream: what was given up
-- PREFIX:bell:ID         stream of one entry: something became ready that is not new
local prefix = KEYS[1]
local group = 'carillon'

local function place(kind, id)
    return prefix .. ':' .. kind .. ':' .. id
end

-- With the length of the id, so that no id and key look like another id and key.
local function waiting(id, key)
    return prefix .. ':wait:' .. #id .. ':' .. id .. ':' .. key
end

local function now()
    local time = redis.call('TIME')
    return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local function isTemporary(id)
    return string.sub(id, 1, 2) == 't:'
end

local function ring(id)
    redis.call('XADD', place('bell', id), 'MAXLEN', '1', '*', 'n', '')
end

-- Takes an entry from whoever has it; it is given to somebody when its time has come.
local function comeAgain(id, entry, due)
    redis.call('XCLAIM', place('stream', id), group, 'again', '0', entry, 'JUSTID')
    redis.call('ZADD', place('again', id), due, entry)
end

-- The entry has no claim to its key any more: the next one of the key is ready.
local function passOn(id, key, entry)
    if key == '' or redis.call('HGET', place('busy', id), key) ~= entry then
        return
    end
    local next = redis.call('LPOP', waiting(id, key))
    if next then
        redis.call('HSET', place('busy', id), key, next)
        comeAgain(id, next, 0)
        ring(id)
    else
        redis.call('HDEL', place('busy', id), key)
    end
end

local function finish(id, key, entry)
    local stream = place('stream', id)
    redis.call('XACK', stream, group, entry)
    redis.call('XDEL', stream, entry)
    redis.call('HDEL', place('attempts', id), entry)
    passOn(id, key, entry)
end

-- What was given up, with why in front. Those of temporary subscriptions are dropped. A call takes no more than 8,000 arguments; nobody publishes so many.
local function bury(id, entry, fields, reason, parked)
    if not isTemporary(id) then
        local attempts = tonumber(redis.call('HGET', place('attempts', id), entry) or '0') + 1
        redis.call('XADD', place('dead', id), '*', 'carillon-reason', reason, 'carillon-parked', parked and 1 or 0, 'carillon-at', now(),
            'carillon-attempts', attempts, unpack(fields, 1, math.min(#fields, 7900)))
    end
end

-- Puts a dead letter back into the stream: behind the four fields that say why it was given up is the event as it came.
local function replayDead(id, fields)
    redis.call('XADD', place('stream', id), '*', unpack(fields, 9))
end

-- As the client counts it: an item is not free because it is empty.
local function sizeOf(fields)
    local size = 0
    for at = 1, #fields do
        size = size + #fields[at] + 32
    end
    return size
end

-- What a receiver has in hand goes back, uncounted, and the receiver is forgotten.
local function release(id, receiver)
    local stream = place('stream', id)
    local found
    repeat
        found = redis.call('XPENDING', stream, group, '-', '+', 500, receiver)
        for _, each in ipairs(found) do
            comeAgain(id, each[1], 0)
        end
    until #found == 0
    redis.call('XGROUP', 'DELCONSUMER', stream, group, receiver)
    redis.call('ZREM', place('alive', id), receiver)
    ring(id)
end

local function keysOf(id)
    local keys = {}
    for _, kind in ipairs({ 'stream', 'again', 'attempts', 'busy', 'alive', 'dead', 'bell' }) do
        keys[#keys + 1] = place(kind, id)
    end
    for _, key in ipairs(redis.call('HKEYS', place('busy', id))) do
        keys[#keys + 1] = waiting(id, key)
    end
    return keys
end

local function remove(id)
    for _, key in ipairs(keysOf(id)) do
        redis.call('UNLINK', key)
    end
    redis.call('UNLINK', prefix .. ':routes')
    return redis.call('HDEL', prefix .. ':subscriptions', id)
end

-- A temporary subscription is gone some time after its receiver has been seen last.
local function keepFor(id, lease)
    for _, key in ipairs(keysOf(id)) do
        redis.call('PEXPIRE', key, lease * 2)
    end
end

