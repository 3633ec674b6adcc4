// SPDX-License-Identifier: GPL-3.0-or-later
// What the texts of a fault share: [[fault]] tables and --fault.
#pragma once

#include "engine/scenario/scenario.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace interleave::scenario {

/// In the order of Fault::Kind, as a scenario writes them.
inline constexpr std::array<std::string_view, 4> kFaultKinds{"kill-worker", "stop-broker",
                                                             "slow-consumer", "cut-connection"};
std::optional<Fault::Kind> faultKindNamed(std::string_view name);

/// Whether it lasts, and so has a length.
bool needsLength(Fault::Kind kind);
/// Whether it strikes one worker or consumer.
bool hasTarget(Fault::Kind kind);

inline constexpr std::uint32_t kMostTargets = 1'000'000;

} // namespace interleave::scenario
