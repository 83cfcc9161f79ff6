-- The hour, in milliseconds. Tests put a clock of their own in this place.
local function hour()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
