// SPDX-License-Identifier: GPL-3.0-or-later
// ClusterSession: what is found out of a cluster, written down as events of a session, so that the
// collector makes recordings of it, live and final, like of any other. Numbers are given out here
// and named in the streams (WriterKind::Reporter); a stream stands for a process or a place of a
// pool elsewhere. Times are ns of CLOCK_MONOTONIC.
#pragma once

#include "engine/base/result.h"
#include "engine/base/state.h"
#include "engine/base/time.h"
#include "engine/record/session.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace interleave::celery_events {

/// One of the session's streams; 0 is nobody's in particular.
using StreamNumber = std::uint32_t;

class ClusterSession {
public:
    /// `writer` must have been created with WriterKind::Reporter and outlive this.
    explicit ClusterSession(record::SessionWriter& writer);

    /// A process or a place of a pool that begins to be known.
    StreamNumber open(const std::string& name, record::StreamRole role, std::uint32_t pid,
                      Nanoseconds at);
    void close(StreamNumber stream, Nanoseconds at);

    std::uint32_t addTask(const std::string& name, const std::string& group, Nanoseconds at);
    /// "message-queue", "direct-exchange".
    std::uint32_t addObject(const std::string& kind, const std::string& name, Nanoseconds at);
    void bind(std::uint32_t exchange, std::uint32_t queue, const std::string& key, Nanoseconds at);
    std::uint32_t addCounter(const std::string& name, const std::string& unit,
                             std::string_view scale, Nanoseconds at);

    /// `what`: what is being done, few different texts; empty: nothing in particular.
    void state(StreamNumber stream, std::uint32_t task, State state, Nanoseconds at,
               const std::string& what = {});
    void unknown(StreamNumber stream, std::uint32_t task, Nanoseconds at);
    void spawned(StreamNumber stream, std::uint32_t child, std::uint32_t parent, Nanoseconds at);
    /// A step of a message's life; `word` is what the kind says.
    void message(StreamNumber stream, record::EventKind step, std::uint32_t message,
                 std::uint32_t word, Nanoseconds at);
    void consumes(StreamNumber stream, std::uint32_t queue, Nanoseconds at);
    void level(std::uint32_t counter, std::uint32_t value, Nanoseconds at);
    /// A moment worth a mark; after some thousands they are only counted.
    void mark(const std::string& text, Nanoseconds at);
    void diagnose(const std::string& kind, const std::string& severity, std::uint64_t count,
                  const std::string& message);

    std::uint64_t unmarked() const { return m_unmarked; }
    std::uint64_t usedBytes() const;

private:
    void emit(StreamNumber stream, Nanoseconds at, record::EventKind kind, std::uint32_t a,
              std::uint32_t b);
    void emitText(StreamNumber stream, Nanoseconds at, record::EventKind kind, std::uint32_t a,
                  const std::string& text);
    std::uint32_t stepOf(const std::string& text, Nanoseconds at);

    record::SessionWriter& m_session;
    std::vector<record::Writer> m_writers; // by StreamNumber
    std::unordered_map<std::string, std::uint32_t> m_steps;
    std::uint32_t m_tasks = 0;
    std::uint32_t m_objects = 0;
    std::uint32_t m_counters = 0;
    std::size_t m_marks = 0;
    std::uint64_t m_unmarked = 0;
};

} // namespace interleave::celery_events
