-- ARGV: room, node, epoch, digest, metadata, the node that gets it.
local room, node, epoch, to = ARGV[4], ARGV[5], ARGV[6], ARGV[9]
local l = remembered(room)
if l and l.held and l.node == to and l.from == epoch then
  return answer('ok', l)
end
local why = refused(to)
l = claimed(room, node, epoch)
if not l then
  return {'stale', now}
end
if why then
  return why
end
describe(room, ARGV[7], ARGV[8])
return answer('ok', grant(l.former or l, room, to, epoch))
