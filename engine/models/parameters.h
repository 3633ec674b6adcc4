// SPDX-License-Identifier: GPL-3.0-or-later
// The values of --set: read and checked against what a model says about its keys.
#pragma once

#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/models/model.h"

#include <optional>
#include <string>
#include <string_view>

namespace interleave::models {

/// "5 ms", "10 µs", "10us", "0.5 s", "200 ns"; nothing if it is no duration.
std::optional<Nanoseconds> parseDuration(std::string_view text);

/// An error says what the key allows. Ranges are those of ParameterInfo: "A to B" for durations and
/// counts, "a, b, c" for choices; a bool is "true" or "false", a command any text.
Result<void> checkValue(const ParameterInfo& parameter, const std::string& value);

/// Values of a resolved key; a key that the model does not have is a programmer's error.
Nanoseconds durationParameter(const Parameters& parameters, const std::string& key);
const std::string& textParameter(const Parameters& parameters, const std::string& key);

} // namespace interleave::models
