// SPDX-License-Identifier: GPL-3.0-or-later
// A mistake in a scenario file and the sentence that names it.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace interleave::scenario {

struct RefusedText {
    std::string text;
    std::string message; // after "f.toml:"
};

inline void PrintTo(const RefusedText& mistake, std::ostream* stream) {
    *stream << mistake.text;
}

class ScenarioMistake : public testing::TestWithParam<RefusedText> {};

} // namespace interleave::scenario
