-- ARGV: room.
local l = remembered(ARGV[4])
if not l then
  return {'unowned', now}
end
return answer(l.held and 'ok' or 'unowned', l)
