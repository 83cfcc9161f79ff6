-- ARGV: room, node, epoch, digest, metadata. What was released already stays so.
local room, node, epoch = ARGV[4], ARGV[5], ARGV[6]
local l = remembered(room)
if l and l.released and l.node == node and l.epoch == epoch then
  return {'ok', now}
end
l = claimed(room, node, epoch)
if not l then
  return {'stale', now}
end
if l.former then
  disown(l.former)
end
give_up(l)
describe(room, ARGV[7], ARGV[8])
return {'ok', now}
