-- ARGV: room, node, epoch, digest, metadata, for each lease whose metadata is another. Answers for each with 1: kept,
-- or 0: not theirs.
local list = {'ok', now}
for i = 4, #ARGV, 5 do
  local l = remembered(ARGV[i])
  list[#list + 1] = 0
  if l and l.node == ARGV[i + 1] and l.epoch == ARGV[i + 2] and not l.released then
    redis.call('HSET', tag .. ':room:' .. l.room, 'digest', ARGV[i + 3], 'metadata', ARGV[i + 4])
    list[#list] = 1
  end
end
return list
