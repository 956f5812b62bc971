"""The steps of the inbox in Redis, in Lua: each runs whole or not at all, by the server's clock."""

# `lines` says of each unfinished update its line, `line:…` which updates a line has, `heads` which
# of them is held, or else the first. A free head is in `ready` (by its number), what is held in
# `held` (by the end of its lease; it stays there until somebody claims).
_NAMES = """
local P = KEYS[1]
local LINES, HEADS = P .. 'lines', P .. 'heads'
local READY, HELD = P .. 'ready', P .. 'held'
local function update_of(id) return P .. 'update:' .. id end
local function line_of(line) return P .. 'line:' .. line end
local function done_of(id) return P .. 'done:' .. id end
local function ring() redis.call('PUBLISH', P .. 'changed', '') end
local function now()
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function is_held(id)
    local till = redis.call('ZSCORE', HELD, id)
    return till and tonumber(till) > now()
end
local function settle(line)
    local ids = redis.call('ZRANGE', line_of(line), 0, -1)
    local head = ids[1]
    for _, id in ipairs(ids) do
        if is_held(id) then head = id break end
    end
    local before = redis.call('HGET', HEADS, line)
    if before then redis.call('ZREM', READY, before) end
    if not head then
        redis.call('HDEL', HEADS, line)
        return
    end
    redis.call('HSET', HEADS, line, head)
    if not is_held(head) then redis.call('ZADD', READY, head, head) end
end
local function give_back(id)
    redis.call('ZREM', HELD, id)
    settle(redis.call('HGET', LINES, id))
end
"""
RECEIVE = (
    _NAMES
    + """
local new = {}
for i = 1, #ARGV, 3 do
    local id, line, payload = ARGV[i], ARGV[i + 1], ARGV[i + 2]
    local known = redis.call('HEXISTS', LINES, id) + redis.call('EXISTS', done_of(id))
    new[#new + 1] = known == 0 and 1 or 0
    if known == 0 then
        redis.call('HSET', LINES, id, line)
        redis.call('HSET', update_of(id), 'payload', payload, 'stage', 0, 'attempts', 0)
        redis.call('ZADD', line_of(line), id, id)
        for _, later in ipairs(redis.call('ZRANGE', line_of(line), '(' .. id, '+inf', 'BYSCORE')) do
            if not is_held(later) then
                redis.call('ZREM', HELD, later)
                redis.call('HDEL', update_of(later), 'consumer')
            end
        end
        settle(line)
    end
end
ring()
return new
"""
)
CLAIM = (
    _NAMES
    + """
local consumer, limit, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local claims = {}
if limit < 1 then return claims end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', HELD, '-inf', now())) do
    give_back(id)
    if redis.call('HGET', HEADS, redis.call('HGET', LINES, id)) ~= id then
        redis.call('HDEL', update_of(id), 'consumer')
    end
end
local till = now() + lease
for _, id in ipairs(redis.call('ZRANGE', READY, 0, limit - 1)) do
    redis.call('ZREM', READY, id)
    redis.call('ZADD', HELD, till, id)
    redis.call('HSET', update_of(id), 'consumer', consumer)
    local attempts = redis.call('HINCRBY', update_of(id), 'attempts', 1)
    local known = redis.call('HMGET', update_of(id), 'payload', 'stage')
    claims[#claims + 1] = {id, redis.call('HGET', LINES, id), known[1], known[2], attempts}
end
return claims
"""
)
RENEW = (
    _NAMES
    + """
local till = now() + ARGV[2]
for i = 3, #ARGV do
    local id = ARGV[i]
    if redis.call('HGET', update_of(id), 'consumer') == ARGV[1] then
        redis.call('ZADD', HELD, till, id)
        settle(redis.call('HGET', LINES, id))
    end
end
"""
)
MARK = (
    _NAMES
    + """
for i = 1, #ARGV, 2 do
    if redis.call('HEXISTS', LINES, ARGV[i]) == 1 then
        redis.call('HSET', update_of(ARGV[i]), 'stage', ARGV[i + 1])
    end
end
"""
)
FINISH = (
    _NAMES
    + """
for i = 2, #ARGV do
    local id = ARGV[i]
    local line = redis.call('HGET', LINES, id)
    if line then
        redis.call('HDEL', LINES, id)
        redis.call('DEL', update_of(id))
        redis.call('SET', done_of(id), 1, 'EX', ARGV[1])
        redis.call('ZREM', line_of(line), id)
        redis.call('ZREM', READY, id)
        redis.call('ZREM', HELD, id)
        settle(line)
    end
end
ring()
"""
)
RELEASE = (
    _NAMES
    + """
local released = 0
for _, id in ipairs(redis.call('ZRANGE', HELD, 0, -1)) do
    if redis.call('HGET', update_of(id), 'consumer') == ARGV[1] then
        if is_held(id) then released = released + 1 end
        redis.call('HDEL', update_of(id), 'consumer')
        give_back(id)
    end
end
ring()
return released
"""
)
WAITING = "return redis.call('HLEN', KEYS[1] .. 'lines')"
CLAIMABLE = _NAMES + "return redis.call('ZCARD', READY) + redis.call('ZCOUNT', HELD, '-inf', now())"
