// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/span_query.h"

#include "engine/recording/recording_builder.h"
#include "tests/support/recording_sketch.h"

#include <gtest/gtest.h>

namespace interleave::analysis {
namespace {

using Field = SpanQuery::Field;

SpanQuery query(std::string_view text) {
    const auto result = spanQueryFrom(text);
    EXPECT_TRUE(result.has_value());
    return result.value_or(SpanQuery{});
}

/// Indices of the spans of the first track that match.
std::vector<std::size_t> matching(const recording::Recording& recording, std::string_view text,
                                  std::size_t track = 0) {
    const SpanMatcher matcher(recording, query(text));
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < recording.tracks[track].spans.size(); ++i) {
        if (matcher.matches(recording.tracks[track], i)) {
            found.push_back(i);
        }
    }
    return found;
}

/// One task "Dish 3": chops, waits for the stove that dish 1 has, and bakes.
std::shared_ptr<const recording::Recording> dish() {
    recording::RecordingBuilder builder;
    recording::TaskInfo info;
    info.name = "Dish 3";
    info.end = State::Done;
    recording::Span span;
    span.task = builder.addTask(info);
    span.range = {0, 1000};
    span.name = builder.intern("chop");
    builder.addTaskSpan(span);
    span.range = {1000, 5000};
    span.state = State::WaitingLock;
    span.name = builder.intern("bake");
    span.cause = builder.intern("stove held by Dish 1");
    builder.addTaskSpan(span);
    span.range = {5000, 25'000};
    span.state = State::Running;
    span.cause = {};
    builder.addTaskSpan(span);
    return builder.finish();
}

TEST(SpanQuery, ReadsWordsFieldsQuotesAndDurations) {
    const SpanQuery read = query("  Bake state:Ready \"held by\" >1.5ms <20us ");
    ASSERT_EQ(read.words.size(), 3u);
    EXPECT_EQ(read.words[0], (SpanQuery::Word{Field::Any, "bake"}));
    EXPECT_EQ(read.words[1], (SpanQuery::Word{Field::State, "ready"}));
    EXPECT_EQ(read.words[2], (SpanQuery::Word{Field::Any, "held by"}));
    EXPECT_EQ(read.longerThanNs, 1'500'000);
    EXPECT_EQ(read.shorterThanNs, 20'000);
    EXPECT_TRUE(query("   ").isEmpty());
    EXPECT_FALSE(query(">0ns").isEmpty());
}

TEST(SpanQuery, ADurationThatCannotBeReadEndsInASentence) {
    for (const char* text : {">soon", "<", ">5", ">-3ms", ">1e300s", "bake >5parsecs"}) {
        const auto result = spanQueryFrom(text);
        ASSERT_FALSE(result.has_value()) << text;
        EXPECT_TRUE(result.error().message.ends_with("for example, >1ms or <20us."));
    }
}

TEST(SpanQuery, FoldsLettersBeyondAscii) {
    EXPECT_EQ(folded("ÉTAPE Ωμ Жук Čas naïve 日本"), "étape ωμ жук čas naïve 日本");
    EXPECT_EQ(folded("\xC3"), "\xC3") << "a cut letter is no reason to read on";
}

TEST(SpanMatcher, FindsTasksStatesNamesAndCauses) {
    const auto recording = dish();
    EXPECT_EQ(matching(*recording, "dish 3"), (std::vector<std::size_t>{0, 1, 2}));
    EXPECT_EQ(matching(*recording, "waiting_LOCK"), (std::vector<std::size_t>{1}));
    EXPECT_EQ(matching(*recording, "bake"), (std::vector<std::size_t>{1, 2}));
    EXPECT_EQ(matching(*recording, "stove"), (std::vector<std::size_t>{1}));
    EXPECT_EQ(matching(*recording, "fridge"), (std::vector<std::size_t>{}));
}

TEST(SpanMatcher, EveryWordMustBeFound) {
    const auto recording = dish();
    EXPECT_EQ(matching(*recording, "bake running"), (std::vector<std::size_t>{2}));
    EXPECT_EQ(matching(*recording, "chop stove"), (std::vector<std::size_t>{}));
}

TEST(SpanMatcher, AFieldLooksInItsPlaceOnly) {
    const auto recording = dish();
    EXPECT_EQ(matching(*recording, "cause:\"dish 1\""), (std::vector<std::size_t>{1}));
    EXPECT_EQ(matching(*recording, "task:\"dish 1\""), (std::vector<std::size_t>{}));
    EXPECT_EQ(matching(*recording, "name:waiting"), (std::vector<std::size_t>{}));
    EXPECT_EQ(matching(*recording, "state:waiting"), (std::vector<std::size_t>{1}));
}

TEST(SpanMatcher, DurationsAreStrict) {
    const auto recording = dish();
    EXPECT_EQ(matching(*recording, ">4us"), (std::vector<std::size_t>{2}));
    EXPECT_EQ(matching(*recording, "<4us"), (std::vector<std::size_t>{0}));
    EXPECT_EQ(matching(*recording, "bake <20us"), (std::vector<std::size_t>{1}));
}

TEST(SpanMatcher, ALocksNameFindsItsHolds) {
    const auto recording = support::sketch("a: RRRR\nlock stove: aaa.\n");
    const auto track = recording->trackOf(recording::TrackKind::Lock, 1);
    ASSERT_TRUE(track.has_value());
    EXPECT_EQ(matching(*recording, "lock:stove", track->value - 1).size(), 1u);
    EXPECT_FALSE(SpanMatcher(*recording, query("lock:stove")).mayMatch(recording->tracks[0]));
    EXPECT_TRUE(SpanMatcher(*recording, query("lock:stove")).mayMatch(recording->track(*track)));
}

} // namespace
} // namespace interleave::analysis
