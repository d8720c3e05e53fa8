-- Gives a receiver what is ready.
-- ARGV: id of the subscription, receiver, how many at the most, 1 if the order of keys is kept, how many bytes, how many bytes of one, 1 if an answer may have
-- been lost, and then the entries that the receiver knows it has
-- Returns a list of { entry, attempts before, fields }; after what to wait for new ones, in the stream and at the bell; in how many ms the next one comes
-- again, -1 for none; 1 if there is more to be looked at; and how many were too large for anybody. Or 'LOST' if others have taken over what the receiver had.
local id, receiver, most, ordered = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4] == '1'
local full, largest = tonumber(ARGV[5]), tonumber(ARGV[6])
local stream, again, busy = place('stream', id), place('again', id), place('busy', id)
local time = now()

if not redis.call('ZSCORE', place('alive', id), receiver) then
    return redis.error_reply('LOST The receiver has not been heard of for longer than its lease.')
end
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', place('alive', id), '-inf', time)) do
    if gone ~= receiver then
        release(id, gone)
    end
end

-- What was given with an answer that was lost is known to nobody.
if ARGV[7] == '1' then
    local known = {}
    for at = 8, #ARGV do
        known[ARGV[at]] = true
    end
    for _, each in ipairs(redis.call('XPENDING', stream, group, '-', '+', #ARGV + 10000, receiver)) do
        if not known[each[1]] then
            comeAgain(id, each[1], 0)
        end
    end
end

local taken, bytes, isFull, buried = {}, 0, false, 0

local function keyOf(fields)
    for at = 1, #fields, 2 do
        if fields[at] == 'carillon-key' then
            return fields[at + 1]
        end
    end
    return ''
end

-- One that does not fit any more comes with the next answer, and one that fits into none is given up.
local function give(entry, fields)
    local size = sizeOf(fields)
    if size > largest then
        bury(id, entry, fields, 'It has ' .. size .. ' bytes, of which a receiver can be given no more than ' .. largest .. '.', false)
        finish(id, keyOf(fields), entry)
        buried = buried + 1
    elseif isFull or (#taken > 0 and bytes + size > full) then
        comeAgain(id, entry, 0)
        isFull = true
    else
        taken[#taken + 1] = { entry, tonumber(redis.call('HGET', place('attempts', id), entry) or '0'), fields }
        bytes = bytes + size
    end
end

-- Somebody has removed the entry, or it was too many. Its key is not in it any more.
local function forget(entry)
    redis.call('HDEL', place('attempts', id), entry)
    local all = redis.call('HGETALL', busy)
    for at = 1, #all, 2 do
        if all[at + 1] == entry then
            passOn(id, all[at], entry)
        end
    end
end

for _, entry in ipairs(redis.call('ZRANGEBYSCORE', again, '-inf', time, 'LIMIT', 0, most)) do
    if isFull then
        break
    end
    redis.call('ZREM', again, entry)
    local claimed = redis.call('XCLAIM', stream, group, receiver, '0', entry)
    if claimed[1] then
        give(entry, claimed[1][2])
    else
        forget(entry)
    end
end

-- Those whose key is busy are put aside. How many are looked at has an end: others want the server too. First one and then
-- more at a time, as many as are likely to fit: only who has read them knows how large they are.
local looked, more, step = 0, 0, 1
while #taken < most and not isFull do
    if looked >= 500 then
        more = 1
        break
    end
    local fit = #taken > 0 and math.max(1, math.floor((full - bytes) * #taken / bytes)) or step
    local read = redis.call('XREADGROUP', 'GROUP', group, receiver, 'COUNT', math.min(most - #taken, step, fit), 'STREAMS', stream, '>')
    step = math.min(step * 2, 64)
    if not read then
        break
    end
    for _, each in ipairs(read[1][2]) do
        looked = looked + 1
        local entry, fields = each[1], each[2]
        local key = ordered and fields and keyOf(fields) or ''
        if key ~= '' and redis.call('HSETNX', busy, key, entry) == 0 then
            redis.call('XCLAIM', stream, group, 'wait', '0', entry, 'JUSTID')
            redis.call('RPUSH', waiting(id, key), entry)
        elseif fields then
            give(entry, fields)
        end
    end
end

if isFull then
    ring(id)
end
if isFull or buried > 0 then
    more = 1
end

local function lastOf(name)
    local last = redis.call('XREVRANGE', name, '+', '-', 'COUNT', 1)
    return last[1] and last[1][1] or '0-0'
end

-- Not the last entry that is there: it may be done and gone, and the next one may have come meanwhile.
local function lastEver()
    local about = redis.call('XINFO', 'STREAM', stream)
    for at = 1, #about, 2 do
        if about[at] == 'last-generated-id' then
            return about[at + 1]
        end
    end
end

local next = redis.call('ZRANGE', again, 0, 0, 'WITHSCORES')
return { taken, lastEver(), lastOf(place('bell', id)), next[2] and math.max(0, tonumber(next[2]) - time) or -1, more, buried }
