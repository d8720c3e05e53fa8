-- Takes dead letters away.
-- ARGV: id of the subscription, 1 if they come again or 0 if not, entries
-- Returns how many there were.
local id, replay = ARGV[1], ARGV[2] == '1'
local dead, count = place('dead', id), 0
for at = 3, #ARGV do
    local found = redis.call('XRANGE', dead, ARGV[at], ARGV[at])
    if found[1] then
        if replay then
            -- Behind the four fields that say why it was given up is the event as it came.
            redis.call('XADD', place('stream', id), '*', unpack(found[1][2], 9))
        end
        count = count + redis.call('XDEL', dead, ARGV[at])
    end
end
return count
