-- Carries out what a receiver has said of an event.
-- ARGV: id of the subscription, receiver, entry, key, what: ack, return, retry, dead, park; for retry the delay (ms); for dead and park the reason
-- Returns 0 if the receiver does not have the event any more: somebody else has it now, and what was said does not count.
local id, receiver, entry, key, what = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local stream = place('stream', id)
if #redis.call('XPENDING', stream, group, entry, entry, 1, receiver) == 0 then
    return 0
end

if what == 'return' then
    comeAgain(id, entry, 0)
    ring(id)
elseif what == 'retry' then
    redis.call('HINCRBY', place('attempts', id), entry, 1)
    comeAgain(id, entry, now() + tonumber(ARGV[6]))
    ring(id)
else
    if what ~= 'ack' and not isTemporary(id) then
        local found = redis.call('XRANGE', stream, entry, entry)
        if found[1] then
            bury(id, entry, found[1][2], ARGV[6], what == 'park')
        end
    end
    finish(id, key, entry)
end
return 1
