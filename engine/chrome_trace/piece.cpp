// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/piece.h"

#include <algorithm>

namespace interleave::chrome_trace {

namespace {

constexpr std::size_t kFirstNumbered = 256;

/// Whether the phase is one that becomes a mark, a counter, an async span, a link or a name.
bool isOther(char phase) {
    constexpr std::string_view known = "iIRCbneSTpFstfM";
    return known.find(phase) != std::string_view::npos;
}

std::string textKeyOf(const ThreadKey& key) {
    std::string text;
    for (const Identity& identity : {key.pid, key.tid}) {
        text.append(reinterpret_cast<const char*>(&identity.number), sizeof(identity.number));
        const std::size_t size = identity.text.size();
        text.append(reinterpret_cast<const char*>(&size), sizeof(size));
        text.append(identity.text);
    }
    return text;
}

} // namespace

Piece PieceReader::read(std::string_view text, const char* begin, const char* end,
                        const char* limit, SliceArena& arena) {
    m_piece = {};
    m_piece.begin = begin;
    m_textBegin = text.data();
    m_slices.clear();
    m_threadOfSlice.clear();
    m_sliceCounts.clear();
    m_numbered.assign(kFirstNumbered, {});
    m_named.clear();
    const StreamStop stop = readEvents(
        m_reader, begin, end, limit, m_piece.faults, [this](const Event& event) { take(event); },
        limit == text.data() + text.size());
    m_piece.stop = stop.at;
    m_piece.end = stop.end;
    m_piece.isWithoutMemory = !sortIntoThreads(arena);
    return std::move(m_piece);
}

void PieceReader::take(const Event& event) {
    ++m_piece.eventCount;
    switch (event.phase) {
    case 'X':
    case 'B':
    case 'E':
        if (checkTime(event)) {
            const std::uint32_t thread = threadOf(event);
            takeSlice(event, thread);
            if (event.has(Event::BindId)) {
                takeFlows(event, thread);
            }
        }
        break;
    case 'M':
        takeOther(event, threadOf(event));
        break;
    case 0:
        m_piece.faults.add(Fault::NoPhase);
        break;
    default:
        if (!isOther(event.phase)) {
            ++m_piece.faults.unshown[event.phase];
        } else if (checkTime(event)) {
            takeOther(event, threadOf(event));
        }
    }
}

bool PieceReader::checkTime(const Event& event) {
    if (event.has(Event::Time)) {
        const Nanoseconds begin = event.time.rounded();
        m_piece.earliest = std::min(m_piece.earliest, begin);
        m_piece.latest = std::max(m_piece.latest, begin);
        return true;
    }
    m_piece.faults.add(event.has(Event::TimeOutOfRange) ? Fault::TimeOutOfRange : Fault::NoTime);
    return false;
}

void PieceReader::takeSlice(const Event& event, std::uint32_t thread) {
    Slice slice;
    slice.begin = event.time.rounded();
    if (event.phase != 'X') {
        slice.duration = event.phase == 'B' ? Slice::kBegins : Slice::kEnds;
    } else if (event.has(Event::Duration)) {
        slice.duration = durationFrom(event.time, event.duration);
        if (event.duration.ns < 0) {
            m_piece.faults.add(Fault::NegativeDuration);
            slice.duration = 0;
        } else if (slice.duration > kLatest - slice.begin) {
            m_piece.faults.add(Fault::TimeOutOfRange);
            return;
        }
        m_piece.latest = std::max(m_piece.latest, slice.begin + slice.duration);
    } else if (event.has(Event::DurationOutOfRange)) {
        m_piece.faults.add(Fault::TimeOutOfRange);
        return;
    } else {
        slice.duration = Slice::kUnended;
    }
    slice.name = event.has(Event::Name) ? m_piece.names.numberOf(event.name) + 1 : 0;
    slice.event =
        event.has(Event::Args) ? static_cast<std::uint32_t>(event.begin - m_piece.begin) + 1 : 0;
    m_piece.hasDetails = m_piece.hasDetails || slice.event != 0;
    m_slices.push_back(slice);
    m_threadOfSlice.push_back(thread);
    ++m_sliceCounts[thread];
}

/// "bind_id" with "flow_in" or "flow_out" binds a slice without an event of its own.
void PieceReader::takeFlows(const Event& event, std::uint32_t thread) {
    const bool isIn = event.has(Event::FlowIn);
    const bool isOut = event.has(Event::FlowOut);
    if (!isIn && !isOut) {
        return;
    }
    OtherEvent flow;
    flow.phase = !isIn ? 's' : isOut ? 't' : 'f';
    flow.idKind = 'b';
    flow.bindsEnclosing = true;
    flow.thread = thread;
    flow.id = m_piece.keys.numberOf(event.bindId) + 1;
    flow.time = event.time;
    m_piece.others.push_back(flow);
}

void PieceReader::takeOther(const Event& event, std::uint32_t thread) {
    const auto keyOf = [&](Event::Field field, std::string_view text) {
        return event.has(field) ? m_piece.keys.numberOf(text) + 1 : 0;
    };
    OtherEvent other;
    other.phase = event.phase;
    other.scope = event.scope;
    other.idKind = event.idKind;
    other.bindsEnclosing = event.has(Event::BindsEnclosing);
    other.thread = thread;
    other.name = event.has(Event::Name) ? m_piece.names.numberOf(event.name) + 1 : 0;
    other.category = keyOf(Event::Category, event.category);
    other.id = keyOf(Event::Id, event.id);
    other.idScope = keyOf(Event::IdScope, event.idScope);
    other.time = event.has(Event::Time) ? event.time : Decimal{};
    if (event.has(Event::Args)) {
        other.args = event.args;
        m_piece.hasDetails = true;
        other.detail = static_cast<std::uint64_t>(event.begin - m_textBegin);
    }
    m_piece.others.push_back(other);
}

std::uint32_t PieceReader::threadOf(const Event& event) {
    const bool hasPid = event.has(Event::Pid);
    const bool hasTid = event.has(Event::Tid);
    if ((hasPid && !event.pid.text.empty()) || (hasTid && !event.tid.text.empty())) {
        const ThreadKey key{hasPid ? event.pid : Identity{}, hasTid ? event.tid : Identity{}};
        const auto [place, isNew] = m_named.try_emplace(textKeyOf(key), kNoThread);
        if (isNew) {
            place->second = addThread(key);
        }
        return place->second;
    }
    const std::int64_t pid = hasPid ? event.pid.number : 0;
    const std::int64_t tid = hasTid ? event.tid.number : 0;
    NumberedThread& numbered = m_numbered[placeOf(pid, tid)];
    if (numbered.number != kNoThread) {
        return numbered.number;
    }
    const std::uint32_t number = addThread({{pid, {}}, {tid, {}}});
    numbered = {pid, tid, number};
    if (2 * m_piece.threads.size() > m_numbered.size()) {
        growNumbered();
    }
    return number;
}

/// Where a thread is in the table, or the free place where it belongs.
inline std::size_t PieceReader::placeOf(std::int64_t pid, std::int64_t tid) const {
    auto hash = (static_cast<std::uint64_t>(pid) * 31 + static_cast<std::uint64_t>(tid)) *
                0x9e3779b97f4a7c15;
    hash ^= hash >> 32;
    const std::size_t mask = m_numbered.size() - 1;
    std::size_t place = hash & mask;
    while (m_numbered[place].number != kNoThread &&
           (m_numbered[place].pid != pid || m_numbered[place].tid != tid)) {
        place = (place + 1) & mask;
    }
    return place;
}

void PieceReader::growNumbered() {
    std::vector<NumberedThread> before(2 * m_numbered.size());
    before.swap(m_numbered);
    for (const NumberedThread& thread : before) {
        if (thread.number != kNoThread) {
            m_numbered[placeOf(thread.pid, thread.tid)] = thread;
        }
    }
}

std::uint32_t PieceReader::addThread(const ThreadKey& key) {
    m_piece.threads.push_back(key);
    m_sliceCounts.push_back(0);
    return static_cast<std::uint32_t>(m_piece.threads.size() - 1);
}

bool PieceReader::sortIntoThreads(SliceArena& arena) {
    Slice* to = arena.take(m_slices.size());
    if (to == nullptr) {
        return m_slices.empty();
    }
    std::vector<Slice*> next(m_sliceCounts.size());
    for (std::uint32_t thread = 0; thread < m_sliceCounts.size(); ++thread) {
        next[thread] = to;
        if (m_sliceCounts[thread] != 0) {
            m_piece.groups.push_back({thread, to, m_sliceCounts[thread]});
        }
        to += m_sliceCounts[thread];
    }
    for (std::size_t i = 0; i < m_slices.size(); ++i) {
        *next[m_threadOfSlice[i]]++ = m_slices[i];
    }
    return true;
}

} // namespace interleave::chrome_trace
