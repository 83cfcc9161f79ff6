-- Answers with the record of each fresh node and how many rooms it holds.
local list = {'ok', now}
for _, node in ipairs(redis.call('ZRANGEBYSCORE', tag .. ':fresh', '(' .. written(now), now + length + gap)) do
  list[#list + 1] = redis.call('HGET', tag .. ':nodes', node)
  list[#list + 1] = redis.call('ZCOUNT', tag .. ':held:' .. node, '(' .. written(now), now + length + gap)
end
return list
