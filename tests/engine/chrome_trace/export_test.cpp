// SPDX-License-Identifier: GPL-3.0-or-later
// What Perfetto and chrome://tracing need to draw an export as it is meant: valid JSON, slices of a
// thread that nest, async events that open and close like brackets, arrows with both ends in a
// slice, exact times.
#include "engine/chrome_trace/export.h"
#include "engine/chrome_trace/export_text.h"
#include "engine/recording/recording_builder.h"
#include "tests/engine/chrome_trace/random_recording.h"
#include "tests/support/demo_recording.h"
#include "tests/support/generated_recording.h"
#include "tests/support/recording_sketch.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace interleave::chrome_trace {
namespace {

using nlohmann::json;

std::string exported(const recording::Recording& recording) {
    std::string text;
    const auto complete = exportTrace(recording, {.write = [&](std::string_view part) {
                                          text += part;
                                          return Result<void>{};
                                      }});
    EXPECT_TRUE(complete && *complete);
    return text;
}

/// The text of every "ts" and "dur" as a string, so that no double comes between.
json parsedExactly(std::string text) {
    for (const std::string key : {"\"ts\":", "\"dur\":"}) {
        std::string quoted;
        std::size_t from = 0;
        for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, from)) {
            at += key.size();
            const std::size_t end = text.find_first_not_of("-.0123456789", at);
            quoted += text.substr(from, at - from) + '"' + text.substr(at, end - at) + '"';
            from = end;
        }
        text = quoted + text.substr(from);
    }
    return json::parse(text);
}

Nanoseconds nanoseconds(const json& microseconds) {
    std::string digits = microseconds.get<std::string>();
    const std::size_t point = digits.find('.');
    EXPECT_EQ(digits.size() - point, 4U) << digits;
    digits.erase(point, 1);
    return std::stoll(digits);
}

struct Slice {
    Nanoseconds begin = 0;
    Nanoseconds end = 0;
};
using Rows = std::map<std::pair<std::int64_t, std::int64_t>, std::vector<Slice>>;

Rows slicesOf(const json& trace) {
    Rows rows;
    for (const json& event : trace["traceEvents"]) {
        if (event["ph"] == "X") {
            const Nanoseconds begin = nanoseconds(event["ts"]);
            rows[{event["pid"], event["tid"]}].push_back(
                {begin, begin + nanoseconds(event["dur"])});
        }
    }
    return rows;
}

void expectNested(Rows rows) {
    for (auto& [place, slices] : rows) {
        std::ranges::stable_sort(slices, [](const Slice& a, const Slice& b) {
            return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
        });
        std::vector<Nanoseconds> open;
        for (const Slice& slice : slices) {
            while (!open.empty() && open.back() <= slice.begin) {
                open.pop_back();
            }
            ASSERT_TRUE(open.empty() || slice.end <= open.back())
                << "a slice of thread " << place.second << " at " << slice.begin
                << " reaches beyond the one around it";
            open.push_back(slice.end);
        }
    }
}

/// As viewers do: sorted by time, in order of the file where times are equal.
void expectBracketed(const json& trace) {
    struct Point {
        Nanoseconds time;
        const json* event;
    };
    std::map<std::pair<std::string, std::string>, std::vector<Point>> rows;
    for (const json& event : trace["traceEvents"]) {
        if (event["ph"] == "b" || event["ph"] == "e") {
            rows[{event["cat"], event["id"]}].push_back({nanoseconds(event["ts"]), &event});
        }
    }
    for (auto& [id, points] : rows) {
        EXPECT_TRUE(std::ranges::is_sorted(points, {}, &Point::time)) << id.second;
        std::vector<std::string> open;
        for (const Point& point : points) {
            const std::string name = (*point.event)["name"];
            if ((*point.event)["ph"] == "b") {
                open.push_back(name);
            } else {
                ASSERT_FALSE(open.empty()) << id.second << " ends too often";
                ASSERT_EQ(open.back(), name) << id.second << " at " << point.time;
                open.pop_back();
            }
        }
        EXPECT_TRUE(open.empty()) << id.second << " has no end";
    }
}

void expectBound(const json& trace) {
    const Rows rows = slicesOf(trace);
    std::map<std::int64_t, int> ends;
    for (const json& event : trace["traceEvents"]) {
        if (event["ph"] != "s" && event["ph"] != "f") {
            continue;
        }
        ends[event["id"]] += event["ph"] == "s" ? 1 : 1000;
        const Nanoseconds time = nanoseconds(event["ts"]);
        const auto row = rows.find({event["pid"], event["tid"]});
        ASSERT_NE(row, rows.end());
        EXPECT_TRUE(std::ranges::any_of(
            row->second,
            [&](const Slice& slice) { return slice.begin <= time && time < slice.end; }))
            << "an arrow's end at " << time << " lies in no slice";
    }
    for (const auto& [id, count] : ends) {
        EXPECT_EQ(count, 1001) << "link " << id;
    }
}

TEST(Export, DrawsTheDemoAsItIs) {
    const json trace = parsedExactly(exported(*support::demoRecording()));
    EXPECT_EQ(trace["displayTimeUnit"], "ns");
    expectNested(slicesOf(trace));
    expectBracketed(trace);
    expectBound(trace);
}

