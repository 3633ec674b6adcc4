// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/collector.h"

#include "engine/collector/agent_session.h"
#include "engine/collector/assemble.h"
#include "engine/collector/live_recording.h"
#include "engine/collector/session_diagnostics.h"
#include "engine/record/session.h"
#include "engine/record/session_reader.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>

namespace interleave::collector {

namespace {

std::optional<std::string> readText(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return std::nullopt;
    }
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

/// Stamps stay raw until they are needed: the rate of the clock becomes more exact as the run goes
/// on.
struct RawStream {
    record::StreamHeader header;
    bool isAgents = false; // its events are what AgentSession made of them
    std::vector<record::Event> events;
    std::size_t shownLive = 0; // how many events the live recording has got
};

} // namespace

struct Collector::State {
    State(std::filesystem::path sessionFolder, Manifest names, record::SessionReader sessionReader)
        : folder(std::move(sessionFolder))
        , written(std::move(names))
        , manifest(written)
        , reader(std::move(sessionReader))
        , agents(std::make_unique<AgentSession>(manifest)) {}

    std::filesystem::path folder;
    Manifest written; // as it is in the folder
    Manifest manifest;
    record::SessionReader reader;
    std::unique_ptr<AgentSession> agents;
    std::map<std::pair<std::uint32_t, std::uint32_t>, RawStream> streams; // (segment, stream)

    std::unique_ptr<LiveRecording> live; // once somebody has looked at a run that goes on

    std::size_t poll();
    void readAgain();
    StreamEvents timed(const RawStream& raw, std::size_t first) const;
    std::vector<StreamEvents> timedStreams() const;
    std::shared_ptr<const recording::Recording> liveSnapshot();
    SessionFacts facts() const;
};

StreamEvents Collector::State::timed(const RawStream& raw, std::size_t first) const {
    StreamEvents stream;
    stream.info = raw.header.info;
    stream.pid = raw.header.pid;
    stream.tid = raw.header.tid;
    stream.segment = raw.header.segment;
    stream.isAgents = raw.isAgents;
    if (raw.isAgents) {
        stream.info.name = agents->threadName({raw.header.segment, raw.header.id});
    }
    stream.events.reserve(raw.events.size() - first);
    for (std::size_t i = first; i < raw.events.size(); ++i) {
        const record::Event& event = raw.events[i];
        stream.events.push_back(
            {reader.sessionNs(raw.header, event.stamp()), event.a, event.b, event.kind()});
    }
    return stream;
}

std::vector<StreamEvents> Collector::State::timedStreams() const {
    std::vector<StreamEvents> all;
    for (const auto& [key, raw] : streams) {
        all.push_back(timed(raw, 0));
    }
    return all;
}

std::shared_ptr<const recording::Recording> Collector::State::liveSnapshot() {
    const AgentSession::Renames renames = agents->takeRenames();
    if (live && live->hasSettled() &&
        (renames.hasObjects || std::ranges::any_of(renames.tasks, [&](std::uint32_t task) {
             return live->hasSettledName(TaskId{task});
         }))) {
        live.reset();
    }
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (!live) {
            live = std::make_unique<LiveRecording>(manifest);
            for (auto& [key, raw] : streams) {
                raw.shownLive = 0;
            }
        }
        for (auto& [key, raw] : streams) {
            live->add(key, timed(raw, raw.shownLive));
            raw.shownLive = raw.events.size();
        }
        if (auto recording = live->snapshot(facts())) {
            return recording;
        }
        live.reset(); // a worker belongs before others: their numbers change
    }
    return assemble(manifest, timedStreams(), facts());
}

SessionFacts Collector::State::facts() const {
    SessionFacts facts;
    facts.isLive = !reader.isFinished();
    facts.droppedEvents = reader.droppedEvents();
    for (const record::SegmentInfo& segment : reader.segments()) {
        facts.processes.push_back({segment.pid, segment.processName});
    }
    for (std::uint32_t i = 0; i < facts.processes.size(); ++i) {
        if (const AgentProcess* const process = agents->process(i)) {
            facts.processes[i].name = process->name;
        }
    }
    if (const auto lines = readText(folder / record::kDiagnosticsFile)) {
        facts.diagnostics = parseDiagnostics(*lines);
    }
    for (const std::string& problem : reader.problems()) {
        facts.diagnostics.push_back(
            {"unreadable-segment", recording::Severity::DataLoss, 1, problem});
    }
    for (recording::Diagnostic& diagnostic : agents->diagnostics()) {
        facts.diagnostics.push_back(std::move(diagnostic));
    }
    return facts;
}

Collector::Collector(std::unique_ptr<State> state)
    : m_state(std::move(state)) {}
Collector::Collector(Collector&&) noexcept = default;
Collector& Collector::operator=(Collector&&) noexcept = default;
Collector::~Collector() = default;

Result<Collector> Collector::open(const std::filesystem::path& sessionFolder) {
    auto reader = record::SessionReader::open(sessionFolder);
    if (!reader) {
        return std::unexpected(reader.error());
    }
    const auto text = readText(sessionFolder / record::kManifestFile);
    if (!text) {
        return fail(
            fmt::format("The session {} has no readable {}; it is not a session, or its run "
                        "ended before it began.",
                        sessionFolder.string(), record::kManifestFile));
    }
    auto manifest = parseManifest(*text);
    if (!manifest) {
        return fail(fmt::format("{}: {}", (sessionFolder / record::kManifestFile).string(),
                                manifest.error().message));
    }
    return Collector(
        std::make_unique<State>(sessionFolder, std::move(*manifest), std::move(*reader)));
}

std::size_t Collector::State::poll() {
    const std::size_t count = reader.poll(
        [this](const record::StreamHeader& header, std::span<const record::Event> events) {
            RawStream& stream = streams[{header.segment, header.id}];
            stream.header = header;
            const record::SegmentInfo& process = reader.segments()[header.segment];
            if (process.writer == record::WriterKind::Program) {
                stream.events.insert(stream.events.end(), events.begin(), events.end());
                return;
            }
            stream.isAgents = true;
            agents->add(header, process, events,
                        [&](std::uint64_t stamp) { return reader.sessionNs(header, stamp); });
        });
    agents->translate(reader.isFinished(),
                      [this](AgentSession::StreamKey key, std::vector<record::Event> events) {
                          std::vector<record::Event>& all = streams[key].events;
                          all.insert(all.end(), events.begin(), events.end());
                      });
    return count;
}

/// What agents wrote was taken in the order in which it was read while it was written. What they
/// wrote late comes to its place if all is read at once.
void Collector::State::readAgain() {
    const bool hasAgents =
        std::ranges::any_of(streams, [](const auto& stream) { return stream.second.isAgents; });
    if (!hasAgents) {
        return;
    }
    auto again = record::SessionReader::open(folder);
    if (!again) {
        return; // what was read stands
    }
    streams.clear();
    manifest = written;
    agents = std::make_unique<AgentSession>(manifest);
    reader = std::move(*again);
    poll();
}

std::size_t Collector::poll() {
    return m_state->poll();
}

bool Collector::isFinished() const {
    return m_state->reader.isFinished();
}

std::shared_ptr<const recording::Recording> Collector::snapshot() {
    if (!m_state->reader.isFinished()) {
        return m_state->liveSnapshot();
    }
    if (m_state->live) {
        m_state->live.reset();
        m_state->readAgain();
    }
    return assemble(m_state->manifest, m_state->timedStreams(), m_state->facts());
}

} // namespace interleave::collector
