// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/record/core_load.h"

#include <algorithm>
#include <charconv>
#include <fcntl.h>
#include <unistd.h>

namespace interleave::record {

CoreLoad::CoreLoad(long ticksPerSecond)
    : m_stepNs(1'000'000'000 / std::max(1L, ticksPerSecond)) {}

std::vector<CoreLoad::Value> CoreLoad::sample(std::string_view stat, std::int64_t nowNs,
                                              const std::vector<std::int64_t>& ourNs) {
    std::vector<Value> values;
    while (!stat.empty()) {
        const std::size_t end = stat.find('\n');
        const std::string_view line = stat.substr(0, end);
        stat.remove_prefix(end == std::string_view::npos ? stat.size() : end + 1);
        if (!line.starts_with("cpu")) {
            break;
        }
        int number = -1;
        std::from_chars(line.data() + 3, line.data() + line.size(), number);
        if (number < 0) {
            continue; // the line of all cores together
        }
        // user nice system idle iowait ...
        const std::int64_t idle =
            static_cast<std::int64_t>(numberAt(line, 4) + numberAt(line, 5)) * m_stepNs;
        const auto index = static_cast<std::size_t>(number);
        const std::int64_t ours = index < ourNs.size() ? ourNs[index] : 0;
        const auto [place, isNew] = m_cores.try_emplace(number, Core{nowNs, nowNs, idle, ours, 0});
        if (isNew) {
            continue;
        }
        Core& core = place->second;
        const std::int64_t busy = (nowNs - core.beginNs) - (idle - core.idleAtBegin);
        const std::int64_t others =
            std::max(core.othersNs, busy - (ours - core.oursAtBegin) - m_stepNs);
        const std::int64_t period = std::max<std::int64_t>(1, nowNs - core.lastNs);
        const std::int64_t perMille = (others - core.othersNs) * 1000 / period;
        values.push_back({number, static_cast<int>(std::clamp<std::int64_t>(perMille, 0, 1000))});
        core.othersNs = others;
        core.lastNs = nowNs;
    }
    return values;
}

std::string readProcStat() {
    std::string text;
    const int fd = open("/proc/stat", O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return text;
    }
    char buffer[8192];
    // The lines of cores come first; the long list of interrupts is not wanted.
    while (text.find("\nintr") == std::string::npos) {
        const ssize_t got = read(fd, buffer, sizeof buffer);
        if (got <= 0) {
            break;
        }
        text.append(buffer, static_cast<std::size_t>(got));
    }
    close(fd);
    return text;
}

} // namespace interleave::record
