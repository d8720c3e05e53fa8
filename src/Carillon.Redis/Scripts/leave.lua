-- A receiver has stopped. With it goes a temporary subscription.
-- ARGV: id of the subscription, receiver
local id, receiver = ARGV[1], ARGV[2]
if isTemporary(id) then
    remove(id)
elseif redis.call('ZSCORE', place('alive', id), receiver) then
    release(id, receiver)
end
return 1
