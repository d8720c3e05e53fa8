-- Removes a subscription with all that it has.
-- ARGV: id of the subscription
-- Returns 1 if there was one, 0 if not, -1 if somebody receives from it.
local id = ARGV[1]
if redis.call('ZCOUNT', place('alive', id), now(), '+inf') > 0 then
    return -1
end
return remove(id)
