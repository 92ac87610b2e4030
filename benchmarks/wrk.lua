-- Asks for the lines of a file in turn, again from the first when they are all done: client, Accept-Encoding, address,
-- separated by tabs. Prints what happened as one line of JSON; times in microseconds.

local requests, last = {}, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local client, encoding, address = line:match("^(%S+)\t(%S+)\t(%S+)$")
    local headers = {Host = wrk.headers["Host"], ["Fly-Client-IP"] = client, ["Accept-Encoding"] = encoding}
    requests[#requests + 1] = wrk.format("GET", address, headers)
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end

function done(summary, latency)
  local found = {
    requests = summary.requests, bytes = summary.bytes, duration = summary.duration,
    p50 = latency:percentile(50), p95 = latency:percentile(95), p99 = latency:percentile(99), worst = latency.max,
  }
  for name, number in pairs(summary.errors) do found[name] = number end
  local parts = {}
  for name, number in pairs(found) do parts[#parts + 1] = string.format('"%s": %.0f', name, number) end
  io.write("\n{" .. table.concat(parts, ", ") .. "}\n")
end
