// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/processes/message.h"

#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>

namespace interleave::models {

TEST(Message, ChecksumIsThatOfTheBytesThatWereFilledIn) {
    for (const std::size_t size : {0u, 1u, 7u, 8u, 9u, 1000u}) {
        std::vector<std::byte> payload(size);
        const std::uint64_t sum = fillPayload(payload, 42);
        EXPECT_EQ(checksumOf(payload), sum) << size;
    }
}

TEST(Message, ChecksumNoticesAChangedByteAndExchangedWords) {
    std::vector<std::byte> payload(64);
    const std::uint64_t sum = fillPayload(payload, 1);
    std::vector<std::byte> changed = payload;
    changed[63] ^= std::byte{1};
    EXPECT_NE(checksumOf(changed), sum);
    std::vector<std::byte> exchanged = payload;
    std::swap_ranges(exchanged.begin(), exchanged.begin() + 8, exchanged.begin() + 8);
    EXPECT_NE(checksumOf(exchanged), sum);
}

TEST(Message, TravelsWholeThroughAPipeThatIsTooSmallForIt) {
    int fds[2];
    ASSERT_EQ(pipe(fds), 0);
    const int never = eventfd(0, 0);
    const std::vector<std::byte> sent =
        packMessage({MessageKind::Task, TaskId{7}, 2}, std::uint64_t{1} << 20);
    std::jthread writer([&] { EXPECT_EQ(writeWhole(fds[1], sent, never), PipeOutcome::Whole); });
    std::vector<std::byte> got(sent.size());
    EXPECT_EQ(readWhole(fds[0], got, never), PipeOutcome::Whole);
    writer.join();
    EXPECT_EQ(got, sent);
    Message header;
    std::memcpy(&header, got.data(), sizeof header);
    EXPECT_EQ(header.task, TaskId{7});
    EXPECT_EQ(checksumOf(std::span(got).subspan(sizeof header)), header.checksum);
    for (const int fd : {fds[0], fds[1], never}) {
        close(fd);
    }
}

TEST(Message, ReadingEndsWhenTheRunIsStopped) {
    int fds[2];
    ASSERT_EQ(pipe(fds), 0);
    const int stop = eventfd(1, 0);
    std::vector<std::byte> bytes(1);
    EXPECT_EQ(readWhole(fds[0], bytes, stop), PipeOutcome::Stopped);
    for (const int fd : {fds[0], fds[1], stop}) {
        close(fd);
    }
}

TEST(Message, ReadingEndsWhenTheOtherEndIsClosed) {
    int fds[2];
    ASSERT_EQ(pipe(fds), 0);
    close(fds[1]);
    const int never = eventfd(0, 0);
    std::vector<std::byte> bytes(1);
    EXPECT_EQ(readWhole(fds[0], bytes, never), PipeOutcome::Closed);
    close(fds[0]);
    close(never);
}

} // namespace interleave::models
