-- Popups of people at random, requested by all viewers in turn; the same sequence in each run.
--
-- PEOPLE is the number of people, COOKIES a file with one Cookie header per viewer and line.
local people = tonumber(os.getenv("PEOPLE"))
local cookies = {}
for cookie in io.lines(os.getenv("COOKIES")) do
  table.insert(cookies, cookie)
end

local viewer = 0
math.randomseed(1)

function request()
  viewer = viewer % #cookies + 1
  wrk.headers["Cookie"] = cookies[viewer]
  return wrk.format("GET", "/user/person" .. math.random(0, people - 1) .. "/popup")
end
