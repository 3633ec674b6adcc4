// SPDX-License-Identifier: GPL-3.0-or-later
// EventShipper: takes what the processes of a hosted run record, as they write it, to the run. What
// is not confirmed by the broker yet is kept, within bounds: beyond them what was recorded stays
// in the session's files until there is room.
//
// Thread: one.
#pragma once

#include "engine/models/broker_link/broker_link.h"
#include "engine/models/hosts/event_batch.h"
#include "engine/models/hosts/host_note.h"
#include "engine/record/session_reader.h"

#include <filesystem>
#include <string>

namespace interleave::models {

class EventShipper {
public:
    /// `reader` is of that session; `link` outlives it.
    EventShipper(const std::filesystem::path& session, record::SessionReader reader,
                 BrokerLink& link, std::string queue, std::uint32_t host);

    /// Sends what there is, as far as there is room; true: there may be more. The diagnostics of
    /// the session go with it.
    bool ship();
    void send(const HostNote& note);
    std::uint64_t eventCount() const { return m_events; }

private:
    void add(const record::StreamHeader& header, std::span<const record::Event> events);
    void sendBatch();
    void sendDiagnostics();
    void send(const char* type, std::vector<std::byte> body);

    std::filesystem::path m_session;
    BrokerLink& m_link;
    std::string m_queue;
    std::uint32_t m_host;
    record::SessionReader m_reader;
    std::vector<std::byte> m_batch;
    std::uint32_t m_sequence = 0;
    std::uint64_t m_events = 0;
    std::streamoff m_diagnosticsRead = 0;
};

} // namespace interleave::models
