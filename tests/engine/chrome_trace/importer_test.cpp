// SPDX-License-Identifier: GPL-3.0-or-later
// Forms of files, names, marks, counters and what is counted because it can't be shown.
#include "tests/engine/chrome_trace/trace_sketch.h"

#include <set>

namespace interleave::chrome_trace {
namespace {

using Lines = std::vector<std::string>;

constexpr std::string_view kSlice = R"({"name":"a","ph":"X","ts":1,"dur":2,"pid":1,"tid":1})";

std::string sentenceOf(std::string_view bytes) {
    const auto recording = importTraceText(bytes, "t.json");
    return recording ? "" : recording.error().message;
}

TEST(Importer, ReadsTheFormsThatProgramsWrite) {
    const std::string a(kSlice);
    for (const std::string& form : {
             "{\"traceEvents\":[" + a + "]}",
             "{\"traceEvents\":[" + a + "],\"displayTimeUnit\":\"ns\",\"otherData\":{\"x\":[1]}}",
             "{\"metadata\":{\"a\":[\"]\"]},\n\"traceEvents\": [\n" + a + "\n]\n}\n",
             "[" + a + "]",
             "[" + a,
             "[" + a + ",",
             "[\n" + a + ",\n",
             "\xef\xbb\xbf[" + a + "]",
             a + "\n",
             "{\"trace\\u0045vents\":[" + a + "]}",
             "{\"traceEvents\":[],\"traceEvents\":[" + a + "]}",
         }) {
        const RecordingPtr recording = imported(form);
        EXPECT_EQ(spansOf(recording, "thread 1"), (Lines{"a 0+2000 0"})) << form;
        EXPECT_EQ(recording->diagnostics.size(), 1u) << form;
    }
}

TEST(Importer, AnEmptyListIsARecordingOfNothing) {
    for (const char* form : {"[]", "[", "{\"traceEvents\":[]}"}) {
        EXPECT_TRUE(imported(form)->tracks.empty()) << form;
    }
}

TEST(Importer, OtherFilesEndInASentence) {
    EXPECT_EQ(sentenceOf(""), "t.json is empty.");
    EXPECT_EQ(sentenceOf("  \n"), "t.json is empty.");
    EXPECT_EQ(sentenceOf("hello"), "t.json is not a Chrome trace: it is no JSON.");
    EXPECT_EQ(sentenceOf("{\"a\":1}"),
              "t.json is not a Chrome trace: it is JSON, but without a list \"traceEvents\".");
    EXPECT_EQ(sentenceOf("{\"traceEvents\":7}"),
              "t.json is not a Chrome trace: it is JSON, but without a list \"traceEvents\".");
    EXPECT_EQ(sentenceOf("{\"a\":1,"), "t.json ends before its \"traceEvents\" begin.");
    EXPECT_EQ(sentenceOf("{\"a\" 1}"),
              "t.json is not a Chrome trace: its JSON is damaged at byte 5.");
}

TEST(Importer, FilesThatCantBeReadEndInASentence) {
    const auto missing = importTrace("/nonexistent/trace.json");
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(missing.error().message,
              "/nonexistent/trace.json can't be opened (No such file or directory).");
    const auto folder = importTrace("/");
    ASSERT_FALSE(folder.has_value());
    EXPECT_EQ(folder.error().message, "/ is a folder, not a trace.");
}

TEST(Importer, ACutFileGivesWhatWasThere) {
    const std::string a(kSlice);
    for (const std::string& cut :
         {"{\"traceEvents\":[" + a + ",{\"name\":\"b", "{\"traceEvents\":[" + a, "[" + a + ",{\"na",
          "{\"traceEvents\":[" + a + "],\"x\":"}) {
        const RecordingPtr recording = imported(cut);
        EXPECT_EQ(spansOf(recording, "thread 1"), (Lines{"a 0+2000 0"})) << cut;
        EXPECT_EQ(countOf(recording, "cut-file"), 1u) << cut;
    }
}

TEST(Importer, GarbageBetweenEventsIsCountedAndSteppedOver) {
    const std::string a(kSlice);
    const RecordingPtr recording = imported("{\"traceEvents\":[7,null,\"text\",[1,{}]," + a +
                                            ",{\"name\" 1}," + a + ",!!," + a + "{\"a\":1}]}");
    EXPECT_EQ(recording->tracks.at(0).spans.size(), 3u);
    EXPECT_EQ(countOf(recording, "malformed-events"), 6u);
    EXPECT_EQ(countOf(recording, "events-without-phase"), 1u);
}

TEST(Importer, MetadataNamesAndOrdersThreads) {
    const auto slice = [](int pid, int tid) {
        return fmt::format(R"({{"name":"a","ph":"X","ts":1,"dur":1,"pid":{},"tid":{}}},)", pid,
                           tid);
    };
    const auto meta = [](const char* name, int pid, int tid, const char* args) {
        return fmt::format(R"({{"name":"{}","ph":"M","ts":0,"pid":{},"tid":{},"args":{{{}}}}},)",
                           name, pid, tid, args);
    };
    const RecordingPtr recording =
        importedEvents(slice(1, 1) + slice(1, 2) + slice(2, 3) + slice(2, 4) +
                       meta("process_name", 1, 0, R"("name":"browser")") +
                       meta("process_name", 2, 0, R"("name":"r\u00e9ndu")") +
                       meta("process_labels", 2, 0, R"("labels":"tab 1")") +
                       meta("process_sort_index", 2, 0, R"("sort_index":-5)") +
                       meta("thread_name", 1, 2, R"("name":"io")") +
                       meta("thread_name", 1, 9, R"("name":"idle")") +
                       meta("thread_sort_index", 1, 2, R"("sort_index":-1)") +
                       meta("num_cpus", 1, 1, R"("number":4)"));
    Lines workers;
    for (const recording::WorkerInfo& worker : recording->workers) {
        workers.push_back(fmt::format("{} {} {}", worker.name, worker.pid, worker.tid));
    }
    EXPECT_EQ(workers, (Lines{"thread 3 2 3", "thread 4 2 4", "io 1 2", "thread 1 1 1"}));
    ASSERT_EQ(recording->processes.size(), 2u);
    EXPECT_EQ(recording->processes[0].name, "réndu (tab 1)");
    EXPECT_EQ(recording->processes[1].name, "browser");
    EXPECT_EQ(recording->info.workers, 4);
    EXPECT_EQ(recording->range, (TimeRange{0, 1000})) << "names have no time";
}

TEST(Importer, PidsAndTidsMayBeNamesOrLarge) {
    const RecordingPtr recording =
        importedEvents(R"({"name":"a","ph":"X","ts":1,"dur":1,"pid":"GPU","tid":"queue \"0\""},)"
                       R"({"name":"b","ph":"X","ts":1,"dur":1,"pid":"12","tid":"34"},)"
                       R"({"name":"c","ph":"X","ts":2,"dur":1,"pid":12,"tid":34},)"
                       R"({"name":"d","ph":"X","ts":2,"dur":1,"pid":12,"tid":140737353000000},)"
                       R"({"name":"e","ph":"X","ts":2,"dur":1})");
    EXPECT_EQ(spansOf(recording, "queue \"0\"").size(), 1u);
    EXPECT_EQ(spansOf(recording, "thread 34").size(), 2u) << "a number in quotes is a number";
    EXPECT_EQ(spansOf(recording, "thread 140737353000000").size(), 1u);
    EXPECT_EQ(spansOf(recording, "thread 0").size(), 1u);
    ASSERT_EQ(recording->processes.size(), 3u);
    std::set<std::uint32_t> pids;
    for (const recording::ProcessInfo& process : recording->processes) {
        EXPECT_TRUE(pids.insert(process.pid).second);
    }
}

