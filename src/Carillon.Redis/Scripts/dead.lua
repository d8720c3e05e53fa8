-- Takes dead letters away.
-- ARGV: id of the subscription, 1 if they come again or 0 if not, entries
-- Returns how many there were.
local id, replay = ARGV[1], ARGV[2] == '1'
local dead, count = place('dead', id), 0
for at = 3, #ARGV do
    if replay then
        local found = redis.call('XRANGE', dead, ARGV[at], ARGV[at])
        if found[1] then
            replayDead(id, found[1][2])
        end
    end
    count = count + redis.call('XDEL', dead, ARGV[at])
end
return count