TEST(Export, NestsWhateverTheSpansAreLike) {
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        const json trace = parsedExactly(exported(*randomRecording(seed)));
        SCOPED_TRACE(seed);
        expectNested(slicesOf(trace));
        expectBracketed(trace);
        expectBound(trace);
        if (testing::Test::HasFailure()) {
            break;
        }
    }
}

TEST(Export, BracketsLongTracksThatAreWrittenInParts) {
    const auto recording =
        support::generatedRecording({.spans = 50'000, .tracks = 2, .links = 100});
    const json trace = parsedExactly(exported(*recording));
    expectBracketed(trace);
    expectBound(trace);
}

TEST(Export, NamesProcessesAndThreads) {
    const json trace = parsedExactly(exported(*support::demoRecording()));
    std::set<std::string> processes;
    std::map<std::string, std::int64_t> threads;
    for (const json& event : trace["traceEvents"]) {
        if (event["name"] == "process_name") {
            processes.insert(event["args"]["name"]);
        } else if (event["name"] == "thread_name") {
            threads[event["args"]["name"]] = event["tid"];
        }
    }
    EXPECT_TRUE(processes.contains("Tasks"));
    EXPECT_TRUE(processes.contains("Locks"));
    EXPECT_TRUE(processes.contains("Cores"));
    EXPECT_TRUE(processes.contains("Queues"));
    EXPECT_EQ(threads["worker 1"], 200);
    EXPECT_TRUE(threads.contains("GIL"));
    EXPECT_TRUE(threads.contains("core 1"));
}

TEST(Export, CountsRunningTasksAndQueuedItems) {
    const auto recording = support::sketch("a: RRRR..RR\n"
                                           "b: ..RRRR\n"
                                           "queue jobs: 11.22\n");
    const json trace = parsedExactly(exported(*recording));
    std::map<std::string, std::vector<std::pair<Nanoseconds, int>>> counters;
    for (const json& event : trace["traceEvents"]) {
        if (event["ph"] == "C") {
            counters[event["name"]].emplace_back(nanoseconds(event["ts"]),
                                                 event["args"]["count"].get<int>());
        }
    }
    using Points = std::vector<std::pair<Nanoseconds, int>>;
    EXPECT_EQ(counters["running tasks"], (Points{{0, 1}, {2000, 2}, {4000, 1}, {8000, 0}}));
    EXPECT_EQ(counters["items in jobs"], (Points{{0, 1}, {2000, 0}, {3000, 1}, {5000, 0}}));
}

TEST(Export, GivesWorkersOfOneIdRowsOfTheirOwn) {
    recording::RecordingBuilder builder;
    for (int i = 0; i < 3; ++i) {
        recording::WorkerInfo info;
        info.name = "worker";
        info.pid = 7;
        info.tid = i == 2 ? 0 : 8;
        const WorkerId worker = builder.addWorker(std::move(info));
        builder.addWorkerSpan({.range = {0, 10}, .worker = worker});
    }
    const json trace = parsedExactly(exported(*builder.finish()));
    const Rows rows = slicesOf(trace);
    EXPECT_EQ(rows.size(), 3U);
    for (const auto& [place, slices] : rows) {
        EXPECT_EQ(place.first, 7);
        EXPECT_NE(place.second, 0);
    }
}

TEST(Export, StopsWhenAskedAndPassesErrorsOn) {
    const auto recording = support::generatedRecording({.spans = 200'000});
    std::stop_source stop;
    std::size_t written = 0;
    const auto stopped = exportTrace(*recording, {.write =
                                                      [&](std::string_view part) {
                                                          written += part.size();
                                                          stop.request_stop();
                                                          return Result<void>{};
                                                      },
                                                  .stop = stop.get_token()});
    ASSERT_TRUE(stopped);
    EXPECT_FALSE(*stopped);
    const auto failed = exportTrace(*recording, {.write = [&](std::string_view) -> Result<void> {
        return fail("The disk is full.");
    }});
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().message, "The disk is full.");
}

TEST(ExportText, WritesEveryNanosecondExactly) {
    const auto text = [](Nanoseconds ns) {
        char buffer[64];
        return std::string(buffer, writeMicroseconds(buffer, ns));
    };
    EXPECT_EQ(text(0), "0.000");
    EXPECT_EQ(text(1), "0.001");
    EXPECT_EQ(text(-1), "-0.001");
    EXPECT_EQ(text(1'000), "1.000");
    EXPECT_EQ(text(-1'234'567), "-1234.567");
    EXPECT_EQ(text(std::numeric_limits<Nanoseconds>::max()), "9223372036854775.807");
    EXPECT_EQ(text(std::numeric_limits<Nanoseconds>::min()), "-9223372036854775.808");
}

TEST(ExportText, SaysWhetherATextIsItself) {
    std::string text;
    EXPECT_TRUE(appendJsonString(text, std::string_view("a\"\\\n\x01\0\xc3\xa9", 8)));
    EXPECT_EQ(text, "\"a\\\"\\\\\\n\\u0001\\u0000\xc3\xa9\"");
    text.clear();
    EXPECT_FALSE(appendJsonString(text, "a\xff"));
    EXPECT_EQ(text, "\"a\xef\xbf\xbd\"");
    text.clear();
    appendExactString(text, "a\xff");
    EXPECT_EQ(text, "{\"hex\":\"61ff\"}");
}

} // namespace
} // namespace interleave::chrome_trace
