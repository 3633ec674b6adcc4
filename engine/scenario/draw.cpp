// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/draw.h"

#include <bit>
#include <cmath>

namespace interleave::scenario {

namespace {

__extension__ using Wide = unsigned __int128;

// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
constexpr std::uint64_t mixed(std::uint64_t z) {
    z += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/// floor(a * b / 2^shift).
std::uint64_t scaled(std::uint64_t a, std::uint64_t b, int shift) {
    return static_cast<std::uint64_t>((Wide{a} * b) >> shift);
}

/// log2 of x / 2^63 for x in [2^63, 2^64), with 32 fractional bits: squaring doubles the
/// logarithm, each overflow beyond 2 is its next bit.
std::uint64_t fractionalLog2(std::uint64_t x) {
    std::uint64_t result = 0;
    for (int bit = 0; bit < 32; ++bit) {
        const Wide square = Wide{x} * x; // in [2^126, 2^128)
        const bool isAboveTwo = (square >> 127) != 0;
        x = static_cast<std::uint64_t>(square >> (isAboveTwo ? 64 : 63));
        result = result << 1 | (isAboveTwo ? 1u : 0u);
    }
    return result;
}

} // namespace

std::uint64_t drawBits(std::uint64_t seed, std::uint32_t task, std::uint64_t place) {
    return mixed(mixed(mixed(seed) ^ task) ^ place);
}

Nanoseconds drawDuration(const VariedDuration& duration, std::uint64_t bits) {
    if (duration.spread <= 0) {
        return duration.nominalNs;
    }
    const auto reach = static_cast<std::uint64_t>(
        std::llround(static_cast<double>(duration.nominalNs) * duration.spread));
    return duration.nominalNs - static_cast<Nanoseconds>(reach) +
           static_cast<Nanoseconds>(scaled(2 * reach + 1, bits, 64));
}

Nanoseconds drawUpTo(Nanoseconds most, std::uint64_t bits) {
    return static_cast<Nanoseconds>(scaled(static_cast<std::uint64_t>(most) + 1, bits, 64));
}

Nanoseconds drawExponential(Nanoseconds mean, std::uint64_t bits) {
    constexpr std::uint64_t kLn2 = 2'977'044'472; // ln 2 * 2^32
    const std::uint64_t u = bits | 1;             // -ln(u / 2^64); never 0
    const int zeros = std::countl_zero(u);
    const std::uint64_t log2 = (std::uint64_t{64 - 1} << 32) -
                               (static_cast<std::uint64_t>(zeros) << 32) +
                               fractionalLog2(u << zeros);
    const std::uint64_t minusLog2 = (std::uint64_t{64} << 32) - log2; // 32 fractional bits
    const std::uint64_t minusLn = scaled(minusLog2, kLn2, 32);
    return static_cast<Nanoseconds>(scaled(static_cast<std::uint64_t>(mean), minusLn, 32));
}

bool drawChance(double probability, std::uint64_t bits) {
    // 53 bits fit a double exactly; the comparison is exact on every platform.
    return static_cast<double>(bits >> 11) < probability * 9007199254740992.0;
}

} // namespace interleave::scenario
