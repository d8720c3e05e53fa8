-- Puts an event into the stream of each subscription that wants it.
-- ARGV: the name of the event; how many may wait in a subscription, 0 for any number; the fields of the entry
-- Returns how many have taken it, and how many older events had to go for it.
local name, most = ARGV[1], tonumber(ARGV[2])

local function segments(text)
    local found, from = {}, 1
    while true do
        local dot = string.find(text, '.', from, true)
        if not dot then
            found[#found + 1] = string.sub(text, from)
            return found
        end
        found[#found + 1] = string.sub(text, from, dot - 1)
        from = dot + 1
    end
end

local function skipAny(wanted, reached)
    for at = 1, #wanted do
        if reached[at] and wanted[at] == '#' then
            reached[at + 1] = true
        end
    end
end

-- Which beginnings of the pattern stand for the segments seen so far.
local function matches(wanted, given)
    local reached = { true }
    skipAny(wanted, reached)
    for _, segment in ipairs(given) do
        local next = {}
        for at = 1, #wanted do
            if reached[at] then
                if wanted[at] == '#' then
                    next[at] = true
                end
                if wanted[at] == '#' or wanted[at] == '*' or wanted[at] == segment then
                    next[at + 1] = true
                end
            end
        end
        skipAny(wanted, next)
        reached = next
    end
    return reached[#wanted + 1]
end

local function wantedBy()
    local given, ids = segments(name), {}
    local all = redis.call('HGETALL', prefix .. ':subscriptions')
    for at = 1, #all, 2 do
        for _, pattern in ipairs(cjson.decode(all[at + 1]).patterns) do
            if matches(segments(pattern), given) then
                ids[#ids + 1] = all[at]
                break
            end
        end
    end
    return ids
end

local routes = prefix .. ':routes'
local known = redis.call('HGET', routes, name)
local ids
if known then
    ids = cjson.decode(known)
else
    ids = wantedBy()
    -- Names may be made up at run time: what is remembered of them has an end.
    if redis.call('HLEN', routes) >= 1000 then
        redis.call('UNLINK', routes)
    end
    redis.call('HSET', routes, name, cjson.encode(ids))
end

local taken, trimmed = 0, 0
for _, id in ipairs(ids) do
    local stream = place('stream', id)
    local entry
    if isTemporary(id) then
        entry = redis.call('XADD', stream, 'NOMKSTREAM', '*', unpack(ARGV, 3))
    else
        entry = redis.call('XADD', stream, '*', unpack(ARGV, 3))
    end
    if entry then
        taken = taken + 1
        if most > 0 then
            trimmed = trimmed + redis.call('XTRIM', stream, 'MAXLEN', most)
        end
    else
        -- Its receiver has not been seen for so long that it has expired.
        remove(id)
    end
end
return { taken, trimmed }
