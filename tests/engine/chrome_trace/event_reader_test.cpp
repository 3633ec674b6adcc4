// SPDX-License-Identifier: GPL-3.0-or-later
// The fast way and the general one give the same, whatever order, spacing and values events have;
// a parser that was written by others is the judge of both.
#include "engine/chrome_trace/event_shape.h"
#include "engine/chrome_trace/json_scan.h"

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

namespace interleave::chrome_trace {
namespace {

std::string describe(const Event& event) {
    const auto number = [&](Event::Field field, Decimal value) {
        return event.has(field) ? fmt::format("{}.{:03}", value.ns, value.ps) : "-";
    };
    const auto text = [&](Event::Field field, std::string_view value) {
        return event.has(field) ? fmt::format("<{}>", value) : "-";
    };
    const auto identity = [&](Event::Field field, const Identity& value) {
        return event.has(field) ? fmt::format("{}<{}>", value.number, value.text) : "-";
    };
    return fmt::format("{} {} {} {} {} {} {} {} {} {} {} {} {}", event.phase, event.scope,
                       text(Event::Name, event.name), text(Event::Category, event.category),
                       number(Event::Time, event.time), number(Event::Duration, event.duration),
                       identity(Event::Pid, event.pid), identity(Event::Tid, event.tid),
                       text(Event::Id, event.id), text(Event::Args, event.args),
                       text(Event::BindId, event.bindId), event.idKind, event.fields);
}

/// Events as several programs would write them, each with a pattern of its own.
class RandomEvents {
public:
    explicit RandomEvents(unsigned seed)
        : m_random(seed) {}

    std::string next() {
        if (m_patterns.empty() || below(8) == 0) {
            m_patterns.push_back(pattern());
        }
        const Pattern& pattern =
            m_patterns[m_patterns.size() - 1 - below(std::min<std::size_t>(m_patterns.size(), 4))];
        std::string text = "{" + pattern.space;
        for (std::size_t i = 0; i < pattern.keys.size(); ++i) {
            text += (i == 0 ? "" : "," + pattern.space) + "\"" + pattern.keys[i] +
                    "\":" + pattern.space + value(pattern.keys[i], pattern.phase);
        }
        return text + "}";
    }

private:
    struct Pattern {
        std::vector<std::string> keys;
        std::string space;
        std::string phase;
    };

    std::size_t below(std::size_t bound) { return m_random() % bound; }
    std::string pick(std::vector<std::string> choice) { return choice[below(choice.size())]; }

    Pattern pattern() {
        Pattern made;
        made.keys = {"ph", "ts", "pid", "tid"};
        for (const char* key : {"name", "cat", "dur", "id", "args", "s", "bp", "tts", "tdur",
                                "cname", "bind_id", "id2", "sf", "a long key that nobody knows"}) {
            if (below(5) < (key == std::string_view("name") ? 5u : 2u)) {
                made.keys.push_back(key);
            }
        }
        std::ranges::shuffle(made.keys, m_random);
        made.space = pick({"", "", " ", "\n  ", "\t"});
        made.phase = pick({"X", "B", "E", "i", "C", "b", "s"});
        return made;
    }

    std::string number() {
        const std::string whole = std::to_string(m_random() >> below(32));
        return pick({whole, whole, whole + ".5", whole + ".123", whole + ".1234567",
                     whole + ".12345678901", "-" + whole, whole + "e2", "\"" + whole + "\""});
    }

    std::string value(const std::string& key, const std::string& phase) {
        if (key == "ph") {
            return "\"" + phase + "\"";
        }
        if (key == "ts" || key == "dur" || key == "tts" || key == "tdur") {
            return number();
        }
        if (key == "pid" || key == "tid") {
            return pick({std::to_string(below(5000)), std::to_string(below(5000)), "\"GPU\"", "-3",
                         "140737353000000", "null"});
        }
        if (key == "args") {
            return pick({"{}", "{ }", R"({"a":1})", R"({"text":"},{\"name\":\"x\""})",
                         R"({"deep":[{"x":[1,{}]}]})", "null", "[1]"});
        }
        if (key == "id2") {
            return pick({R"({"local":"0x1"})", R"({"global":"0x2"})", "{}"});
        }
        if (key == "s" || key == "bp") {
            return pick({"\"t\"", "\"g\"", "\"e\""});
        }
        return pick({"\"name\"", "\"a \\\"quoted\\\" one\"", "\"\"", "\"x\\u00e9\"", "12", "true",
                     "null", "\"a name that is longer than sixteen bytes\""});
    }

    std::mt19937 m_random;
    std::vector<Pattern> m_patterns;
};

