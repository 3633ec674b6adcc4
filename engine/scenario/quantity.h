// SPDX-License-Identifier: GPL-3.0-or-later
// Durations and sizes as a scenario file writes them: "20 ms", "20 ms ± 50 %", "64 kB".
// An error is only the reason, without a place: who reads the file knows where it stands.
#pragma once

#include "engine/base/time.h"
#include "engine/scenario/scenario.h"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace interleave::scenario {

inline constexpr Nanoseconds kLongestDuration = Nanoseconds{86'400} * 1'000'000'000;
inline constexpr std::uint64_t kLargestSize = std::uint64_t{1} << 30;

/// A number and one of ns, us, µs, ms, s; then "± N %" ("+-" will do) where it varies.
std::expected<VariedDuration, std::string> parseDuration(std::string_view text);

/// A number and one of B, kB, MB, GB (powers of 1000) or KiB, MiB, GiB (powers of 1024).
std::expected<std::uint64_t, std::string> parseSize(std::string_view text);

/// The shortest text that parseDuration() reads as the same value: "20 ms ± 50 %".
std::string textOf(const VariedDuration& duration);

} // namespace interleave::scenario
