// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/record/session.h"
#include "engine/record/session_reader.h"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace interleave::record {
namespace {

TEST(BoundedPoll, TakesAFewChunksAtATimeAndEverythingInTheEnd) {
    const auto folder = std::filesystem::temp_directory_path() /
                        ("interleave-bounded-poll-" + std::to_string(getpid()));
    constexpr std::uint32_t kEvents = 20 * kEventsPerChunk;
    {
        auto session = SessionWriter::create(folder, {.populatedBytes = 1 << 17});
        ASSERT_TRUE(session);
        Writer writer = session->openStream({StreamRole::Control, session->clock().kind, "one"});
        for (std::uint32_t i = 1; i <= kEvents; ++i) {
            writer.emit(EventKind::Woken, i, 0);
        }
    }
    auto reader = SessionReader::open(folder);
    ASSERT_TRUE(reader);
    std::vector<std::uint32_t> seen;
    std::size_t most = 0;
    int polls = 0;
    const EventSink sink = [&](const StreamHeader&, std::span<const Event> events) {
        for (const Event& event : events) {
            if (event.kind() == EventKind::Woken) {
                seen.push_back(event.a);
            }
        }
    };
    while (const std::size_t count = reader->poll(sink, 2)) {
        most = std::max(most, count);
        ++polls;
    }
    std::filesystem::remove_all(folder);
    EXPECT_LE(most, 3 * kEventsPerChunk) << "two that are new and what was open";
    EXPECT_GE(polls, 8);
    ASSERT_EQ(seen.size(), kEvents);
    EXPECT_TRUE(std::ranges::is_sorted(seen));
}

} // namespace
} // namespace interleave::record