TEST(Importer, AReusedPidKeepsBothNamesAndSaysSo) {
    const RecordingPtr recording = importedEvents(
        R"({"name":"process_name","ph":"M","pid":1,"tid":1,"args":{"name":"first"}},)"
        R"({"name":"a","ph":"X","ts":1,"dur":1,"pid":1,"tid":1},)"
        R"({"name":"process_name","ph":"M","pid":1,"tid":1,"args":{"name":"second"}},)"
        R"({"name":"process_name","ph":"M","pid":1,"tid":1,"args":{"name":"first"}},)"
        R"({"name":"b","ph":"X","ts":100000,"dur":1,"pid":1,"tid":1})");
    EXPECT_EQ(recording->processes.at(0).name, "first / second");
    EXPECT_EQ(countOf(recording, "reused-ids"), 1u);
    EXPECT_EQ(spansOf(recording, "thread 1").size(), 2u);
}

TEST(Importer, InstantsBecomeMarksOfTheirScope) {
    const auto mark = [](const char* name, int ts, const char* scope) {
        return fmt::format(R"({{"name":"{}","ph":"{}","ts":{},"pid":3,"tid":4{}}},)", name,
                           ts % 2 == 0 ? "i" : "I", ts, scope);
    };
    const RecordingPtr recording =
        importedEvents(mark("everywhere", 1, R"(,"s":"g")") + mark("process", 2, R"(,"s":"p")") +
                       mark("thread", 3, R"(,"s":"t","args":{"x":1})") + mark("default", 4, "") +
                       R"({"name":"paint","ph":"R","ts":5,"pid":3,"tid":4})");
    ASSERT_EQ(recording->marks.size(), 5u);
    Lines marks;
    for (const recording::Mark& each : recording->marks) {
        marks.push_back(fmt::format("{} {} {} {}", recording->strings.text(each.name), each.timeNs,
                                    trackNameOf(recording, each.track), each.pid));
    }
    EXPECT_EQ(marks, (Lines{"everywhere 0 - 0", "process 1000 - 3", "thread 2000 thread 4 0",
                            "default 3000 thread 4 0", "paint 4000 thread 4 0"}));
    EXPECT_EQ(recording->details->text(recording->marks[2].detail), R"({"x":1})");
}

