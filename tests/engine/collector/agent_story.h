// SPDX-License-Identifier: GPL-3.0-or-later
// What agents in recorded programs write, as text, for tests; times in units of 1 us.
//
//   process 100 python3 [parent 99 [forked-by 98]] [model]
//   thread 101 MainThread [made-by 100]
//   0 start / 9 end
//   0 object 1 gil GIL        number, kind, name ("_" is a space)
//   0 task 3 load [pool-item [key]]
//   0 step 2 app.py:12
//   0 named 101 Worker        thread
//   1 wait 1 [101]            LockWaited: object, tid of the holder
//   2 got 1 [handoff|forced]  LockAcquired
//   3 freed 1 / 3 gave-up 1 / 3 failed 1 / 3 asked 1
//   4 call read / 5 back      CallBegan (read, write, poll, sleep, join, child), CallEnded
//   6 3 running [#2] [@1] [detached]    task, state, step, object
//   7 spawned 3 0 / 7 woken 3 2
//   8 mark half_done / 8 note 1 gil-failed It_broke.
//   9 dropped 5               events
//   0 message 7 key           its number and key ("_": none)
//   0 binds 3 2 dish.#        exchange, queue, key
//   1 published 7 3 / 1 routed 7 2 / 2 delivered 7 2 [again] / 3 acked 7 2 / 3 requeued 7 2
//   1 confirmed 7 1 / 1 carries 7 3 / 0 consumes 4 2       message, task; prefetch, queue
//   cut                       the text before it loses its last event
//   kernel                    then, as in session_text.h:
//   1 in 101 0 / 2 out 101 0 [preempted] / 3 rss 100 64
#pragma once

#include "engine/collector/agent_session.h"
#include "engine/collector/stream_events.h"

#include <memory>
#include <string_view>
#include <vector>

namespace interleave::collector {

struct AgentStream {
    record::StreamHeader header;
    record::SegmentInfo process;
    std::vector<record::Event> events;
};

/// A mistake in the text fails a CHECK.
std::vector<AgentStream> agentStreams(std::string_view text);

/// Feeds streams to an AgentSession and keeps what it makes of them.
class AgentReplay {
public:
    explicit AgentReplay(Manifest names = {});
    /// Adds events of a stream and translates, as one poll does.
    void add(const AgentStream& stream, std::size_t first, std::size_t count);
    void translate(bool isLast);
    std::vector<StreamEvents> streams() const;
    const Manifest& manifest() const { return m_manifest; }
    AgentSession& session() { return m_session; }
    SessionFacts facts() const;

private:
    Manifest m_manifest;
    AgentSession m_session;
    std::map<AgentSession::StreamKey, StreamEvents> m_streams;
};

std::shared_ptr<const recording::Recording> agentRecording(std::string_view text,
                                                           Manifest names = {});

} // namespace interleave::collector
