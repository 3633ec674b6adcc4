// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/collector/session_text.h"

#include "engine/base/check.h"
#include "engine/collector/assemble.h"

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

namespace interleave::collector {

using record::EventKind;
using record::StreamRole;

namespace {

std::uint32_t number(const std::string& word) {
    return static_cast<std::uint32_t>(std::stoul(word));
}

StreamRole roleNamed(const std::string& word) {
    constexpr const char* kNames[] = {"worker", "control", "kernel", "sampler"};
    const auto* const found = std::ranges::find(kNames, word);
    CHECK(found != std::end(kNames));
    return static_cast<StreamRole>(found - std::begin(kNames));
}

class LineReader {
public:
    explicit LineReader(const Manifest& manifest)
        : m_manifest(manifest) {}

    TimedEvent read(const std::vector<std::string>& words) const {
        TimedEvent event;
        event.ns = std::stoll(words[0]) * kUnitNs;
        if (const auto state = words.size() > 2 ? stateNamed(words[2]) : std::nullopt) {
            readState(words, *state, event);
        } else if (words.size() > 3 && (words[2] == "acquired" || words[2] == "released")) {
            readLock(words, event);
        } else {
            readOther(words, event);
        }
        return event;
    }

private:
    std::uint32_t task(const std::string& name) const {
        if (name == "-") {
            return 0;
        }
        const auto found = std::ranges::find(m_manifest.tasks, name, &ManifestTask::name);
        CHECK(found != m_manifest.tasks.end());
        return static_cast<std::uint32_t>(found - m_manifest.tasks.begin()) + 1;
    }

    std::uint32_t object(const std::string& name) const {
        const auto found = std::ranges::find(m_manifest.objects, name, &ManifestObject::name);
        CHECK(found != m_manifest.objects.end());
        return static_cast<std::uint32_t>(found - m_manifest.objects.begin()) + 1;
    }

    void readState(const std::vector<std::string>& words, State state, TimedEvent& event) const {
        event.kind = record::kindOf(state);
        event.a = task(words[1]);
        record::StateDetail detail;
        for (std::size_t i = 3; i < words.size(); ++i) {
            if (words[i] == "detached") {
                detail.isDetached = true;
            } else if (words[i][0] == '@') {
                detail.object.value = object(words[i].substr(1));
            } else {
                const auto step = std::ranges::find(m_manifest.steps, words[i]);
                CHECK(step != m_manifest.steps.end());
                detail.step.value = static_cast<std::uint32_t>(step - m_manifest.steps.begin()) + 1;
            }
        }
        event.b = detail.pack();
    }

    void readLock(const std::vector<std::string>& words, TimedEvent& event) const {
        const bool isAcquire = words[2] == "acquired";
        event.kind = isAcquire ? EventKind::LockAcquired : EventKind::LockReleased;
        event.a = task(words[1]);
        event.b = object(words[3]);
        if (words.size() > 4) {
            CHECK(words[4] == "forced" || words[4] == "handoff");
            event.b |= (words[4] == "forced" ? 2u : 1u) << 16;
        }
    }

    void readOther(const std::vector<std::string>& words, TimedEvent& event) const {
        const std::string& what = words[1];
        const auto set = [&](EventKind kind, std::uint32_t a, std::uint32_t b) {
            event.kind = kind;
            event.a = a;
            event.b = b;
        };
        const auto word = [&](std::size_t i) { return number(words.at(i)); };
        if (what == "start" || what == "end") {
            set(what == "start" ? EventKind::ThreadStarted : EventKind::ThreadEnded, 0, 0);
        } else if (what == "spawned" || what == "woken") {
            set(what == "spawned" ? EventKind::Spawned : EventKind::Woken, task(words.at(2)),
                task(words.at(3)));
        } else if (what == "put" || what == "got") {
            set(what == "put" ? EventKind::QueuePut : EventKind::QueueGot, word(2),
                object(words.at(3)));
        } else if (what == "level") {
            set(EventKind::Level, word(2), word(3));
        } else if (what == "in") {
            set(EventKind::SwitchedIn, word(2), word(3));
        } else if (what == "out") {
            set(EventKind::SwitchedOut, word(2),
                word(3) | (words.size() > 4 ? record::kPreempted : 0));
        } else if (what == "lost") {
            set(EventKind::KernelLost, word(2), word(3));
        } else if (what == "cpu") {
            set(EventKind::ThreadCpuTime, word(2) * static_cast<std::uint32_t>(kUnitNs), 0);
        } else if (what == "rss") {
            set(EventKind::MemoryRss, word(2), word(3));
        } else if (what == "load") {
            set(EventKind::OtherLoad, word(2), word(3));
        } else if (what == "ran") {
            set(EventKind::RunTime, word(2), word(3));
        } else {
            readMessage(words, event);
        }
    }

