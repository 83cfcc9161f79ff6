-- ARGV: node.
redis.call('ZREM', tag .. ':fresh', ARGV[4])
redis.call('HDEL', tag .. ':nodes', ARGV[4])
return {'ok', now}
