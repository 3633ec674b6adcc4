// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever the bytes, the reader of lessons ends, with a lesson or with one sentence, and so do the
// readers of a student's answers to what it accepts.
#include "engine/base/check.h"
#include "engine/lesson/lesson.h"
#include "engine/lesson/prediction.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace interleave::lesson {

namespace {

void answer(const Question& question, std::string_view text) {
    const auto anyNumber = [](std::string_view name) {
        return std::optional(static_cast<double>(name.size()) - 8);
    };
    const auto predicted = parseAnswer(question, text.substr(0, 40));
    const auto right = rightAnswer(question, anyNumber);
    if (right) {
        CHECK(!textOf(question, *right).empty());
    }
    for (const auto& each : {predicted, right}) {
        if (const auto score = each ? scoreOf(question, *each, anyNumber) : fail("")) {
            CHECK(*score >= 0 && *score <= 1);
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto lesson = parseLesson(text, "fuzz/lesson.toml");
    if (!lesson) {
        CHECK(lesson.error().message.starts_with("fuzz/lesson.toml"));
        return 0;
    }
    CHECK(!lesson->runs.empty() && !lesson->questions.empty() && !lesson->phenomena.empty());
    for (const Question& question : lesson->questions) {
        answer(question, text);
        answer(question, "b");
        answer(question, "2,1");
    }
    return 0;
}

} // namespace interleave::lesson
