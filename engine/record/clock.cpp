// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/record/clock.h"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <string>
#include <string_view>

namespace interleave::record {

namespace {

constexpr std::int64_t kFirstEstimateNs = 1'000'000;
constexpr int kAnchorReadings = 20;

std::string readCpuInfo() {
    std::string text;
    if (std::FILE* file = std::fopen("/proc/cpuinfo", "re")) {
        char buffer[4096];
        for (std::size_t got = 0; (got = std::fread(buffer, 1, sizeof buffer, file)) > 0;) {
            text.append(buffer, got);
        }
        std::fclose(file);
    }
    return text;
}

bool hasWord(std::string_view line, std::string_view word) {
    for (std::size_t at = line.find(word); at != std::string_view::npos;
         at = line.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || line[at - 1] == ' ') && (end == line.size() || line[end] == ' ')) {
            return true;
        }
    }
    return false;
}

ClockKind kindOfThisMachine() {
#if defined(__x86_64__)
    if (hasInvariantTsc(readCpuInfo().c_str())) {
        return ClockKind::Tsc;
    }
#endif
    return ClockKind::Monotonic;
}

} // namespace

bool hasInvariantTsc(const char* cpuinfo) {
    bool isSeen = false;
    std::string_view text(cpuinfo);
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (!line.starts_with("flags")) {
            continue;
        }
        line.remove_prefix(std::min(line.find(':') + 1, line.size()));
        if (!hasWord(line, "constant_tsc") || !hasWord(line, "nonstop_tsc")) {
            return false;
        }
        isSeen = true;
    }
    return isSeen;
}

Clock Clock::start() {
    Clock clock;
    clock.kind = kindOfThisMachine();
    clock.origin = clock.readAnchor();
    if (clock.kind == ClockKind::Tsc) {
        while (monotonicNow() - clock.origin.monotonicNs < kFirstEstimateNs) {
        }
        const ClockAnchor later = clock.readAnchor();
        clock.nsPerTick = static_cast<double>(later.monotonicNs - clock.origin.monotonicNs) /
                          static_cast<double>(later.ticks - clock.origin.ticks);
    }
    return clock;
}

ClockAnchor Clock::readAnchor() const {
    if (kind == ClockKind::Monotonic) {
        const std::int64_t ns = monotonicNow();
        return {static_cast<std::uint64_t>(ns), ns};
    }
    // The reading that was disturbed least has the tightest bounds around it.
    ClockAnchor best;
    std::uint64_t tightest = std::numeric_limits<std::uint64_t>::max();
    for (int i = 0; i < kAnchorReadings; ++i) {
        const std::uint64_t before = read();
        const std::int64_t ns = monotonicNow();
        const std::uint64_t width = read() - before;
        if (width < tightest) {
            tightest = width;
            best = {before + width / 2, ns};
        }
    }
    return best;
}

std::uint64_t Clock::stampOfMonotonic(std::int64_t monotonicNs) const {
    if (monotonicNs <= origin.monotonicNs) {
        return 0;
    }
    const std::int64_t sinceOrigin = monotonicNs - origin.monotonicNs;
    if (kind == ClockKind::Monotonic) {
        return static_cast<std::uint64_t>(sinceOrigin);
    }
    // Between the origin and now the rate is known exactly; the first estimate would be off by
    // some 10 µs for each second since the origin.
    double rate = nsPerTick;
    const ClockAnchor now = readAnchor();
    if (now.monotonicNs - origin.monotonicNs > kFirstEstimateNs && now.ticks > origin.ticks) {
        rate = static_cast<double>(now.monotonicNs - origin.monotonicNs) /
               static_cast<double>(now.ticks - origin.ticks);
    }
    return static_cast<std::uint64_t>(static_cast<double>(sinceOrigin) / rate);
}

} // namespace interleave::record
