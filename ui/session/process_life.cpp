// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/process_life.h"

#include <charconv>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace interleave::ui {

namespace {

constexpr double kClockSlackSeconds = 2; // the time of the system's start is in whole seconds
constexpr int kStartField = 22;          // of /proc/PID/stat, counted from 1
constexpr int kFirstFieldAfterName = 3;

std::optional<double> bootSeconds() {
    std::ifstream stat("/proc/stat");
    for (std::string key; stat >> key;) {
        double value = 0;
        if (key == "btime" && stat >> value) {
            return value;
        }
        std::getline(stat, key);
    }
    return std::nullopt;
}

} // namespace

std::optional<double> startOfProcess(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    if (!std::getline(file, line)) {
        return std::nullopt;
    }
    // The name is in brackets and may hold anything, brackets too.
    const std::size_t nameEnd = line.rfind(')');
    const auto boot = bootSeconds();
    if (nameEnd == std::string::npos || !boot) {
        return std::nullopt;
    }
    std::istringstream fields(line.substr(nameEnd + 1));
    std::string state;
    std::string field;
    fields >> state;
    for (int i = kFirstFieldAfterName + 1; i <= kStartField; ++i) {
        fields >> field;
    }
    double ticks = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), ticks);
    const bool isDead = state == "Z" || state == "X"; // not yet waited for, but writes no more
    if (error != std::errc() || isDead) {
        return std::nullopt;
    }
    return *boot + ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

bool isWriterAlive(const std::filesystem::path& segment) {
    const std::string name = segment.filename().string(); // "123.seg" or "123-2.seg"
    pid_t pid = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (error != std::errc() || pid <= 0) {
        return false;
    }
    const auto start = startOfProcess(pid);
    struct stat status {};
    if (!start || ::stat(segment.c_str(), &status) != 0) {
        return false;
    }
    const double written = static_cast<double>(status.st_mtim.tv_sec) +
                           static_cast<double>(status.st_mtim.tv_nsec) * 1e-9;
    return *start <= written + kClockSlackSeconds;
}

} // namespace interleave::ui
