// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/record/writer.h"

#include "engine/record/segment.h"

#include <algorithm>
#include <ctime>
#include <limits>
#include <unistd.h>
#include <utility>

namespace interleave::record {

namespace {

/// After so many drops a writer looks for returned space itself: worker processes have no observer.
constexpr std::uint64_t kDropsBetweenTries = 65'536;

/// The kernel's name of a thread's CPU clock; of any thread of this process, dead ones give an
/// error when read.
clockid_t cpuClockOf(std::uint32_t tid) {
    return static_cast<clockid_t>((~tid << 3) | 6u);
}

constexpr bool isProgramThread(StreamRole role) {
    return role == StreamRole::Worker || role == StreamRole::Control;
}

} // namespace

Writer::Writer(std::shared_ptr<Segment> segment, const StreamInfo& info)
    : m_segment(std::move(segment))
    , m_tid(info.tid != 0 ? info.tid : static_cast<std::uint32_t>(gettid()))
    , m_clock(info.clock)
    , m_role(info.role)
    , m_isOfOther(info.tid != 0) {
    const Clock& clock = m_segment->clock();
    if (clock.kind == ClockKind::Monotonic) {
        m_clock = ClockKind::Monotonic;
    }
    m_originTicks = m_clock == ClockKind::Tsc
                        ? clock.origin.ticks
                        : static_cast<std::uint64_t>(clock.origin.monotonicNs);
    StreamInfo actual = info;
    actual.clock = m_clock;
    m_entry = m_segment->addStream(actual, m_tid, m_stream);
    if (m_isOfOther) {
        return; // whoever tells of it knows when it began
    }
    emit(EventKind::ThreadStarted, m_tid, 0);
    if (isProgramThread(m_role)) {
        emitCpuTime();
    }
}

Writer::Writer(Writer&& other) noexcept {
    take(other);
}

Writer& Writer::operator=(Writer&& other) noexcept {
    if (this != &other) {
        close();
        take(other);
    }
    return *this;
}

Writer::~Writer() {
    close();
}

void Writer::take(Writer& other) noexcept {
    m_cursor = std::exchange(other.m_cursor, nullptr);
    m_end = std::exchange(other.m_end, nullptr);
    m_originTicks = other.m_originTicks;
    m_segment = std::move(other.m_segment);
    m_chunk = std::exchange(other.m_chunk, nullptr);
    m_entry = std::exchange(other.m_entry, nullptr);
    m_unreportedDrops = other.m_unreportedDrops;
    m_stream = other.m_stream;
    m_sequence = other.m_sequence;
    m_tid = other.m_tid;
    m_clock = other.m_clock;
    m_role = other.m_role;
    m_isOfOther = other.m_isOfOther;
}

bool Writer::changeChunk() {
    EventChunk* next = m_entry == nullptr ? nullptr : m_segment->takeChunk();
    if (next == nullptr) {
        countDropped();
        return false;
    }
    next->header.sequence = m_sequence++;
    std::atomic_ref(next->header.owner).store(m_stream, std::memory_order_release);
    m_chunk = next;
    m_cursor = next->events;
    m_end = next->events + kEventsPerChunk;
    if (m_unreportedDrops > 0) {
        reportDropped();
    }
    return true;
}

void Writer::countDropped() {
    m_segment->countDropped();
    if (m_entry == nullptr) {
        return;
    }
    std::atomic_ref(m_entry->droppedEvents).fetch_add(1, std::memory_order_relaxed);
    if (++m_unreportedDrops % kDropsBetweenTries == 0) {
        m_segment->populateAhead(kChunkBytes);
    }
}

void Writer::reportDropped() {
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    put(now(), EventKind::Dropped,
        static_cast<std::uint32_t>(std::min(std::exchange(m_unreportedDrops, 0), most)), 0);
}

void Writer::emitCpuTime() {
    timespec time{};
    if (clock_gettime(cpuClockOf(m_tid), &time) != 0) {
        return; // another thread ends this writer, and its own thread has gone
    }
    const std::uint64_t ns = static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000u +
                             static_cast<std::uint64_t>(time.tv_nsec);
    emit(EventKind::ThreadCpuTime, static_cast<std::uint32_t>(ns),
         static_cast<std::uint32_t>(ns >> 32));
}

void Writer::close() {
    if (m_segment == nullptr) {
        return;
    }
    if (isProgramThread(m_role) && !m_isOfOther) {
        emitCpuTime();
        emit(EventKind::ThreadEnded, m_tid, 0);
    }
    if (m_chunk != nullptr) {
        const auto count = static_cast<std::uint32_t>(m_cursor - m_chunk->events);
        std::atomic_ref(m_chunk->header.closed).store(count + 1, std::memory_order_release);
    }
    m_cursor = m_end = nullptr;
    m_chunk = nullptr;
    m_segment.reset();
}

std::uint64_t Writer::stampOfMonotonic(std::int64_t monotonicNs) const {
    if (m_segment == nullptr) {
        return 0;
    }
    const Clock& clock = m_segment->clock();
    if (m_clock == ClockKind::Tsc) {
        return clock.stampOfMonotonic(monotonicNs);
    }
    const std::int64_t sinceOrigin = monotonicNs - clock.origin.monotonicNs;
    return sinceOrigin > 0 ? static_cast<std::uint64_t>(sinceOrigin) : 0;
}

} // namespace interleave::record
