// SPDX-License-Identifier: GPL-3.0-or-later
// Feeds the broker fuzzer's function without libFuzzer: one frame of each kind, then frames with
// bytes changed, cut and put together anew, the same at each run.
#include "engine/broker/memory_channel.h"
#include "engine/broker/wire.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <random>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace interleave::broker {
namespace {

constexpr int kRounds = 5'000;

using Frame = std::vector<std::byte>;

template <class T>
Frame frameOf(const T& value) {
    Frame frame;
    write(frame, value);
    return frame;
}

std::vector<Frame> corpus() {
    const Properties properties{
        .messageId = "1",
        .correlationId = "c",
        .replyTo = "r",
        .type = "t",
        .contentType = "text/plain",
        .headers = {{"a", std::int64_t{1}}, {"b", true}, {"c", std::string("x")}},
        .priority = 3,
        .isPersistent = true,
        .expirationNs = 5};
    const std::vector<std::byte> body(40, std::byte{7});
    std::vector<Frame> frames;
    for (const Request& request : std::vector<Request>{
             Publish{{"x", "k", properties, body, {}}, true}, Settle{.tag = 7, .isMultiple = true},
             Hello{},
             ExchangeSpec{.name = "x", .kind = routing::ExchangeKind::Topic, .alternate = "y"},
             QueueSpec{.name = "q",
             .messageTtlNs = 1,
             .maxLength = 2,
             .deadLetterExchange = "",
             .deadLetterKey = "k"},
             BindCall{"x", "q", {.key = "a.#", .headers = properties.headers}},
             NamedCall{NamedCallKind::Purge, "q"}, EnableConfirms{}, PrefetchCall{9},
             ConsumeCall{"q", {.isAutoAck = true, .tag = "t"}}, GetCall{"q", true}, Goodbye{}}) {
        frames.push_back(frameOf(request));
    }
    for (const Answer& answer : std::vector<Answer>{
             Delivery{"t", 1, true, "x", "k", properties, body, {{"q", "expired"}}},
             Confirmed{3, true, false}, Returned{"x", "k", "NO_ROUTE", properties, body},
             ConsumerCancelled{"t"}, Blocked{true, "low on memory"},
             Reply{Error{"no", ErrorKind::MissingPart}, {"q", 1, 2}, Delivery{}},
             Refused{Error{"no", ErrorKind::BadInput}}}) {
        frames.push_back(frameOf(answer));
    }
    return frames;
}

int feed(const Frame& bytes) {
    return LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                  bytes.size());
}

TEST(BrokerFuzz, FramesOfEachKindAreReadAsTheyWereWritten) {
    std::size_t requests = 0;
    std::size_t answers = 0;
    for (const Frame& frame : corpus()) {
        const auto inner = std::span(frame).subspan(sizeof(std::uint32_t));
        requests += parseRequest(inner) ? 1u : 0u;
        answers += parseAnswer(inner) ? 1u : 0u;
        EXPECT_EQ(feed(frame), 0);
    }
    EXPECT_GE(requests, std::variant_size_v<Request>);
    EXPECT_GE(answers, std::variant_size_v<Answer>);
}

TEST(BrokerFuzz, SurvivesChangedFrames) {
    const auto frames = corpus();
    std::mt19937 random(20240229); // the same numbers everywhere
    for (int round = 0; round < kRounds; ++round) {
        Frame bytes = frames[random() % frames.size()];
        const Frame& other = frames[random() % frames.size()];
        bytes.resize(random() % (bytes.size() + 1));
        bytes.insert(bytes.end(), other.begin(), other.end());
        for (auto changes = random() % 4; changes > 0; --changes) {
            bytes[random() % bytes.size()] = static_cast<std::byte>(random());
        }
        EXPECT_EQ(feed(bytes), 0);
    }
}

TEST(BrokerFuzz, SurvivesUrls) {
    const std::string letters = "a:/@%[]?#1 \n0";
    std::mt19937 random(20240229);
    for (int round = 0; round < kRounds; ++round) {
        std::string text(random() % 12, ' ');
        for (char& c : text) {
            c = letters[random() % letters.size()];
        }
        const auto bytes = std::as_bytes(std::span(text));
        EXPECT_EQ(feed({bytes.begin(), bytes.end()}), 0);
    }
}

} // namespace
} // namespace interleave::broker
