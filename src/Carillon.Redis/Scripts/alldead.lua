-- Takes away all dead letters up to the one that is the last now, some at a time. They are not sent to anybody: together they may be more than an answer can carry.
-- ARGV: id of the subscription, 1 if they come again or 0 if not, how many at the most, the last one; empty the first time
-- Returns how many there were, and the last one; empty if there are no more up to it.
local id, replay, most, last = ARGV[1], ARGV[2] == '1', tonumber(ARGV[3]), ARGV[4]
local dead, count = place('dead', id), 0
if last == '' then
    local found = redis.call('XREVRANGE', dead, '+', '-', 'COUNT', 1)
    if not found[1] then
        return { 0, '' }
    end
    last = found[1][1]
end
while count < most do
    local found = redis.call('XRANGE', dead, '-', last, 'COUNT', 1)
    if not found[1] then
        return { count, '' }
    end
    if replay then
        replayDead(id, found[1][2])
    end
    count = count + redis.call('XDEL', dead, found[1][1])
end
return { count, last }
