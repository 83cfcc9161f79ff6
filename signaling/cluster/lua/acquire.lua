-- ARGV: room, node.
local room, node = ARGV[4], ARGV[5]
local l = remembered(room)
if l and l.held then
  return answer(l.node == node and 'ok' or 'held', l)
end
local again = l and l.node == node and not l.released
if not calm and not again then
  return {'quiet', now}
end
local why = refused(node)
if why and not (again and why[1] == 'draining') then
  return why
end
if again then
  hold(l)
  count(node, {ends, room})
  return answer('ok', l)
end
return answer('ok', grant(l, room, node, ''))
