-- Shows dead letters, as many as an answer can carry.
-- ARGV: id of the subscription, from which on, how many at the most, how many bytes, how many bytes of one
-- Returns a list of { entry, fields }; of one that is too large only why it was given up.
local dead, from, most, full, largest = place('dead', ARGV[1]), ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local shown, bytes = {}, 0
while #shown < most do
    local found = redis.call('XRANGE', dead, from, '+', 'COUNT', 1)
    if not found[1] then
        break
    end
    local fields = found[1][2]
    if sizeOf(fields) > largest then
        fields = { unpack(fields, 1, 8) }
    end
    bytes = bytes + sizeOf(fields)
    if bytes > full and #shown > 0 then
        break
    end
    shown[#shown + 1] = { found[1][1], fields }
    from = '(' .. found[1][1]
end
return shown