TEST(Importer, CountersHaveASeriesForEachArgument) {
    const auto counter = [](int ts, const char* args, const char* more = "", int pid = 1) {
        return fmt::format(R"({{"name":"mem","ph":"C","ts":{},"pid":{},"args":{{{}}}{}}},)", ts,
                           pid, args, more);
    };
    const RecordingPtr recording = importedEvents(
        counter(3, R"("heap":7,"stack":"2.5")") + counter(1, R"("heap":5,"stack":1,"bad":"x")") +
        counter(1, R"("v":-1e3)", "", 2) + counter(2, R"("v":4)", R"(,"id":"0xa")", 2) +
        counter(1, R"("v":-5)", "", 2));
    const std::string text = textOf(recording);
    EXPECT_NE(text.find("counter mem: heap 1 0:5 2000:7\n"), std::string::npos) << text;
    EXPECT_NE(text.find("counter mem: stack 1 0:1 2000:2.5\n"), std::string::npos) << text;
    EXPECT_NE(text.find("counter mem 2 0:-5\n"), std::string::npos) << text;
    EXPECT_NE(text.find("counter mem [0xa] 2 1000:4\n"), std::string::npos) << text;
    EXPECT_EQ(countOf(recording, "counter-values"), 1u);
}

TEST(Importer, WhatHasNoPlaceIsCountedByKind) {
    std::string events{kSlice};
    for (const char* phase : {"N", "D", "O", "O", "c", "P", "V", "v", "(", "Z", "XX", ""}) {
        events += fmt::format(R"(,{{"name":"x","ph":"{}","ts":1,"pid":1,"tid":1}})", phase);
    }
    const RecordingPtr recording = importedEvents(events);
    for (const char* kind : {"N", "D", "c", "P", "V", "v", "(", "Z"}) {
        EXPECT_EQ(countOf(recording, fmt::format("unshown-{}", kind)), 1u) << kind;
    }
    EXPECT_EQ(countOf(recording, "unshown-O"), 2u);
    EXPECT_EQ(countOf(recording, "events-without-phase"), 2u);
    EXPECT_EQ(recording->tracks.at(0).spans.size(), 1u);
}

TEST(Importer, SaysThatCoresAreNotKnown) {
    EXPECT_EQ(importedEvents(kSlice)->diagnostics.at(0).kind, "no-core-times");
    EXPECT_EQ(importedEvents(kSlice)->info.kernelTruth, "none");
}

TEST(Importer, NamesAreDecodedAndShared) {
    const RecordingPtr recording = importedEvents(
        R"({"name":"caf\u00e9 \ud83d\ude00 \ud800","ph":"X","ts":1,"dur":1,"pid":1,"tid":1},)"
        R"({"name":"café 😀 \udc00","ph":"X","ts":3,"dur":1,"pid":1,"tid":1},)"
        R"({"ph":"X","ts":5,"dur":1,"pid":1,"tid":1})");
    EXPECT_EQ(spansOf(recording, "thread 1"),
              (Lines{"café 😀 \ufffd 0+1000 0", "café 😀 \ufffd 2000+1000 0", " 4000+1000 0"}));
    EXPECT_EQ(recording->strings.size(), 2u) << "equal names are one string, however written";
}

TEST(Importer, FilesAreToldByTheirBeginning) {
    EXPECT_FALSE(isTraceFile("/nonexistent"));
    EXPECT_FALSE(isTraceFile("/dev/null"));
}

} // namespace
} // namespace interleave::chrome_trace
