// SPDX-License-Identifier: GPL-3.0-or-later
// RemoteHost: a worker on another host as its run sees it: what it was given, what its clock says,
// and the segment of the run's session into which its events go.
//
// Thread: the run's control thread.
#pragma once

#include "engine/base/host_clock.h"
#include "engine/models/hosts/event_batch.h"
#include "engine/models/hosts/host_note.h"
#include "engine/models/hosts/host_numbers.h"
#include "engine/record/segment.h"
#include "engine/record/session.h"

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace interleave::models {

class RemoteHost {
public:
    /// Makes its segment.
    static Result<std::unique_ptr<RemoteHost>> create(record::SessionWriter& session,
                                                      JoinRequest request,
                                                      const HostNumbers& numbers,
                                                      std::string inbox);

    const JoinRequest& request() const { return m_request; }
    const std::string& name() const { return m_request.host; }
    const HostNumbers& numbers() const { return m_numbers; }
    const std::string& inbox() const { return m_inbox; }

    /// Of what it sends, numbered from 1 on: false for what came before, after a connection was
    /// lost.
    bool isNews(std::uint64_t sequence);
    void record(const std::vector<EventBlock>& blocks);
    /// An answer that arrived at a moment of our monotonic clock.
    void heardClock(const ClockAnswer& answer, Nanoseconds arrivalNs);

    /// "The clock of alpha ...", for people; nothing: it never answered.
    std::optional<std::string> clockSentence() const;
    /// How often it has answered.
    std::uint64_t answers() const { return m_answers; }

    bool isReady = false;      // it consumes, and has somebody to execute tasks
    bool isGivenUp = false;    // not heard of for too long
    bool isQuestioned = false; // a question is on its way
    Nanoseconds lastHeardNs = 0;
    Nanoseconds lastAskedNs = 0;
    std::optional<std::int64_t> held{}; // tasks in hand, as it said last
    std::optional<HostFarewell> farewell{};

private:
    RemoteHost(const record::SessionWriter& session, JoinRequest request,
               const HostNumbers& numbers, std::string inbox,
               std::shared_ptr<record::Segment> segment);
    record::Writer& writerOf(const EventBlock& block);
    Nanoseconds offsetAt(Nanoseconds stampNs) const;
    Nanoseconds errorAt(Nanoseconds stampNs) const;

    Nanoseconds m_sessionOriginNs; // ours
    JoinRequest m_request;
    HostNumbers m_numbers;
    std::string m_inbox;
    std::shared_ptr<record::Segment> m_segment;
    std::unordered_map<std::uint64_t, record::Writer> m_writers; // by segment and stream
    std::uint64_t m_lastSequence = 0;
    HostClock m_clock;
    std::uint64_t m_answers = 0;
    Nanoseconds m_firstStampNs = 0; // of its clock
    Nanoseconds m_latestStampNs = 0;
    Nanoseconds m_offsetNs = 0; // our clock minus its, at the latest stamp
};

} // namespace interleave::models
