// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/collector/agent_story.h"

#include "engine/base/check.h"
#include "engine/collector/assemble.h"

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

namespace interleave::collector {

using record::BlockingCall;
using record::Event;
using record::EventKind;

namespace {

constexpr std::uint64_t kUnit = 1000;

std::uint32_t number(const std::string& word) {
    return static_cast<std::uint32_t>(std::stoul(word));
}

std::string spaced(std::string text) {
    std::ranges::replace(text, '_', ' ');
    return text;
}

Event eventOf(std::uint64_t ns, EventKind kind, std::uint32_t a, std::uint32_t b) {
    return {ns << 8 | static_cast<std::uint64_t>(kind), a, b};
}

class StoryReader {
public:
    void line(const std::vector<std::string>& words) {
        if (words[0] == "process") {
            process(words);
        } else if (words[0] == "thread") {
            thread(words);
        } else if (words[0] == "kernel") {
            AgentStream& stream = open();
            stream.header.info.role = record::StreamRole::Kernel;
            stream.process.writer = record::WriterKind::Program;
        } else if (words[0] == "cut") {
            m_streams.back().events.pop_back();
        } else {
            CHECK(!m_streams.empty());
            m_ns = std::stoull(words[0]) * kUnit;
            event(words);
        }
    }
    std::vector<AgentStream> finish() { return std::move(m_streams); }

private:
    AgentStream& open() {
        AgentStream& stream = m_streams.emplace_back();
        stream.process = m_process;
        stream.header.segment = m_segment;
        stream.header.pid = m_process.pid;
        stream.header.id = ++m_streamCount;
        stream.header.info.clock = record::ClockKind::Monotonic;
        return stream;
    }

    void process(const std::vector<std::string>& words) {
        ++m_segment;
        m_process = {};
        m_process.pid = number(words.at(1));
        m_process.processName = words.at(2);
        m_process.writer =
            words.back() == "model" ? record::WriterKind::AgentOfModel : record::WriterKind::Agent;
        m_parent = words.size() > 4 && words[3] == "parent" ? number(words[4]) : 0;
        m_forkedBy = words.size() > 6 && words[5] == "forked-by" ? words[6] : "";
        m_isNew = true;
    }

    void thread(const std::vector<std::string>& words) {
        AgentStream& stream = open();
        stream.header.tid = number(words.at(1));
        stream.header.info.name = words.size() > 2 ? spaced(words[2]) : "";
        m_madeBy = words.size() > 4 && words[3] == "made-by" ? number(words[4]) : 0;
    }

    void put(EventKind kind, std::uint32_t a, std::uint32_t b) {
        m_streams.back().events.push_back(eventOf(m_ns, kind, a, b));
    }

    void putText(EventKind kind, std::uint32_t a, const std::string& text) {
        put(kind, a, static_cast<std::uint32_t>(text.size()));
        for (std::size_t at = 0; at < text.size(); at += 15) {
            const auto word = [&](std::size_t from, std::size_t bytes) {
                std::uint64_t value = 0;
                for (std::size_t i = 0; i < bytes && from + i < text.size(); ++i) {
                    value |= std::uint64_t{static_cast<unsigned char>(text[from + i])} << (8 * i);
                }
                return value;
            };
            m_streams.back().events.push_back(
                {word(at, 7) << 8 | static_cast<std::uint64_t>(EventKind::Text),
                 static_cast<std::uint32_t>(word(at + 7, 4)),
                 static_cast<std::uint32_t>(word(at + 11, 4))});
        }
    }

    static std::string joined(const std::vector<std::string>& words, std::size_t first) {
        std::string text;
        for (std::size_t i = first; i < words.size(); ++i) {
            text += (i > first ? std::string(1, '\0') : "") + spaced(words[i]);
        }
        return text;
    }

    void event(const std::vector<std::string>& words) {
        const std::string& what = words.at(1);
        const auto at = [&](std::size_t i) { return i < words.size() ? words[i] : std::string(); };
        const auto numberAt = [&](std::size_t i) {
            return i < words.size() ? number(words[i]) : 0;
        };
        if (const auto state = stateNamed(at(2))) {
            readState(words, *state);
        } else if (what == "start") {
            put(EventKind::ThreadStarted, m_streams.back().header.tid, m_madeBy);
            if (m_isNew && (m_parent != 0 || !m_forkedBy.empty())) {
                putText(EventKind::ProcessNamed, m_parent,
                        m_process.processName + std::string(1, '\0') + "command" +
                            std::string(1, '\0') + m_forkedBy);
            }
            m_isNew = false;
        } else if (what == "end") {
            put(EventKind::ThreadEnded, m_streams.back().header.tid, 0);
        } else if (what == "object" || what == "task" || what == "step") {
            putText(what == "object" ? EventKind::ObjectNamed
                    : what == "task" ? EventKind::TaskNamed
                                     : EventKind::StepNamed,
                    numberAt(2), joined(words, 3));
        } else if (what == "message") {
            putText(EventKind::MessageNamed, numberAt(2), at(3) == "_" ? "" : at(3));
        } else if (what == "binds") {
            putText(EventKind::Bound, numberAt(2) | numberAt(3) << 16, joined(words, 4));
        } else if (what == "named") {
            putText(EventKind::ThreadNamed, numberAt(2), joined(words, 3));
        } else if (what == "mark" || what == "note") {
            const bool isMark = what == "mark";
            putText(isMark ? EventKind::Marked : EventKind::Noted, isMark ? 0 : numberAt(2),
                    joined(words, isMark ? 2 : 3));
        } else if (what == "got") {
            put(EventKind::LockAcquired, 0,
                numberAt(2) | (at(3) == "forced" ? 2u : (at(3) == "handoff" ? 1u : 0u)) << 16);
        } else if (what == "call") {
            static const std::map<std::string, BlockingCall> kCalls{
                {"read", BlockingCall::Read},       {"write", BlockingCall::Write},
                {"poll", BlockingCall::Poll},       {"sleep", BlockingCall::Sleep},
                {"child", BlockingCall::WaitChild}, {"join", BlockingCall::WaitThread}};
            put(EventKind::CallBegan, 0, static_cast<std::uint32_t>(kCalls.at(at(2))));
        } else {
            other(what, numberAt(2), numberAt(3), at(4));
        }
    }

