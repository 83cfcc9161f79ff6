-- ARGV: room.
local l = remembered(ARGV[4])
if not l then
  return {'unowned', now}
end
if not l.held then
  l.ends = 0
  return answer('unowned', l)
end
return answer('ok', l)
