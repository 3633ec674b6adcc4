// SPDX-License-Identifier: GPL-3.0-or-later
// The work that compute steps do. A slice takes the same number of operations every time, whatever
// its input; about 2 us on a core of some 3 GHz. Who changes a kernel raises kKernelVersion in
// compute_speed.cpp.
#include "engine/scenario/compute.h"
#include "engine/scenario/sha256.h"

#include <bit>
#include <cstddef>
#include <memory>

namespace interleave::scenario {

namespace {

/// A chain of dependent multiplications: nothing to do in parallel, nothing to fetch.
std::uint64_t integersSlice(std::uint64_t sink) {
    for (int i = 0; i < 1450; ++i) {
        sink = std::rotl(sink * 0x9fb21c651e98df25u + 0x2545f4914f6cdd1du, 29);
    }
    return sink;
}

/// Trial division by every odd number up to a bound, without leaving early.
std::uint64_t primesSlice(std::uint64_t sink) {
    const auto number = static_cast<std::uint32_t>(sink >> 32 | 1);
    std::uint32_t divisors = 0;
    for (std::uint32_t divisor = 3; divisor < 2300; divisor += 2) {
        divisors += number % divisor == 0 ? 1u : 0u;
    }
    return (sink + divisors + 1) * 0x9fb21c651e98df25u;
}

std::uint64_t sha256Slice(std::uint64_t sink) {
    Sha256State state = kSha256Start;
    Sha256Block block{};
    block[0] = static_cast<std::uint32_t>(sink);
    block[1] = static_cast<std::uint32_t>(sink >> 32);
    for (int i = 0; i < 9; ++i) {
        sha256Compress(state, block);
        block[2] = state[0];
    }
    return std::uint64_t{state[0]} << 32 | state[1];
}

/// Walks over 4 MB in steps that no neighbour is reached by, so that caches, not registers, set
/// the pace. The buffer belongs to the thread and stays until it ends.
std::uint64_t memorySlice(std::uint64_t sink) {
    constexpr std::size_t kWords = (std::size_t{4} << 20) / sizeof(std::uint64_t);
    constexpr std::size_t kStride = 8 * 269; // 269 cache lines: prime, so every line gets its turn
    constexpr int kVisits = 800;
    thread_local const std::unique_ptr<std::uint64_t[]> buffer =
        std::make_unique<std::uint64_t[]>(kWords);
    sink = sink * 0x9fb21c651e98df25u | 1;
    std::size_t at = static_cast<std::size_t>(sink >> 40) % kWords;
    for (int i = 0; i < kVisits; ++i) {
        at = (at + kStride) % kWords;
        buffer[at] ^= sink;
        sink = std::rotl(sink, 7) + buffer[at];
    }
    return sink;
}

} // namespace

std::uint64_t runSlice(Kernel kernel, std::uint64_t sink) {
    switch (kernel) {
    case Kernel::Integers:
        return integersSlice(sink);
    case Kernel::Primes:
        return primesSlice(sink);
    case Kernel::Sha256:
        return sha256Slice(sink);
    case Kernel::Memory:
        return memorySlice(sink);
    }
    return sink;
}

} // namespace interleave::scenario