    void other(const std::string& what, std::uint32_t first, std::uint32_t second,
               const std::string& third) {
        if (what == "wait") {
            put(EventKind::LockWaited, second, first);
        } else if (what == "freed") {
            put(EventKind::LockReleased, 0, first);
        } else if (what == "gave-up") {
            put(EventKind::LockGaveUp, 0, first);
        } else if (what == "failed") {
            put(EventKind::LockFailed, 0, first);
        } else if (what == "asked") {
            put(EventKind::LockDropRequested, 0, first);
        } else if (what == "back") {
            put(EventKind::CallEnded, 0, 0);
        } else if (what == "spawned" || what == "woken") {
            put(what == "spawned" ? EventKind::Spawned : EventKind::Woken, first, second);
        } else if (what == "dropped") {
            put(EventKind::Dropped, first, 0);
        } else if (what == "in") {
            put(EventKind::SwitchedIn, first, second);
        } else if (what == "out") {
            put(EventKind::SwitchedOut, first, second | (third.empty() ? 0 : record::kPreempted));
        } else if (what == "rss") {
            put(EventKind::MemoryRss, first, second);
        } else {
            ofMessage(what, first, second, third);
        }
    }

    void ofMessage(const std::string& what, std::uint32_t first, std::uint32_t second,
                   const std::string& third) {
        static const std::map<std::string, EventKind> kKinds{
            {"published", EventKind::MessagePublished}, {"routed", EventKind::MessageRouted},
            {"delivered", EventKind::MessageDelivered}, {"acked", EventKind::MessageAcked},
            {"requeued", EventKind::MessageRequeued},   {"confirmed", EventKind::MessageConfirmed},
            {"carries", EventKind::MessageCarries},     {"consumes", EventKind::ConsumerBegan}};
        put(kKinds.at(what), first, second | (third == "again" ? record::kRedelivered : 0));
    }

    void readState(const std::vector<std::string>& words, State state) {
        record::StateDetail detail;
        for (std::size_t i = 3; i < words.size(); ++i) {
            if (words[i] == "detached") {
                detail.isDetached = true;
            } else {
                const std::uint32_t value = number(words[i].substr(1));
                (words[i][0] == '@' ? detail.object.value : detail.step.value) = value;
            }
        }
        put(record::kindOf(state), number(words[1]), detail.pack());
    }

    std::vector<AgentStream> m_streams;
    record::SegmentInfo m_process;
    std::uint32_t m_segment = 0;
    std::uint32_t m_streamCount = 0;
    std::uint32_t m_parent = 0;
    std::string m_forkedBy;
    std::uint32_t m_madeBy = 0;
    bool m_isNew = false;
    std::uint64_t m_ns = 0;
};

} // namespace

std::vector<AgentStream> agentStreams(std::string_view text) {
    StoryReader reader;
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream stream(line);
        std::vector<std::string> words;
        for (std::string word; stream >> word;) {
            words.push_back(word);
        }
        if (!words.empty()) {
            reader.line(words);
        }
    }
    return reader.finish();
}

AgentReplay::AgentReplay(Manifest names)
    : m_manifest(std::move(names))
    , m_session(m_manifest) {}

void AgentReplay::add(const AgentStream& stream, std::size_t first, std::size_t count) {
    const AgentSession::StreamKey key{stream.header.segment, stream.header.id};
    StreamEvents& known = m_streams[key];
    known.info = stream.header.info;
    known.pid = stream.header.pid;
    known.tid = stream.header.tid;
    known.segment = stream.header.segment;
    const std::span<const Event> events = std::span(stream.events).subspan(first, count);
    if (stream.process.writer != record::WriterKind::Program) {
        known.isAgents = true;
        m_session.add(stream.header, stream.process, events,
                      [](std::uint64_t stamp) { return static_cast<Nanoseconds>(stamp); });
        return;
    }
    for (const Event& event : events) {
        known.events.push_back(
            {static_cast<Nanoseconds>(event.stamp()), event.a, event.b, event.kind()});
    }
}

void AgentReplay::translate(bool isLast) {
    m_session.translate(
        isLast, [this](AgentSession::StreamKey key, const std::vector<Event>& events) {
            for (const Event& event : events) {
                m_streams[key].events.push_back(
                    {static_cast<Nanoseconds>(event.stamp()), event.a, event.b, event.kind()});
            }
        });
}

std::vector<StreamEvents> AgentReplay::streams() const {
    std::vector<StreamEvents> all;
    for (const auto& [key, stream] : m_streams) {
        all.push_back(stream);
        if (stream.isAgents) {
            all.back().info.name = m_session.threadName(key);
        }
    }
    return all;
}

SessionFacts AgentReplay::facts() const {
    SessionFacts facts;
    facts.diagnostics = m_session.diagnostics();
    return facts;
}

std::shared_ptr<const recording::Recording> agentRecording(std::string_view text, Manifest names) {
    AgentReplay replay(std::move(names));
    for (const AgentStream& stream : agentStreams(text)) {
        replay.add(stream, 0, stream.events.size());
    }
    replay.translate(true);
    return assemble(replay.manifest(), replay.streams(), replay.facts());
}

} // namespace interleave::collector
