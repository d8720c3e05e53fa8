-- A receiver is still there.
-- ARGV: id of the subscription, receiver, lease (ms)
-- Returns 0 if others have taken over what it had.
local id, receiver, lease = ARGV[1], ARGV[2], tonumber(ARGV[3])
local alive = place('alive', id)
if not redis.call('ZSCORE', alive, receiver) then
    return 0
end
redis.call('ZADD', alive, now() + lease, receiver)
if isTemporary(id) then
    keepFor(id, lease)
end
return 1
