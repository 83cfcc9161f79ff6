-- ARGV: node, its record. Those that have not announced themselves for long are cleared away.
local fresh, nodes = tag .. ':fresh', tag .. ':nodes'
redis.call('ZADD', fresh, now + length, ARGV[4])
redis.call('HSET', nodes, ARGV[4], ARGV[5])
for _, node in ipairs(redis.call('ZRANGEBYSCORE', fresh, '-inf', now)) do
  redis.call('ZREM', fresh, node)
  redis.call('HDEL', nodes, node)
end
redis.call('ZREMRANGEBYSCORE', tag .. ':held:' .. ARGV[4], '-inf', now - memory)
redis.call('PEXPIRE', fresh, length + memory)
redis.call('PEXPIRE', nodes, length + memory)
return {calm and 'ok' or 'quiet', now}
