// SPDX-License-Identifier: GPL-3.0-or-later
// Hosts whose clocks are known, asked through networks whose delays are random; and what they
// recorded, read back from the session on the run's clock.
#include "engine/models/hosts/remote_host.h"

#include "engine/record/session_reader.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <random>
#include <unistd.h>

namespace interleave::models {
namespace {

class Session {
public:
    Session()
        : m_folder(std::filesystem::temp_directory_path() /
                   fmt::format("interleave-host-test-{}", getpid()))
        , writer(*record::SessionWriter::create(m_folder, {.populatedBytes = 1 << 16})) {}
    ~Session() { std::filesystem::remove_all(m_folder); }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Stamps of everything in segments of other hosts, in ns of the session.
    std::vector<Nanoseconds> timesOfHosts() const {
        auto reader = record::SessionReader::open(m_folder);
        std::vector<Nanoseconds> times;
        std::vector<std::pair<record::StreamHeader, std::uint64_t>> stamps;
        reader->poll(
            [&](const record::StreamHeader& header, std::span<const record::Event> events) {
                for (const record::Event& event : events) {
                    stamps.emplace_back(header, event.stamp());
                }
            });
        for (const auto& [header, stamp] : stamps) {
            if (reader->segments()[header.segment].host != 0) {
                times.push_back(reader->sessionNs(header, stamp));
            }
        }
        return times;
    }

private:
    std::filesystem::path m_folder;

public:
    record::SessionWriter writer;
};

struct FarClock {
    Nanoseconds aheadNs = 0; // of ours, at our time 0
    double ppm = 0;

    Nanoseconds at(Nanoseconds ours) const {
        return ours + aheadNs + static_cast<Nanoseconds>(static_cast<double>(ours) * ppm * 1e-6);
    }
};

/// Asks for `seconds`, five times a second, through delays of 0.2 ms and more, each way its own.
void ask(RemoteHost& host, const FarClock& clock, Nanoseconds from, double seconds,
         Nanoseconds originNs) {
    std::mt19937 random{11};
    std::exponential_distribution<double> extra{1.0};
    const auto delay = [&] { return static_cast<Nanoseconds>(2e5 + 1e6 * extra(random)); };
    for (int i = 0; i < static_cast<int>(seconds * 5); ++i) {
        const Nanoseconds asked = from + i * kSecond / 5;
        const Nanoseconds heard = asked + delay();
        const Nanoseconds answered = heard + 3 * delay(); // it had something else to do
        const Nanoseconds arrived = answered + delay();
        host.heardClock({asked, clock.at(heard), clock.at(answered), originNs, -1}, arrived);
    }
}

/// "... is X ms, plus or minus Y ms ..."
std::pair<double, double> saidBy(const RemoteHost& host) {
    double offset = 0;
    double error = -1;
    const std::string sentence = host.clockSentence().value_or("");
    const std::size_t at = sentence.find(" is ");
    if (at != std::string::npos) {
        std::sscanf(sentence.c_str() + at, " is %lf ms, plus or minus %lf ms", &offset, &error);
    }
    return {offset, error};
}

std::unique_ptr<RemoteHost> hostIn(Session& session) {
    return std::move(*RemoteHost::create(session.writer, {.host = "alpha"}, {1, 2}, "inbox"));
}

TEST(RemoteHost, TheTrueOffsetLiesWithinTheErrorThatIsSaid) {
    for (const FarClock clock : {FarClock{0, 0}, FarClock{-7000 * kSecond, 35},
                                 FarClock{86'400 * kSecond, -60}, FarClock{3 * kMs, 0}}) {
        for (const double seconds : {1.0, 20.0, 200.0}) {
            Session session;
            const auto host = hostIn(session);
            const Nanoseconds begin = session.writer.clock().origin.monotonicNs;
            ask(*host, clock, begin, seconds, clock.at(begin));
            const auto [offsetMs, errorMs] = saidBy(*host);
            const Nanoseconds end = begin + static_cast<Nanoseconds>(seconds * 1e9);
            const double trueMs = static_cast<double>(end - clock.at(end)) * 1e-6;
            // The sentence is of the last answer, a fifth of a second or less before the end.
            EXPECT_NEAR(offsetMs, trueMs, errorMs + 0.02) << clock.aheadNs << " " << seconds;
            EXPECT_LT(errorMs, 1.5 + seconds * 0.11) << clock.aheadNs;
            EXPECT_GT(errorMs, 0);
        }
    }
}

TEST(RemoteHost, EventsOfALongRunLieWhereTheyHappenedOnTheRunsClock) {
    Session session;
    const auto host = hostIn(session);
    const FarClock clock{-500 * kSecond, 45};
    const Nanoseconds begin = session.writer.clock().origin.monotonicNs;
    const Nanoseconds farOrigin = clock.at(begin);
    EventBlock block{0, 1, 10, 11, record::StreamRole::Worker, "worker 1", {}};
    std::vector<Nanoseconds> truth;
    for (Nanoseconds ours = kSecond; ours < 200 * kSecond; ours += kSecond) {
        truth.push_back(ours);
        const auto stamp = static_cast<std::uint64_t>(clock.at(begin + ours) - farOrigin);
        block.events.push_back(
            {stamp << 8 | static_cast<std::uint64_t>(record::EventKind::Woken), 1, 0});
    }
    host->record({block});
    ask(*host, clock, begin, 200, farOrigin);
    const auto times = session.timesOfHosts();
    ASSERT_EQ(times.size(), truth.size());
    const double errorMs = saidBy(*host).second;
    for (std::size_t i = 0; i < times.size(); ++i) {
        EXPECT_NEAR(static_cast<double>(times[i]) * 1e-6, static_cast<double>(truth[i]) * 1e-6,
                    errorMs)
            << i;
    }
    EXPECT_LT(errorMs, 8) << "45 ppm are 9 ms in 200 s: the drift was found";
}

TEST(RemoteHost, TakesWhatComesTwiceOnce) {
    Session session;
    const auto host = hostIn(session);
    EXPECT_TRUE(host->isNews(1));
    EXPECT_TRUE(host->isNews(2));
    EXPECT_FALSE(host->isNews(1));
    EXPECT_FALSE(host->isNews(2));
    EXPECT_TRUE(host->isNews(3));
    EXPECT_FALSE(host->isNews(0)) << "a number that is none";
}

TEST(RemoteHost, AnImpossibleAnswerChangesNothing) {
    Session session;
    const auto host = hostIn(session);
    host->heardClock({.askedNs = 50, .heardNs = 20, .answeredNs = 10}, 100);
    host->heardClock({.askedNs = 200, .heardNs = 10, .answeredNs = 20}, 100);
    EXPECT_EQ(host->answers(), 0u);
    EXPECT_FALSE(host->clockSentence());
}

} // namespace
} // namespace interleave::models
