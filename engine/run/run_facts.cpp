// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/run/run_facts.h"

#include <algorithm>
#include <ctime>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fstream>
#include <sched.h>
#include <sys/utsname.h>

namespace interleave::run {

namespace {

std::string machineLine() {
    std::string processor = "unknown processor";
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        if (line.starts_with("model name")) {
            processor = line.substr(std::min(line.size(), line.find(':') + 2));
            break;
        }
    }
    utsname kernel{};
    ::uname(&kernel);
    return fmt::format("{}, Linux {}", processor, kernel.release);
}

} // namespace

int coresOfThisProcess() {
    cpu_set_t set;
    CPU_ZERO(&set);
    return ::sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
}

recording::RunInfo factsOfNow() {
    recording::RunInfo info;
    info.cores = coresOfThisProcess();
    info.startedAt = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
    info.machine = machineLine();
    return info;
}

} // namespace interleave::run
