// SPDX-License-Identifier: GPL-3.0-or-later
// Calibration: how many slices an idle core does in a second. Measured as the best of many short
// repeats in CPU time of this thread, so that other programs on the machine do not count; kept in
// a cache file for this processor and this build (INTERLEAVE_COMPUTE_BUILD, from CMake: a sanitizer
// makes the same work slower, another level of optimisation makes it another).
#include "engine/scenario/compute.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <unistd.h>

namespace interleave::scenario {

namespace fs = std::filesystem;

namespace {

constexpr int kKernelVersion = 1;
constexpr std::array kKernels{Kernel::Integers, Kernel::Primes, Kernel::Sha256, Kernel::Memory};
constexpr double kLeastSpeed = 1e3; // slices a second that can be believed
constexpr double kMostSpeed = 1e8;
/// A probe this far from the cached speed asks for a new measurement: the cores of a virtual
/// machine get faster and slower with what else its host does.
constexpr double kMostFaster = 1.25;
constexpr double kMostSlower = 0.85;

Nanoseconds threadCpuNs() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return Nanoseconds{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

/// Slices a second, the best of `repeats` runs of about `lengthNs`.
double bestSpeed(Kernel kernel, Nanoseconds lengthNs, int repeats) {
    const auto always = [] { return true; };
    const auto slices = static_cast<std::uint64_t>(std::max<Nanoseconds>(lengthNs / 2000, 8));
    double best = 0;
    for (int i = 0; i < repeats; ++i) {
        const Nanoseconds begin = threadCpuNs();
        compute(kernel, slices, always);
        const auto taken = static_cast<double>(std::max<Nanoseconds>(threadCpuNs() - begin, 1));
        best = std::max(best, static_cast<double>(slices) * 1e9 / taken);
    }
    return best;
}

std::string processorModel() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        if (line.starts_with("model name") || line.starts_with("CPU part")) {
            return line.substr(std::min(line.find(':') + 1, line.size()));
        }
    }
    return " unknown";
}

/// What a cached speed is valid for.
std::string cacheKey() {
    return fmt::format("kernels {} build {} {} processor{}", kKernelVersion,
                       INTERLEAVE_COMPUTE_BUILD, __VERSION__, processorModel());
}

std::optional<fs::path> cacheFile(const std::string& key) {
    const auto inEnvironment = [](const char* name) -> fs::path {
        const char* value = std::getenv(name);
        return value == nullptr ? fs::path() : fs::path(value);
    };
    fs::path folder = inEnvironment("XDG_CACHE_HOME");
    if (!folder.is_absolute()) {
        folder = inEnvironment("HOME");
        if (!folder.is_absolute()) {
            return std::nullopt;
        }
        folder /= ".cache";
    }
    std::uint64_t hash = 0xcbf29ce484222325u; // FNV-1a
    for (const char character : key) {
        hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001b3u;
    }
    return folder / "interleave" / fmt::format("compute-speed-{:016x}", hash);
}

std::optional<ComputeSpeed> readCache(const fs::path& file, const std::string& key) {
    std::ifstream stream(file);
    std::string line;
    if (!std::getline(stream, line) || line != key) {
        return std::nullopt;
    }
    ComputeSpeed speed;
    for (double& value : speed.slicesPerSecond) {
        if (!(stream >> value) || !(value >= kLeastSpeed && value <= kMostSpeed)) {
            return std::nullopt;
        }
    }
    return speed;
}

/// Another process may do the same at the same time: each writes a file of its own and renames it.
void writeCache(const fs::path& file, const std::string& key, const ComputeSpeed& speed) {
    std::error_code ignored;
    fs::create_directories(file.parent_path(), ignored);
    const fs::path draft = fmt::format("{}.{}", file.string(), ::getpid());
    {
        std::ofstream stream(draft);
        stream << key << '\n';
        for (const double value : speed.slicesPerSecond) {
            stream << fmt::format("{:.3f}\n", value);
        }
        if (!stream.flush()) {
            stream.close();
            fs::remove(draft, ignored);
            return;
        }
    }
    fs::rename(draft, file, ignored);
    if (ignored) {
        fs::remove(draft, ignored);
    }
}

/// About 2 ms. The memory kernel proves nothing: its pace follows what others do with the caches.
bool isOutdated(const ComputeSpeed& speed) {
    constexpr std::array probed{Kernel::Integers, Kernel::Primes, Kernel::Sha256};
    return std::any_of(probed.begin(), probed.end(), [&](Kernel kernel) {
        const double ratio =
            bestSpeed(kernel, 200'000, 4) / speed.slicesPerSecond[static_cast<std::size_t>(kernel)];
        return ratio > kMostFaster || ratio < kMostSlower;
    });
}

} // namespace

std::uint64_t ComputeSpeed::slicesFor(Kernel kernel, Nanoseconds work) const {
    if (work <= 0) {
        return 0;
    }
    const double slices = toSeconds(work) * slicesPerSecond[static_cast<std::size_t>(kernel)];
    return static_cast<std::uint64_t>(std::max(1LL, std::llround(slices)));
}

ComputeSpeed measureSpeed() {
    ComputeSpeed speed;
    for (const Kernel kernel : kKernels) {
        bestSpeed(kernel, 2'000'000, 1); // caches, buffer and clock rate warm up
        speed.slicesPerSecond[static_cast<std::size_t>(kernel)] = bestSpeed(kernel, 2'500'000, 12);
    }
    return speed;
}

ComputeSpeed calibratedSpeed() {
    const std::string key = cacheKey();
    const auto file = cacheFile(key);
    if (file) {
        if (const auto cached = readCache(*file, key); cached && !isOutdated(*cached)) {
            return *cached;
        }
    }
    const ComputeSpeed speed = measureSpeed();
    if (file) {
        writeCache(*file, key, speed);
    }
    return speed;
}

} // namespace interleave::scenario
