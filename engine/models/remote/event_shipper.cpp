// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/remote/event_shipper.h"

#include "engine/record/session.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>

namespace interleave::models {

namespace {

constexpr std::size_t kFullBatch = std::size_t{64} << 10;
constexpr std::size_t kMostEventsABlock = kFullBatch / sizeof(record::Event);
constexpr std::size_t kMostUnconfirmed = 32;    // messages
constexpr std::uint32_t kMostChunksAtOnce = 64; // of each process, 4 KiB each

} // namespace

EventShipper::EventShipper(const std::filesystem::path& session, record::SessionReader reader,
                           BrokerLink& link, std::string queue, std::uint32_t host)
    : m_session(session)
    , m_link(link)
    , m_queue(std::move(queue))
    , m_host(host)
    , m_reader(std::move(reader))
    , m_batch(emptyBatch()) {}

void EventShipper::send(const char* type, std::vector<std::byte> body) {
    Parcel parcel{
        .number = ++m_sequence, .queue = m_queue, .properties = {}, .body = std::move(body)};
    parcel.properties.type = type;
    parcel.properties.messageId = fmt::to_string(m_sequence);
    parcel.properties.isPersistent = true;
    parcel.properties.headers.emplace_back(kHostHeader, std::int64_t{m_host});
    m_link.publish(std::move(parcel));
}

void EventShipper::send(const HostNote& note) {
    const std::string text = textOf(note);
    std::vector<std::byte> body(text.size());
    std::memcpy(body.data(), text.data(), text.size());
    send(kNoteType, std::move(body));
}

bool EventShipper::ship() {
    if (!m_link.isUp() || m_link.unconfirmedCount() >= kMostUnconfirmed) {
        return true;
    }
    const std::size_t count =
        m_reader.poll([this](const record::StreamHeader& header,
                             std::span<const record::Event> events) { add(header, events); },
                      kMostChunksAtOnce);
    m_events += count;
    sendBatch();
    sendDiagnostics();
    m_link.flush();
    return count > 0;
}

/// Stamps of the time stamp counter mean nothing elsewhere; ns of the monotonic clock can be
/// compared. The newest anchor of the session is as old as its observer's last tick, so what is
/// converted now is exact.
void EventShipper::add(const record::StreamHeader& header, std::span<const record::Event> events) {
    while (!events.empty()) {
        const auto part = events.first(std::min(events.size(), kMostEventsABlock));
        events = events.subspan(part.size());
        EventBlock block{header.segment,   header.id,        header.pid, header.tid,
                         header.info.role, header.info.name, {}};
        block.events.reserve(part.size());
        for (const record::Event& event : part) {
            const Nanoseconds ns =
                std::max<Nanoseconds>(0, m_reader.sessionNs(header, event.stamp()));
            block.events.push_back(
                {static_cast<std::uint64_t>(ns) << 8 | static_cast<std::uint64_t>(event.kind()),
                 event.a, event.b});
        }
        appendBlock(m_batch, block);
        if (m_batch.size() >= kFullBatch) {
            sendBatch();
        }
    }
}

void EventShipper::sendBatch() {
    if (m_batch.size() > emptyBatch().size()) {
        send(kBatchType, std::exchange(m_batch, emptyBatch()));
    }
}

void EventShipper::sendDiagnostics() {
    std::ifstream file(m_session / record::kDiagnosticsFile, std::ios::binary);
    if (!file.seekg(m_diagnosticsRead)) {
        return;
    }
    std::string line;
    while (std::getline(file, line) && !file.eof()) { // one that is being written has no end yet
        m_diagnosticsRead += static_cast<std::streamoff>(line.size()) + 1;
        const auto json = nlohmann::json::parse(line, nullptr, false);
        if (json.is_object()) {
            send(HostDiagnostic{json.value("kind", ""), json.value("severity", ""),
                                json.value("count", std::uint64_t{1}), json.value("message", "")});
        }
    }
}

} // namespace interleave::models
