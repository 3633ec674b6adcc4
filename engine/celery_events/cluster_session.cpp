// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/celery_events/cluster_session.h"

#include "engine/record/segment.h"

#include <algorithm>
#include <unistd.h>

namespace interleave::celery_events {

using record::EventKind;

namespace {

constexpr std::size_t kMostMarks = 5000;
constexpr std::size_t kMostSteps = 5000; // exceptions may be all different
constexpr std::size_t kTextBytes = 15;   // in one event

std::uint64_t wordOf(std::string_view bytes) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    }
    return word;
}

/// The parts of a text are divided by zero bytes, so none may have one.
std::string partOf(std::string text) {
    std::ranges::replace(text, '\0', ' ');
    return text;
}

} // namespace

ClusterSession::ClusterSession(record::SessionWriter& writer)
    : m_session(writer) {
    m_writers.push_back(writer.openStream({.role = record::StreamRole::Control,
                                           .clock = record::ClockKind::Monotonic,
                                           .name = "cluster",
                                           .pid = static_cast<std::uint32_t>(::getpid()),
                                           .tid = static_cast<std::uint32_t>(::getpid())}));
}

StreamNumber ClusterSession::open(const std::string& name, record::StreamRole role,
                                  std::uint32_t pid, Nanoseconds at) {
    const auto stream = static_cast<StreamNumber>(m_writers.size());
    // Threads of other machines have no number that means anything here: they are counted.
    m_writers.push_back(m_session.openStream({.role = role,
                                              .clock = record::ClockKind::Monotonic,
                                              .name = name,
                                              .pid = std::max(pid, 1u),
                                              .tid = stream}));
    emit(stream, at, EventKind::ThreadStarted, stream, 0);
    emitText(stream, at, EventKind::ThreadNamed, 0, partOf(name));
    return stream;
}

void ClusterSession::close(StreamNumber stream, Nanoseconds at) {
    emit(stream, at, EventKind::ThreadEnded, stream, 0);
    m_writers[stream] = record::Writer();
}

std::uint32_t ClusterSession::addTask(const std::string& name, const std::string& group,
                                      Nanoseconds at) {
    emitText(0, at, EventKind::TaskNamed, ++m_tasks, partOf(name) + '\0' + partOf(group));
    return m_tasks;
}

std::uint32_t ClusterSession::addObject(const std::string& kind, const std::string& name,
                                        Nanoseconds at) {
    emitText(0, at, EventKind::ObjectNamed, ++m_objects, kind + '\0' + partOf(name));
    return m_objects;
}

void ClusterSession::bind(std::uint32_t exchange, std::uint32_t queue, const std::string& key,
                          Nanoseconds at) {
    emitText(0, at, EventKind::Bound, exchange | queue << 16, partOf(key));
}

std::uint32_t ClusterSession::addCounter(const std::string& name, const std::string& unit,
                                         std::string_view scale, Nanoseconds at) {
    emitText(0, at, EventKind::CounterNamed, ++m_counters,
             partOf(name) + '\0' + unit + '\0' + std::string(scale));
    return m_counters;
}

std::uint32_t ClusterSession::stepOf(const std::string& text, Nanoseconds at) {
    if (text.empty()) {
        return 0;
    }
    const auto known = m_steps.find(text);
    if (known != m_steps.end() || m_steps.size() >= kMostSteps) {
        return known == m_steps.end() ? 0 : known->second;
    }
    const auto step = static_cast<std::uint32_t>(m_steps.size() + 1);
    m_steps.emplace(text, step);
    emitText(0, at, EventKind::StepNamed, step, partOf(text));
    return step;
}

void ClusterSession::state(StreamNumber stream, std::uint32_t task, State state, Nanoseconds at,
                           const std::string& what) {
    const record::StateDetail detail{{}, StepId{stepOf(what, at)}};
    emit(stream, at, record::kindOf(state), task, detail.pack());
}

void ClusterSession::unknown(StreamNumber stream, std::uint32_t task, Nanoseconds at) {
    emit(stream, at, EventKind::StateUnknown, task, 0);
}

void ClusterSession::spawned(StreamNumber stream, std::uint32_t child, std::uint32_t parent,
                             Nanoseconds at) {
    emit(stream, at, EventKind::Spawned, child, parent);
}

void ClusterSession::message(StreamNumber stream, EventKind step, std::uint32_t message,
                             std::uint32_t word, Nanoseconds at) {
    emit(stream, at, step, message, word);
}

void ClusterSession::consumes(StreamNumber stream, std::uint32_t queue, Nanoseconds at) {
    emit(stream, at, EventKind::ConsumerBegan, 0, queue);
}

void ClusterSession::level(std::uint32_t counter, std::uint32_t value, Nanoseconds at) {
    emit(0, at, EventKind::Level, counter, value);
}

void ClusterSession::mark(const std::string& text, Nanoseconds at) {
    if (m_marks == kMostMarks) {
        ++m_unmarked;
        return;
    }
    ++m_marks;
    emitText(0, at, EventKind::Marked, 0, partOf(text));
}

void ClusterSession::diagnose(const std::string& kind, const std::string& severity,
                              std::uint64_t count, const std::string& message) {
    m_session.diagnose(kind, severity, count, message);
}

std::uint64_t ClusterSession::usedBytes() const {
    return m_session.segment()->usedBytes();
}

void ClusterSession::emit(StreamNumber stream, Nanoseconds at, EventKind kind, std::uint32_t a,
                          std::uint32_t b) {
    record::Writer& writer = m_writers[stream];
    writer.emitAt(writer.stampOfMonotonic(at), kind, a, b);
}

void ClusterSession::emitText(StreamNumber stream, Nanoseconds at, EventKind kind, std::uint32_t a,
                              const std::string& text) {
    record::Writer& writer = m_writers[stream];
    writer.emitAt(writer.stampOfMonotonic(at), kind, a, static_cast<std::uint32_t>(text.size()));
    for (std::size_t i = 0; i < text.size(); i += kTextBytes) {
        const std::string_view piece = std::string_view(text).substr(i, kTextBytes);
        const std::uint64_t rest = piece.size() > 7 ? wordOf(piece.substr(7)) : 0;
        writer.emitAt(wordOf(piece.substr(0, 7)), EventKind::Text, static_cast<std::uint32_t>(rest),
                      static_cast<std::uint32_t>(rest >> 32));
    }
}

} // namespace interleave::celery_events