TEST(EventShape, ReadsWhatTheGeneralReaderReads) {
    for (unsigned seed = 0; seed < 200; ++seed) {
        RandomEvents events(seed);
        ShapedReader shaped;
        EventReader general;
        for (int i = 0; i < 100; ++i) {
            const std::string json = events.next();
            const std::string text = json + ",{\"name\":" + std::string(kScanPadding, '\0');
            const char* end = text.data() + text.size() - kScanPadding;
            Event fast;
            Event slow;
            ASSERT_EQ(shaped.read(text.data(), end, fast), ReadResult::Event) << json;
            ASSERT_EQ(general.read(text.data(), end, slow), ReadResult::Event) << json;
            ASSERT_EQ(describe(fast), describe(slow)) << json;
            ASSERT_EQ(fast.end - fast.begin, static_cast<std::ptrdiff_t>(json.size())) << json;
        }
    }
}

TEST(EventShape, RefusesAnEventOfAnotherShape) {
    const auto padded = [](std::string text) { return text + std::string(kScanPadding, '\0'); };
    const std::string first = padded(R"({"name":"a","ph":"X","ts":1,"dur":2,"pid":1,"tid":1})");
    EventReader reader;
    Event event;
    const auto read = [&](const EventShape& shape, const std::string& text) {
        return shape.read(text.data(), text.data() + text.size() - kScanPadding, event);
    };
    ASSERT_EQ(reader.read(first.data(), first.data() + first.size(), event), ReadResult::Event);
    const auto shape = EventShape::of(event, reader.fields());
    ASSERT_TRUE(shape.has_value());
    EXPECT_TRUE(
        read(*shape, padded(R"({"name":"b","ph":"X","ts":7.25,"dur":0.5,"pid":9,"tid":8})")));
    EXPECT_EQ(event.time.ns, 7250);
    EXPECT_EQ(event.tid.number, 8);
    for (const char* other : {
             R"({"name":"b","ph":"B","ts":7,"dur":0,"pid":9,"tid":8})", // another phase
             R"({"name":"b","ph":"X","dur":7,"ts":0,"pid":9,"tid":8})", // another order
             R"({"name":"b","ph":"X","ts":7,"dur":0,"pid":9,"tid":8,"args":{}})",
             R"({"name": "b","ph":"X","ts":7,"dur":0,"pid":9,"tid":8})", // another spacing
             R"({"name":"b","ph":"X","ts":1e3,"dur":0,"pid":9,"tid":8})",
             R"({"name":"b","ph":"X","ts":7,"dur":0,"pid":9,"tid":8)", // cut
             R"({"name":"b","ph":"X","ts":7,"dur":)",
             R"({)",
         }) {
        EXPECT_FALSE(read(*shape, padded(other))) << other;
    }
}

/// What a parser that was written by others says of the fields we use.
TEST(EventReader, AgreesWithAnotherParser) {
    RandomEvents events(7);
    EventReader reader;
    for (int i = 0; i < 2000; ++i) {
        const std::string json = events.next();
        const std::string text = json + std::string(kScanPadding, '\0');
        Event event;
        ASSERT_EQ(reader.read(text.data(), text.data() + json.size(), event), ReadResult::Event);
        const nlohmann::json judge = nlohmann::json::parse(json);
        if (judge.contains("name") && judge["name"].is_string()) {
            EXPECT_EQ(decodeString(event.name), judge["name"].get<std::string>()) << json;
        }
        if (judge["ts"].is_number_integer()) {
            EXPECT_EQ(event.time.ns, judge["ts"].get<std::int64_t>() * 1000) << json;
        }
        if (judge["tid"].is_number()) {
            EXPECT_EQ(event.tid.number, judge["tid"].get<std::int64_t>()) << json;
        }
        if (event.has(Event::Args)) {
            EXPECT_EQ(nlohmann::json::parse(event.args), judge["args"]) << json;
        }
    }
}

TEST(EventReader, TheLastOfEqualKeysCounts) {
    const std::string text =
        R"({"name":"a","ph":"X","na\u006de":"b","ts":1,"ts":2})" + std::string(kScanPadding, '\0');
    EventReader reader;
    Event event;
    ASSERT_EQ(reader.read(text.data(), text.data() + text.size() - kScanPadding, event),
              ReadResult::Event);
    EXPECT_EQ(event.name, "b");
    EXPECT_EQ(event.time.ns, 2000);
    EXPECT_TRUE(reader.fields().empty()) << "no shape is learnt from such an event";
}

} // namespace
} // namespace interleave::chrome_trace
