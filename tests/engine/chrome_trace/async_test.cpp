// SPDX-License-Identifier: GPL-3.0-or-later
// Async events become tasks, flows become links.
#include "tests/engine/chrome_trace/trace_sketch.h"

namespace interleave::chrome_trace {
namespace {

using Lines = std::vector<std::string>;

std::string event(std::string_view phase, std::string_view name, int ts, std::string_view more,
                  int pid = 1, int tid = 1) {
    return fmt::format(R"({{"ph":"{}","cat":"net","name":"{}","ts":{},"pid":{},"tid":{},{}}},)",
                       phase, name, ts, pid, tid, more);
}
std::string slice(std::string_view name, int ts, int dur, int tid, std::string_view more = "") {
    return fmt::format(R"({{"name":"{}","ph":"X","ts":{},"dur":{},"pid":1,"tid":{}{}}},)", name, ts,
                       dur, tid, more);
}

Lines tasksOf(const RecordingPtr& recording) {
    Lines names;
    for (const recording::TaskInfo& task : recording->tasks) {
        names.push_back(fmt::format("{} {}..{}", task.name, task.submittedNs, task.endNs));
    }
    return names;
}

Lines linksOf(const RecordingPtr& recording) {
    Lines lines;
    for (const recording::Link& link : recording->links) {
        EXPECT_EQ(link.kind, recording::LinkKind::Flow);
        lines.push_back(fmt::format("{}@{} -> {}@{}", recording->worker(link.from.worker).name,
                                    link.from.timeNs, recording->worker(link.to.worker).name,
                                    link.to.timeNs));
    }
    return lines;
}

TEST(Async, AnOperationIsATaskWithNestedSpans) {
    const RecordingPtr recording = importedEvents(
        event("b", "fetch", 10, R"("id":"0x1")") + event("b", "parse", 12, R"("id":"0x1")") +
        event("n", "byte", 13, R"("id":"0x1")") + event("e", "parse", 15, R"("id":"0x1")", 1, 2) +
        event("e", "fetch", 20, R"("id":"0x1")", 1, 2));
    EXPECT_EQ(tasksOf(recording), (Lines{"fetch 0x1 0..10000"}));
    EXPECT_EQ(spansOf(recording, "fetch 0x1"), (Lines{"fetch 0+10000 0", "parse 2000+3000 1"}));
    ASSERT_EQ(recording->marks.size(), 1u);
    EXPECT_EQ(trackNameOf(recording, recording->marks[0].track), "fetch 0x1");
    EXPECT_EQ(recording->marks[0].timeNs, 3000);
    EXPECT_EQ(recording->task(TaskId{1}).end, State::Done);
    EXPECT_EQ(recording->task(TaskId{1}).group, "fetch");
    EXPECT_TRUE(recording->workers.empty()) << "threads with nothing of their own are not shown";
}

TEST(Async, IdsOfNumbersAndStringsAreTheSame) {
    const RecordingPtr recording =
        importedEvents(event("b", "a", 0, R"("id":7)") + event("e", "a", 5, R"("id":"7")") +
                       event("b", "a", 1, R"("id":"8")"));
    EXPECT_EQ(tasksOf(recording), (Lines{"a 7 0..5000", "a 8 1000..5000"}));
    EXPECT_EQ(countOf(recording, "begins-without-end"), 1u);
    EXPECT_EQ(recording->task(TaskId{2}).end, State::Cancelled);
}

TEST(Async, CategoryAndScopeTellOperationsApart) {
    const std::string other =
        R"({"ph":"b","cat":"disk","name":"a","ts":1,"pid":1,"tid":1,"id":1},)";
    const RecordingPtr recording = importedEvents(event("b", "a", 0, R"("id":1)") + other +
                                                  event("b", "a", 2, R"("id":1,"scope":"s")") +
                                                  event("e", "a", 9, R"("id":1)"));
    EXPECT_EQ(recording->tasks.size(), 3u);
    EXPECT_EQ(countOf(recording, "begins-without-end"), 2u);
}

TEST(Async, LocalIdsBelongToTheirProcess) {
    const std::string local = R"("id2":{"local":"0x1"})";
    const std::string global = R"("id2":{"global":"0x1"})";
    const RecordingPtr recording =
        importedEvents(event("b", "l", 0, local, 1) + event("b", "l", 1, local, 2) +
                       event("e", "l", 2, local, 1) + event("e", "l", 4, local, 2) +
                       event("b", "g", 5, global, 1) + event("e", "g", 7, global, 2));
    EXPECT_EQ(tasksOf(recording), (Lines{"l 0x1 0..2000", "l 0x1 1000..4000", "g 0x1 5000..7000"}));
    EXPECT_EQ(countOf(recording, "begins-without-end"), 0u);
}

TEST(Async, TheOlderKindHasSteps) {
    const RecordingPtr into =
        importedEvents(event("S", "job", 0, R"("id":1)") +
                       event("T", "job", 2, R"("id":1,"args":{"step":"one"})") +
                       event("T", "job", 5, R"("id":1,"args":{"step":"two"})") +
                       event("F", "job", 9, R"("id":1)"));
    EXPECT_EQ(spansOf(into, "job 1"), (Lines{"job 0+9000 0", R"(one 2000+3000 1 {"step":"one"})",
                                             R"(two 5000+4000 1 {"step":"two"})"}));
    const RecordingPtr past =
        importedEvents(event("S", "job", 0, R"("id":1)") +
                       event("p", "job", 2, R"("id":1,"args":{"step":"one"})") +
                       event("p", "job", 5, R"("id":1,"args":{"step":"two"})") +
                       event("F", "job", 9, R"("id":1)"));
    EXPECT_EQ(spansOf(past, "job 1"), (Lines{"job 0+9000 0", R"(one 0+2000 1 {"step":"one"})",
                                             R"(two 2000+3000 1 {"step":"two"})"}));
}

TEST(Async, TooManyOperationsShareTracksByName) {
    std::string events;
    for (int i = 0; i < 6000; ++i) {
        events += event("b", i % 2 == 0 ? "even" : "odd", i, fmt::format(R"("id":{})", i));
        events += event("e", i % 2 == 0 ? "even" : "odd", i + 3, fmt::format(R"("id":{})", i));
    }
    const RecordingPtr recording = importedEvents(events);
    EXPECT_EQ(tasksOf(recording), (Lines{"even 0..6001000", "odd 1000..6002000"}));
    EXPECT_EQ(recording->tracks.at(0).spans.size() + recording->tracks.at(1).spans.size(), 6000u);
}

TEST(Flows, StepsAreLinkedInOrderOfTime) {
    const RecordingPtr recording = importedEvents(
        slice("a", 0, 10, 1) + slice("b", 20, 10, 2) + slice("c", 40, 10, 3) +
        event("f", "flow", 41, R"("id":1,"bp":"e")", 1, 3) + event("s", "flow", 5, R"("id":1)") +
        event("t", "flow", 21, R"("id":1)", 1, 2));
    EXPECT_EQ(linksOf(recording),
              (Lines{"thread 1@5000 -> thread 2@21000", "thread 2@21000 -> thread 3@41000"}));
}

TEST(Flows, WithoutABindingPointTheNextSliceIsMeant) {
    const RecordingPtr recording = importedEvents(
        slice("a", 0, 10, 1) + slice("outer", 15, 30, 2) + slice("next", 30, 5, 2) +
        event("s", "flow", 5, R"("id":1)") + event("f", "flow", 20, R"("id":1)", 1, 2));
    EXPECT_EQ(linksOf(recording), (Lines{"thread 1@5000 -> thread 2@30000"}));
}

TEST(Flows, NameCategoryAndIdTellThemApart) {
    const RecordingPtr recording = importedEvents(
        slice("a", 0, 10, 1) + slice("b", 0, 10, 2) + event("s", "one", 1, R"("id":1)") +
        event("f", "other", 2, R"("id":1,"bp":"e")", 1, 2));
    EXPECT_TRUE(recording->links.empty());
    EXPECT_EQ(countOf(recording, "ends-without-begin"), 1u);
}

TEST(Flows, SlicesBindThemselvesByAnId) {
    const RecordingPtr recording =
        importedEvents(slice("a", 0, 10, 1, R"(,"bind_id":"0x7","flow_out":true)") +
                       slice("b", 20, 10, 2, R"(,"bind_id":"0x7","flow_in":true,"flow_out":true)") +
                       slice("c", 40, 10, 3, R"(,"bind_id":"0x7","flow_in":true)"));
    EXPECT_EQ(linksOf(recording),
              (Lines{"thread 1@0 -> thread 2@20000", "thread 2@20000 -> thread 3@40000"}));
}

} // namespace
} // namespace interleave::chrome_trace
