// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/python/agent/emit.h"

#include "engine/python/agent/own_segment.h"
#include "engine/python/agent/process.h"
#include "engine/python/agent/system_calls.h"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <limits>
#include <sys/prctl.h>

namespace interleave::agent {

using namespace record;

constinit Recorder recorder;
constinit thread_local Stream stream;

namespace {

/// While its thread writes, a signal handler's events are dropped.
class Busy {
public:
    explicit Busy(Stream& mine)
        : m_stream(mine) {
        m_stream.isBusy = true;
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }
    Busy(const Busy&) = delete;
    Busy& operator=(const Busy&) = delete;
    ~Busy() {
        std::atomic_signal_fence(std::memory_order_seq_cst);
        m_stream.isBusy = false;
    }

private:
    Stream& m_stream;
};

void drop(Stream& mine, std::uint64_t events) {
    mine.unreportedDrops += events;
    if (mine.entry != nullptr) {
        std::atomic_ref(mine.entry->droppedEvents).fetch_add(events, std::memory_order_relaxed);
    }
    countDropped(events);
}

/// Makes a chunk the stream's last.
void append(Stream& mine, EventChunk* chunk) {
    if (mine.chunk == nullptr) {
        recorder.openStreams.fetch_add(1, std::memory_order_relaxed);
    }
    chunk->header.sequence = mine.sequence++;
    std::atomic_ref(chunk->header.owner).store(mine.id, std::memory_order_release);
    mine.chunk = chunk;
    mine.cursor = chunk->events;
    mine.end = chunk->events + kEventsPerChunk;
}

/// Ends the stream's chunk before it is full.
void closeChunk(Stream& mine) {
    const auto count = static_cast<std::uint32_t>(mine.cursor - mine.chunk->events);
    std::atomic_ref(mine.chunk->header.closed).store(count + 1, std::memory_order_release);
    mine.cursor = mine.end = nullptr;
}

void reportDrops(Stream& mine, std::uint64_t stamp) {
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    const auto events = static_cast<std::uint32_t>(std::min(mine.unreportedDrops, most));
    mine.unreportedDrops = 0;
    detail::put(mine, stamp, EventKind::Dropped, events, 0);
}

void putCpuTime(Stream& mine, std::uint64_t stamp) {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    const std::uint64_t ns = static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000u +
                             static_cast<std::uint64_t>(time.tv_nsec);
    detail::put(mine, stamp, EventKind::ThreadCpuTime, static_cast<std::uint32_t>(ns),
                static_cast<std::uint32_t>(ns >> 32));
}

/// Adds the stream to the table, before its first chunk: readers look for the owner of a chunk.
bool list(Stream& mine) {
    char name[16] = "";
    prctl(PR_GET_NAME, name, 0, 0, 0);
    mine.tid = currentTid();
    mine.entry = addStream(mine.tid, recorder.clock, name, mine.id);
    return mine.entry != nullptr;
}

/// Whether this process is recorded still, and is the one that the segment is for.
bool isOurs() {
    if (!isRecording()) {
        return false;
    }
    if (currentPid() != recorder.pid) {
        // A child that no fork handler saw (raw clone), or one of vfork in its parent's memory.
        return false;
    }
    return true;
}

} // namespace

namespace detail {

bool makeRoom(Stream& mine, std::uint64_t stamp) {
    if (!recorder.isOpen.load(std::memory_order_acquire)) {
        return false;
    }
    if (!mayHaveSpace() || (mine.id == 0 && streamTableIsFull())) {
        drop(mine, 1);
        return false;
    }
    const ErrnoGuard keep;
    if (!isOurs()) {
        return false;
    }
    EventChunk* const next = mine.id != 0 || list(mine) ? takeChunk() : nullptr;
    if (next == nullptr) {
        drop(mine, 1);
        return false;
    }
    const bool isFirst = mine.sequence == 0;
    append(mine, next);
    if (isFirst) {
        detail::put(mine, stamp, EventKind::ThreadStarted, mine.tid, mine.creator);
        putCpuTime(mine, stamp);
    }
    if (!mine.isArmed) {
        mine.isArmed = noticeThreadEnd();
    }
    if (mine.unreportedDrops > 0) {
        reportDrops(mine, stamp);
    }
    return true;
}

void dropWhileBusy(Stream& mine) {
    if (recorder.isOpen.load(std::memory_order_relaxed)) {
        drop(mine, 1);
    }
}

} // namespace detail

void emitText(EventKind kind, std::uint32_t a, const char* text, std::size_t bytes) {
    Stream& mine = stream;
    bytes = std::min(bytes, kMaxTextBytes);
    const std::uint64_t events = 1 + (bytes + 14) / 15;
    if (!recorder.isOpen.load(std::memory_order_acquire)) {
        return;
    }
    if (mine.isBusy) {
        drop(mine, events);
        return;
    }
    const Busy busy(mine);
    const std::uint64_t stamp = stampNow();
    if (mine.cursor == mine.end && !detail::makeRoom(mine, stamp)) {
        return;
    }
    // All of it or nothing: a second chunk is taken before the first word.
    EventChunk* next = nullptr;
    if (static_cast<std::uint64_t>(mine.end - mine.cursor) < events) {
        const ErrnoGuard keep;
        next = mayHaveSpace() && isOurs() ? takeChunk() : nullptr;
        if (next == nullptr) {
            drop(mine, events);
            return;
        }
    }
    const auto putPart = [&](std::uint64_t part, EventKind partKind, std::uint32_t first,
                             std::uint32_t second) {
        if (mine.cursor == mine.end) {
            append(mine, next);
        }
        detail::put(mine, part, partKind, first, second);
    };
    putPart(stamp, kind, a, static_cast<std::uint32_t>(bytes));
    for (std::size_t at = 0; at < bytes; at += 15) {
        unsigned char part[16] = {};
        std::memcpy(part, text + at, std::min(bytes - at, std::size_t{15}));
        std::uint64_t inStamp = 0;
        std::uint32_t first = 0;
        std::uint32_t second = 0;
        std::memcpy(&inStamp, part, 7);
        std::memcpy(&first, part + 7, 4);
        std::memcpy(&second, part + 11, 4);
        putPart(inStamp, EventKind::Text, first, second);
    }
}

namespace {

std::size_t joinTexts(char (&joined)[512], const char* first, const char* second) {
    const std::size_t firstBytes = strnlen(first, 127);
    const std::size_t secondBytes = strnlen(second, sizeof joined - 129);
    std::memcpy(joined, first, firstBytes);
    joined[firstBytes] = 0;
    std::memcpy(joined + firstBytes + 1, second, secondBytes);
    return firstBytes + 1 + secondBytes;
}

std::uint32_t nextNumber(std::atomic<std::uint32_t>& counter, std::uint32_t most) {
    if (counter.load(std::memory_order_relaxed) >= most) {
        return 0;
    }
    const std::uint32_t number = counter.fetch_add(1, std::memory_order_relaxed) + 1;
    return number <= most ? number : 0;
}

} // namespace

void note(Severity severity, const char* kind, const char* sentence) {
    char text[512];
    const std::size_t bytes = joinTexts(text, kind, sentence);
    emitText(EventKind::Noted, static_cast<std::uint32_t>(severity), text, bytes);
}

void mark(const char* text) {
    emitText(EventKind::Marked, 0, text, std::strlen(text));
}

std::uint32_t nameObject(const char* kind, const char* name) {
    // Where the manifest has objects of its own, these must not be taken for them.
    const bool isModel = (recorder.groups & static_cast<std::uint32_t>(Group::Model)) != 0;
    const std::uint32_t before = isModel ? record::kFirstOwnObject - 1 : 0;
    std::uint32_t number = nextNumber(recorder.objects, kMaxObjects - before);
    if (number != 0) {
        number += before;
        char text[512];
        const std::size_t bytes = joinTexts(text, kind, name);
        emitText(EventKind::ObjectNamed, number, text, bytes);
    }
    return number;
}

std::uint32_t nameTask(const char* text, std::size_t bytes) {
    const std::uint32_t number = nextNumber(recorder.tasks, kMaxTasks);
    if (number != 0) {
        emitText(EventKind::TaskNamed, number, text, bytes);
    }
    return number;
}

std::uint32_t nameMessage(const char* key, std::size_t bytes) {
    const std::uint32_t number = nextNumber(recorder.messages, kMaxTasks);
    if (number != 0) {
        emitText(EventKind::MessageNamed, number, key, bytes);
    }
    return number;
}

std::uint32_t nameStep(const char* text, std::size_t bytes) {
    const std::uint32_t number = nextNumber(recorder.steps, kMaxSteps);
    if (number != 0) {
        emitText(EventKind::StepNamed, number, text, bytes);
    }
    return number;
}

void openThreadStream() {
    Stream& mine = stream;
    if (mine.id != 0 || mine.isBusy || !recorder.isOpen.load(std::memory_order_acquire)) {
        return;
    }
    const Busy busy(mine);
    detail::makeRoom(mine, stampNow());
}

void endThreadStream() {
    Stream& mine = stream;
    if (mine.id == 0 || mine.isBusy) {
        return;
    }
    const ErrnoGuard keep;
    if (currentPid() != recorder.pid) {
        return; // a child of vfork that ends in its parent's memory
    }
    const Busy busy(mine);
    const std::uint64_t stamp = stampNow();
    if (mine.end - mine.cursor == 1) {
        closeChunk(mine);
    }
    if (mine.cursor == mine.end && !detail::makeRoom(mine, stamp)) {
        return;
    }
    putCpuTime(mine, stamp);
    detail::put(mine, stamp, EventKind::ThreadEnded, mine.tid, 0);
    closeChunk(mine);
    mine.chunk = nullptr;
    recorder.openStreams.fetch_sub(1, std::memory_order_relaxed);
    mine.isArmed = false;
}

} // namespace interleave::agent
