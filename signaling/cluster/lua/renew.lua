-- ARGV: room, node, epoch and digest of the metadata, for each lease. Answers for each with 0: not theirs; 1: renewed;
-- 2: renewed, and its metadata is another.
local list, counted = {'ok', now}, {}
for i = 4, #ARGV, 4 do
  local l = claimed(ARGV[i], ARGV[i + 1], ARGV[i + 2])
  list[#list + 1] = 0
  if l then
    hold(l)
    list[#list] = l.digest == ARGV[i + 3] and 1 or 2
    local rooms = counted[l.node] or {}
    counted[l.node] = rooms
    rooms[#rooms + 1] = ends
    rooms[#rooms + 1] = l.room
  end
end
for node, rooms in pairs(counted) do
  count(node, rooms)
end
return list
