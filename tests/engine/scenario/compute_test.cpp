// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/compute.h"
#include "temporary_folder.h"

#include <cmath>
#include <gtest/gtest.h>
#include <set>

namespace interleave::scenario {
namespace {

constexpr std::array kKernels{Kernel::Integers, Kernel::Primes, Kernel::Sha256, Kernel::Memory};

std::vector<std::filesystem::path> filesIn(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) {
            files.push_back(entry.path());
        }
    }
    return files;
}

void expectPlausible(const ComputeSpeed& speed) {
    for (const double slicesPerSecond : speed.slicesPerSecond) {
        EXPECT_GT(slicesPerSecond, 1e3);
        EXPECT_LT(slicesPerSecond, 1e8);
    }
}

TEST(Compute, RunsEverySliceWithACheckPointAfterIt) {
    for (const Kernel kernel : kKernels) {
        int checks = 0;
        EXPECT_TRUE(compute(kernel, 25, [&] { return ++checks > 0; })) << nameOf(kernel);
        EXPECT_EQ(checks, 25) << nameOf(kernel);
    }
    EXPECT_TRUE(compute(Kernel::Integers, 0, [] { return false; }));
}

TEST(Compute, StopsAtTheCheckPointThatSaysSo) {
    int checks = 0;
    EXPECT_FALSE(compute(Kernel::Integers, 1'000'000'000, [&] { return ++checks < 3; }));
    EXPECT_EQ(checks, 3);
}

TEST(Compute, SliceDependsOnItsInput) {
    for (const Kernel kernel : kKernels) {
        std::set<std::uint64_t> results;
        for (std::uint64_t sink = 0; sink < 64; ++sink) {
            results.insert(runSlice(kernel, sink * 0x9e3779b97f4a7c15u));
        }
        EXPECT_GT(results.size(), 60u) << nameOf(kernel);
    }
}

TEST(ComputeSpeed, TurnsWorkIntoSlices) {
    const ComputeSpeed speed{{500'000, 1'000, 2'000'000, 500'000}};
    EXPECT_EQ(speed.slicesFor(Kernel::Integers, 20'000'000), 10'000u);
    EXPECT_EQ(speed.slicesFor(Kernel::Primes, 20'000'000), 20u);
    EXPECT_EQ(speed.slicesFor(Kernel::Integers, 0), 0u);
    EXPECT_EQ(speed.slicesFor(Kernel::Integers, 1), 1u); // some work is never none
}

TEST(ComputeSpeed, IsMeasuredOnceAndKept) {
    const TemporaryFolder folder;
    const ScopedVariable cache("XDG_CACHE_HOME", folder.path().string());
    bool isKept = false;
    for (int attempt = 0; attempt < 3 && !isKept; ++attempt) { // the machine may change its pace
        std::filesystem::remove_all(folder.path() / "interleave");
        const ComputeSpeed first = calibratedSpeed();
        expectPlausible(first);
        const auto files = filesIn(folder.path());
        ASSERT_EQ(files.size(), 1u); // and no draft left
        EXPECT_EQ(files[0].parent_path().filename(), "interleave");
        std::ifstream stream(files[0]);
        std::string key;
        std::getline(stream, key);
        std::string text = key;
        for (const double speed : first.slicesPerSecond) {
            text += '\n' + std::to_string(std::floor(speed * 1.02));
        }
        folder.write("interleave/" + files[0].filename().string(), text);
        isKept =
            calibratedSpeed().slicesPerSecond[0] == std::floor(first.slicesPerSecond[0] * 1.02);
    }
    EXPECT_TRUE(isKept);
}

TEST(ComputeSpeed, IsMeasuredAgainWhenTheCacheIsUnusable) {
    const TemporaryFolder folder;
    const ScopedVariable cache("XDG_CACHE_HOME", folder.path().string());
    calibratedSpeed();
    const auto files = filesIn(folder.path());
    ASSERT_EQ(files.size(), 1u);
    const std::string name = "interleave/" + files[0].filename().string();
    std::ifstream stream(files[0]);
    std::string key;
    std::getline(stream, key);
    const std::string contents[] = {
        "", "\xff\xfe\x00garbage", key, key + "\n1e6\n1e6\n", key + "\nnan\nnan\nnan\nnan\n",
        key + "\n-1\n-1\n-1\n-1\n", "kernels 0 of another processor\n9e7\n9e7\n9e7\n9e7\n",
        // Outdated, says the probe: far faster, far slower.
        key + "\n1001\n1001\n1001\n1001\n", key + "\n9e7\n9e7\n9e7\n9e7\n"};
    for (const std::string& content : contents) {
        folder.write(name, content);
        const ComputeSpeed speed = calibratedSpeed();
        expectPlausible(speed);
        EXPECT_GT(speed.slicesPerSecond[0], 1001) << content;
        EXPECT_LT(speed.slicesPerSecond[0], 9e7) << content;
    }
}

TEST(ComputeSpeed, NeedsNoPlaceForTheCache) {
    const TemporaryFolder folder;
    const auto file = folder.write("a file", "");
    const ScopedVariable cache("XDG_CACHE_HOME", (file / "below a file").string());
    expectPlausible(calibratedSpeed());
    const ScopedVariable relative("XDG_CACHE_HOME", "not/absolute");
    const ScopedVariable home("HOME", "");
    expectPlausible(calibratedSpeed());
    EXPECT_FALSE(std::filesystem::exists("not"));
}

} // namespace
} // namespace interleave::scenario
