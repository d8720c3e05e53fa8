-- A receiver begins to receive, or begins again.
-- ARGV: id of the subscription, receiver, lease (ms), what it wants as JSON, 1 if that counts from now on or 0 if only where nobody has said it
local id, receiver, lease, wanted = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local subscriptions = prefix .. ':subscriptions'
local said = redis.call('HGET', subscriptions, id)
if not said or (ARGV[5] == '1' and said ~= wanted) then
    redis.call('HSET', subscriptions, id, wanted)
    redis.call('UNLINK', prefix .. ':routes')
end
-- From the beginning: the stream is this subscription's alone.
local made = redis.pcall('XGROUP', 'CREATE', place('stream', id), group, '0', 'MKSTREAM')
if type(made) == 'table' and made.err and string.sub(made.err, 1, 9) ~= 'BUSYGROUP' then
    return made
end
redis.call('ZADD', place('alive', id), now() + lease, receiver)
-- Of a temporary one whose process has crashed the stream has expired by itself; whoever comes removes what has not.
for _, other in ipairs(redis.call('HKEYS', subscriptions)) do
    if isTemporary(other) and redis.call('EXISTS', place('stream', other)) == 0 then
        remove(other)
    end
end
if isTemporary(id) then
    keepFor(id, lease)
end
return 1
