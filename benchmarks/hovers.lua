-- Popups of many different people, in an order that no cache would like (a linear congruential
-- generator, so that each run asks for the same ones).
local people = tonumber(os.getenv("PEOPLE"))
local n = 0

wrk.headers["Cookie"] = os.getenv("COOKIE")

function request()
  n = (n * 1103515245 + 12345) % 2147483648
  return wrk.format("GET", "/user/person" .. math.floor(n / 65536) % people .. "/popup")
end