    void readMessage(const std::vector<std::string>& words, TimedEvent& event) const {
        static const std::map<std::string, EventKind> kKinds{
            {"published", EventKind::MessagePublished},
            {"confirmed", EventKind::MessageConfirmed},
            {"refused", EventKind::MessageConfirmed},
            {"unroutable", EventKind::MessageUnroutable},
            {"returned", EventKind::MessageUnroutable},
            {"routed", EventKind::MessageRouted},
            {"delivered", EventKind::MessageDelivered},
            {"acked", EventKind::MessageAcked},
            {"requeued", EventKind::MessageRequeued},
            {"rejected", EventKind::MessageRejected},
            {"expired", EventKind::MessageExpired},
            {"overflowed", EventKind::MessageOverflowed},
            {"dead-lettered", EventKind::MessageDeadLettered},
            {"gone", EventKind::MessageLost},
            {"carries", EventKind::MessageCarries},
            {"consumes", EventKind::ConsumerBegan},
            {"leaves", EventKind::ConsumerEnded}};
        const auto kind = kKinds.find(words[1]);
        CHECK(kind != kKinds.end());
        event.kind = kind->second;
        if (event.kind == EventKind::ConsumerBegan || event.kind == EventKind::ConsumerEnded) {
            event.a = words.size() > 3 ? number(words[3]) : 0;
            event.b = object(words.at(2));
            return;
        }
        event.a = number(words.at(2));
        if (words.size() < 4) {
            event.b = words[1] == "confirmed" || words[1] == "returned" ? 1 : 0;
        } else if (event.kind == EventKind::MessageCarries) {
            event.b = task(words[3]);
        } else {
            event.b = words[3] == "-" ? 0 : object(words[3]);
            event.b |= words.size() > 4 ? record::kRedelivered : 0;
        }
    }

    const Manifest& m_manifest;
};

} // namespace

Manifest kitchen() {
    Manifest manifest;
    manifest.info.scenario = "kitchen";
    manifest.info.model = "threads";
    manifest.info.parameters = {{"switch_interval", "5 ms"}};
    manifest.tasks = {{"a", "dish"}, {"b", "dish"}, {"c", "dish"}};
    manifest.objects = {{"stove", "lock", 1},          {"GIL", "gil", 1},
                        {"permits", "semaphore", 2},   {"orders", "queue", 4},
                        {"tasks", "message-queue", 0}, {"dead", "message-queue", 0},
                        {"shop", "topic-exchange", 0}};
    manifest.bindings = {{7, 5, "dish.#"}};
    manifest.steps = {"chop", "bake"};
    manifest.counters = {"ready queue"};
    return manifest;
}

std::vector<StreamEvents> streamsOf(std::string_view text, const Manifest& manifest) {
    std::vector<StreamEvents> streams;
    const LineReader reader(manifest);
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream stream(line);
        std::vector<std::string> words;
        for (std::string word; stream >> word;) {
            words.push_back(word);
        }
        if (words.empty()) {
            continue;
        }
        if (words[0] == "stream") {
            StreamEvents& added = streams.emplace_back();
            added.info.role = roleNamed(words.at(1));
            added.info.name = words.at(2);
            added.tid = words.size() > 4 ? number(words[4]) : 1;
            added.pid = 100;
        } else {
            CHECK(!streams.empty());
            streams.back().events.push_back(reader.read(words));
        }
    }
    return streams;
}

std::shared_ptr<const recording::Recording> recordingOf(std::string_view text, bool isLive) {
    const Manifest manifest = kitchen();
    SessionFacts facts;
    facts.isLive = isLive;
    return assemble(manifest, streamsOf(text, manifest), facts);
}

} // namespace interleave::collector
