-- ARGV: room, node, epoch, digest, metadata, for each lease whose metadata is another. Nothing happens to what isn't
-- theirs.
for i = 4, #ARGV, 5 do
  local l = remembered(ARGV[i])
  if l and l.node == ARGV[i + 1] and l.epoch == ARGV[i + 2] and not l.released then
    describe(l.room, ARGV[i + 3], ARGV[i + 4])
  end
end
return {'ok', now}
