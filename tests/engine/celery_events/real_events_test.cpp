// SPDX-License-Identifier: GPL-3.0-or-later
// What two workers of Celery 5.2.6 with events and one without really sent within a few seconds, as
// it arrived (celery_5_2_events.jsonl), beside what their tasks wrote down when they began and
// ended.
#include "tests/engine/celery_events/cluster_story.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>

namespace interleave::celery_events {
namespace {

Nanoseconds inNs(const nlohmann::json& seconds) {
    return static_cast<Nanoseconds>(seconds.get<double>() * 1e9);
}

struct Try {
    Nanoseconds beginNs = 0;
    Nanoseconds endNs = 0;
};

class RealEvents : public testing::Test {
protected:
    RealEvents() {
        std::ifstream stream(CLUSTER_PROGRAMS "/celery_5_2_events.jsonl");
        std::optional<Nanoseconds> asked;
        for (std::string line; std::getline(stream, line);) {
            const auto json = nlohmann::json::parse(line);
            if (json.contains("ask")) {
                asked = inNs(json["ask"]);
            } else if (json.contains("at")) {
                const std::string body = json["body"].dump();
                ParsedMessage parsed = parseMessage(std::as_bytes(std::span(body)));
                EXPECT_EQ(parsed.faults + parsed.unknowns, 0u) << body;
                for (ClusterEvent& event : parsed.events) {
                    event.arrivalNs = inNs(json["at"]);
                    m_story.add(std::move(event), asked);
                }
            } else {
                Try& attempt = m_tries[{json["id"], json["try"]}];
                (json["truth"] == "begin" ? attempt.beginNs : attempt.endNs) = inNs(json["m"]);
            }
        }
        m_recording = m_story.recordedToTheEnd();
    }

    std::string nameOfTask(const std::string& uuid) const {
        const auto found =
            std::ranges::find_if(m_recording->tasks, [&](const recording::TaskInfo& task) {
                return task.name.ends_with("[" + uuid + "]");
            });
        return found == m_recording->tasks.end() ? "" : found->name;
    }
    /// The times of a task's tries, and where the recording's time 0 lies among them.
    std::vector<TimeRange> runsOf(const std::string& uuid) const {
        std::vector<TimeRange> runs;
        for (std::uint32_t i = 0; i < m_recording->tasks.size(); ++i) {
            if (m_recording->tasks[i].name != nameOfTask(uuid)) {
                continue;
            }
            const auto track = m_recording->trackOf(recording::TrackKind::Task, i + 1);
            const recording::SpanColumns& spans = m_recording->track(*track).spans;
            for (std::size_t s = 0; s < spans.size(); ++s) {
                const recording::Span span = spans.at(s);
                if (span.state != State::Running) {
                    continue;
                }
                if (!runs.empty() && runs.back().endNs == span.range.beginNs) {
                    runs.back().endNs = span.range.endNs;
                } else {
                    runs.push_back(span.range);
                }
            }
        }
        return runs;
    }

    ClusterStory m_story;
    std::map<std::pair<std::string, int>, Try> m_tries;
    std::shared_ptr<const recording::Recording> m_recording;
};

TEST_F(RealEvents, TriesAreWhereTheTasksSayTheyWere) {
    std::vector<Nanoseconds> beginErrors;
    std::vector<Nanoseconds> runErrors;
    std::optional<Nanoseconds> zero;
    for (const auto& [key, truth] : m_tries) {
        const std::vector<TimeRange> runs = runsOf(key.first);
        if (runs.empty()) { // of the worker without events
            continue;
        }
        ASSERT_GT(runs.size(), static_cast<std::size_t>(key.second)) << key.first;
        const TimeRange run = runs[static_cast<std::size_t>(key.second)];
        zero = zero.value_or(truth.beginNs - run.beginNs); // any will do for differences
        beginErrors.push_back(std::abs(truth.beginNs - run.beginNs - *zero));
        // The one that was terminated wrote no end, and one that is to be tried again still had
        // its next try to send.
        const bool isLast = static_cast<std::size_t>(key.second) + 1 == runs.size();
        if (truth.endNs != 0 && isLast) {
            runErrors.push_back(std::abs(truth.endNs - truth.beginNs - run.durationNs()));
        }
    }
    ASSERT_GE(beginErrors.size(), 12u);
    // The machine was busy: the workers' main processes heard of begins some ms late.
    std::ranges::sort(beginErrors);
    EXPECT_LT(beginErrors[beginErrors.size() / 2], 20 * kMs);
    EXPECT_LT(beginErrors.back(), 60 * kMs);
    std::ranges::sort(runErrors);
    EXPECT_LT(runErrors[runErrors.size() / 2], 3 * kMs);
    EXPECT_LT(runErrors.back(), 100 * kMs); // one that failed: nobody told its run time
}

TEST_F(RealEvents, EachTaskEndsAsItDid) {
    std::map<State, int> ends;
    for (const recording::TaskInfo& task : m_recording->tasks) {
        ++ends[task.end];
        if (task.name.starts_with("work.fail")) {
            EXPECT_EQ(task.end, State::Failed);
        }
        if (task.name.starts_with("work.again")) {
            const std::string life = lifeOf(*m_recording, task.name);
            EXPECT_EQ(task.end, State::Done);
            std::size_t waits = 0;
            for (auto at = life.find("retrying"); at != std::string::npos; ++waits) {
                at = life.find("retrying", at + 1);
            }
            EXPECT_EQ(waits, 2u) << life;
        }
    }
    EXPECT_EQ(ends[State::Failed], 1);
    EXPECT_EQ(ends[State::Cancelled], 3) << "two revoked, one of the worker without events";
    EXPECT_EQ(m_story.state().tasks().counts().unsent, 0u);
    EXPECT_EQ(m_story.state().tasks().counts().redelivered, 0u);
    EXPECT_EQ(m_story.state().tasks().countOf(State::Running), 0u);
    EXPECT_EQ(m_story.state().tasks().countOf(State::Retrying), 0u);
}

TEST_F(RealEvents, ClocksOfOneMachineAreOne) {
    for (const auto& [name, node] : m_story.state().nodes()) {
        if (!node->isWorker) {
            continue;
        }
        const ClockEstimate estimate = node->clock.estimate();
        ASSERT_TRUE(estimate.errorNs) << name;
        EXPECT_LT(*estimate.errorNs, 10 * kMs);
        const auto& first = m_story.state().nodes().rbegin()->second->clock.estimate();
        EXPECT_LT(std::abs(estimate.offsetNs - first.offsetNs), *estimate.errorNs + *first.errorNs);
    }
}

TEST_F(RealEvents, WorkerWithoutEventsIsFoundByItsHeartbeats) {
    for (const auto& [name, node] : m_story.state().nodes()) {
        EXPECT_EQ(node->processedUnseen, name == "w3@vm" ? 1u : 0u) << name;
    }
}

} // namespace
} // namespace interleave::celery_events
