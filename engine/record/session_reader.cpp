// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/record/session_reader.h"

#include <algorithm>
#include <set>
#include <system_error>

namespace interleave::record {

namespace {

/// Below this distance of the two anchors the first estimate of the rate is as good.
constexpr std::int64_t kShortestBaseNs = 2'000'000;

} // namespace

struct SessionReader::State {
    std::filesystem::path folder;
    std::vector<SegmentReader> readers;
    std::vector<SegmentInfo> infos;
    std::set<std::string> known; // names of files that were looked at
    std::vector<std::string> problems;
    bool hasOrigin = false;
    bool isFinished = false;
    ClockAnchor origin;
    ClockAnchor latest;
    double nsPerTick = 1;

    void discover();
    void adopt(const std::filesystem::path& path);
    void updateScale(const SegmentInfo& info);
    std::size_t readAll(const EventSink& sink, std::uint32_t mostChunks);
};

void SessionReader::State::discover() {
    std::vector<std::filesystem::path> found;
    std::error_code error;
    for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
         it.increment(error)) {
        if (it->path().extension() == ".seg" && !known.contains(it->path().filename().string())) {
            found.push_back(it->path());
        }
    }
    std::sort(found.begin(), found.end());
    for (const std::filesystem::path& path : found) {
        adopt(path);
    }
}

void SessionReader::State::adopt(const std::filesystem::path& path) {
    auto reader = SegmentReader::open(path, static_cast<std::uint32_t>(readers.size()));
    if (!reader && reader.error().kind == ErrorKind::MissingPart) {
        // Too many open files, say: another poll may do better.
        if (std::find(problems.begin(), problems.end(), reader.error().message) == problems.end()) {
            problems.push_back(reader.error().message);
        }
        return;
    }
    known.insert(path.filename().string());
    if (!reader) {
        problems.push_back(reader.error().message);
        return;
    }
    const SegmentInfo& info = reader->info();
    if (!hasOrigin) {
        hasOrigin = true;
        origin = latest = info.origin;
        nsPerTick = info.nsPerTick;
    } else if (info.origin.ticks != origin.ticks || info.origin.monotonicNs != origin.monotonicNs) {
        problems.push_back("the segment " + path.string() +
                           " belongs to another session; it is left out");
        return;
    }
    infos.push_back(info);
    readers.push_back(std::move(*reader));
}

void SessionReader::State::updateScale(const SegmentInfo& info) {
    if (info.latest.monotonicNs > latest.monotonicNs && info.latest.ticks > latest.ticks) {
        latest = info.latest;
    }
    const std::int64_t ns = latest.monotonicNs - origin.monotonicNs;
    if (ns >= kShortestBaseNs) {
        const double rate =
            static_cast<double>(ns) / static_cast<double>(latest.ticks - origin.ticks);
        if (rate > 1e-3 && rate < 1e3) {
            nsPerTick = rate;
        }
    }
}

std::size_t SessionReader::State::readAll(const EventSink& sink, std::uint32_t mostChunks) {
    discover();
    std::size_t count = 0;
    for (std::size_t i = 0; i < readers.size(); ++i) {
        count += readers[i].poll(sink, mostChunks);
        const SegmentInfo& info = readers[i].info();
        if (infos[i].damage.empty() && !info.damage.empty()) {
            problems.push_back(info.damage);
        }
        infos[i] = info;
        updateScale(info);
        isFinished = isFinished || (info.isRunner && info.isFinished);
    }
    return count;
}

SessionReader::SessionReader(std::unique_ptr<State> state)
    : m_state(std::move(state)) {}
SessionReader::SessionReader(SessionReader&&) noexcept = default;
SessionReader& SessionReader::operator=(SessionReader&&) noexcept = default;
SessionReader::~SessionReader() = default;

Result<SessionReader> SessionReader::open(const std::filesystem::path& folder) {
    std::error_code error;
    const auto status = std::filesystem::status(folder, error);
    if (status.type() == std::filesystem::file_type::not_found) {
        return fail("there is no session folder " + folder.string());
    }
    if (status.type() != std::filesystem::file_type::directory) {
        return fail("the session " + folder.string() + " is not a folder");
    }
    std::filesystem::directory_iterator(folder, error);
    if (error) {
        return fail("cannot read the session folder " + folder.string() + ": " + error.message(),
                    ErrorKind::MissingPart);
    }
    auto state = std::make_unique<State>();
    state->folder = folder;
    return SessionReader(std::move(state));
}

std::size_t SessionReader::poll(const EventSink& sink, std::uint32_t mostChunks) {
    State& state = *m_state;
    const bool wasFinished = state.isFinished;
    std::size_t count = state.readAll(sink, mostChunks);
    if (state.isFinished && !wasFinished) {
        // Segments that were read before the mark was seen may have got more since.
        count += state.readAll(sink, mostChunks);
    }
    return count;
}

bool SessionReader::isFinished() const {
    return m_state->isFinished;
}

const std::vector<SegmentInfo>& SessionReader::segments() const {
    return m_state->infos;
}

std::uint64_t SessionReader::droppedEvents() const {
    std::uint64_t total = 0;
    for (const SegmentInfo& info : m_state->infos) {
        total += info.droppedEvents;
    }
    return total;
}

const std::vector<std::string>& SessionReader::problems() const {
    return m_state->problems;
}

Nanoseconds SessionReader::sessionNs(const StreamHeader& stream, std::uint64_t stamp) const {
    const SegmentInfo& segment = m_state->infos[stream.segment];
    return segment.host != 0 ? segment.hostTime.sessionNs(stamp)
                             : sessionNs(stream.info.clock, stamp);
}

Nanoseconds SessionReader::sessionNs(ClockKind clock, std::uint64_t stamp) const {
    // 56 bits at 1000 ns a tick still fit.
    if (clock == ClockKind::Monotonic) {
        return static_cast<Nanoseconds>(stamp);
    }
    return static_cast<Nanoseconds>(static_cast<double>(stamp) * m_state->nsPerTick);
}

std::int64_t SessionReader::originMonotonicNs() const {
    return m_state->origin.monotonicNs;
}

} // namespace interleave::record
