// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/python/agent/own_segment.h"

#include "engine/python/agent/short_lock.h"
#include "engine/python/agent/system_calls.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <sys/resource.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

namespace interleave::agent {

using namespace record;

namespace {

constexpr std::uint32_t kFirstPieceChunks = 4;
constexpr std::uint32_t kLargestPieceChunks = 64;
constexpr std::size_t kWindowBytes = std::size_t{16} << 20;
constexpr std::size_t kSmallWindowBytes = std::size_t{1} << 20; // address space is limited
constexpr std::size_t kMostBytes = kPageBytes + std::size_t{kMaxChunks} * kChunkBytes;
constexpr std::size_t kMaxWindows = kMostBytes / kSmallWindowBytes + 1;
constexpr std::size_t kPathBytes = 4096;
constexpr int kMostNamesPerPid = 10'000;
constexpr std::int64_t kRetryNs = 1'000'000;

struct OwnSegment {
    char path[kPathBytes] = "";
    std::byte* windows[kMaxWindows] = {};
    std::size_t windowBytes = 0;
    std::size_t fileBytes = 0;
    std::uint32_t maximumChunks = 0; // 0: no segment
    std::int64_t* budget = nullptr;  // of the runner's header
    ShortLock growLock;
    std::uint32_t pieceChunks = kFirstPieceChunks;
    std::uint32_t residentChunks = 0; // before that, pages were given back to the kernel
    std::atomic<std::int64_t> retryAtNs = 0;
    ShortLock tableLock;
    TableChunk* table = nullptr;
    std::uint32_t tableCount = 0;
};

constinit OwnSegment own;

SegmentHeader& header() {
    return *reinterpret_cast<SegmentHeader*>(own.windows[0]);
}

std::byte* addressOf(std::uint64_t offset) {
    return own.windows[offset / own.windowBytes] + offset % own.windowBytes;
}

/// The most that a resource limit leaves.
std::size_t limitOf(int resource) {
    rlimit limit{};
    if (syscall(SYS_prlimit64, 0, resource, nullptr, &limit) != 0 ||
        limit.rlim_cur == RLIM_INFINITY) {
        return SIZE_MAX;
    }
    return limit.rlim_cur;
}

/// Makes the file as large as the file system lets it be; it stays sparse. 0: it refuses.
std::size_t stretch(int fd, std::size_t bytes) {
    constexpr std::size_t smallest = kPageBytes + 2 * kChunkBytes;
    while (bytes >= smallest) {
        if (syscall(SYS_ftruncate, fd, bytes) == 0) {
            return bytes;
        }
        bytes = bytes / 2 - bytes / 2 % kPageBytes;
    }
    return 0;
}

void* map(int fd, std::uint64_t offset, std::size_t bytes) {
    const long address = syscall(SYS_mmap, nullptr, bytes, PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_NORESERVE, fd, offset);
    if (address == -1) {
        return nullptr;
    }
    auto* const window = reinterpret_cast<void*>(address);
    syscall(SYS_madvise, window, bytes, MADV_DONTDUMP);
    return window;
}

std::size_t bytesOfWindow(std::size_t window) {
    return std::min(own.windowBytes, own.fileBytes - window * own.windowBytes);
}

bool mapWindow(std::size_t window, int fd) {
    if (own.windows[window] == nullptr && fd >= 0) {
        own.windows[window] =
            static_cast<std::byte*>(map(fd, window * own.windowBytes, bytesOfWindow(window)));
    }
    return own.windows[window] != nullptr;
}

/// Enters the pages into this process' page table. Where the disk is full it says so, and a plain
/// write would be a SIGBUS. `isReserved`: the space is there for sure.
bool enter(std::byte* address, std::size_t bytes, bool isReserved) {
    long result = 0;
    do {
        result = syscall(SYS_madvise, address, bytes, MADV_POPULATE_WRITE);
    } while (result != 0 && errno == EINTR);
    if (result != 0 && errno == EINVAL && isReserved) { // before Linux 5.14
        for (std::size_t at = 0; at < bytes; at += kPageBytes) {
            std::atomic_ref(*reinterpret_cast<std::uint64_t*>(address + at)).fetch_add(0);
        }
        return true;
    }
    return result == 0;
}

/// Puts disk space and memory behind chunks [first, last), which lie in one window.
bool populate(std::uint32_t first, std::uint32_t last) {
    const std::uint64_t offset = chunkOffset(first);
    const std::size_t bytes = std::size_t{last - first} * kChunkBytes;
    std::atomic_ref budget(*own.budget);
    const auto cost = static_cast<std::int64_t>(bytes);
    if (budget.fetch_sub(cost, std::memory_order_relaxed) < cost) {
        budget.fetch_add(cost, std::memory_order_relaxed);
        return false;
    }
    // The path may be out of reach: another user, another root, no descriptor left. Then a window
    // that is mapped already can be filled all the same.
    const int fd = openFile(own.path, O_RDWR);
    bool isReserved = false;
    bool isRefused = false;
    if (fd >= 0) {
        long result = 0;
        do {
            result = syscall(SYS_fallocate, fd, 0, offset, bytes);
        } while (result != 0 && errno == EINTR);
        isReserved = result == 0;
        isRefused = result != 0 && errno != EOPNOTSUPP && errno != ENOSYS;
    }
    const bool isDone = !isRefused && mapWindow(offset / own.windowBytes, fd) &&
                        enter(addressOf(offset), bytes, isReserved);
    if (fd >= 0) {
        closeFile(fd);
    }
    if (!isDone) {
        budget.fetch_add(cost, std::memory_order_relaxed);
    }
    return isDone;
}

std::int64_t coarseNow() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

/// What is full counts as the program's resident memory, which is what users look at; the pages
/// stay in the page cache. The last piece is kept for streams that still write there.
void giveBack(std::uint32_t populated) {
    const std::uint32_t last =
        populated > 2 * kLargestPieceChunks ? populated - 2 * kLargestPieceChunks : 0;
    while (own.residentChunks < last) {
        const std::uint64_t offset = chunkOffset(own.residentChunks);
        const std::size_t room = own.windowBytes - offset % own.windowBytes;
        const std::size_t bytes =
            std::min(room, std::size_t{last - own.residentChunks} * kChunkBytes);
        syscall(SYS_madvise, addressOf(offset), bytes, MADV_DONTNEED);
        own.residentChunks += static_cast<std::uint32_t>(bytes / kChunkBytes);
    }
}

/// With growLock: one piece more, or a part of one.
bool addPiece() {
    std::atomic_ref populated(header().populatedChunks);
    const std::uint32_t first = populated.load(std::memory_order_relaxed);
    const std::uint64_t windowEnd = (chunkOffset(first) / own.windowBytes + 1) * own.windowBytes;
    const std::uint32_t most =
        std::min(own.maximumChunks - first,
                 static_cast<std::uint32_t>((windowEnd - chunkOffset(first)) / kChunkBytes));
    for (std::uint32_t piece = std::min(own.pieceChunks, most); piece > 0; piece /= 2) {
        if (populate(first, first + piece)) {
            populated.store(first + piece, std::memory_order_release);
            std::atomic_ref(header().capacityChunks)
                .store(own.maximumChunks, std::memory_order_relaxed);
            own.pieceChunks = std::min(own.pieceChunks * 2, kLargestPieceChunks);
            giveBack(first + piece);
            return true;
        }
    }
    std::atomic_ref(header().capacityChunks).store(first, std::memory_order_relaxed);
    own.retryAtNs.store(coarseNow() + kRetryNs, std::memory_order_relaxed);
    return false;
}

/// False: there is no space for chunk `index`.
bool growTo(std::uint32_t index) {
    std::atomic_ref populated(header().populatedChunks);
    if (index >= own.maximumChunks || coarseNow() < own.retryAtNs.load(std::memory_order_relaxed) ||
        !own.growLock.lock()) {
        return false;
    }
    bool isThere = true;
    while (isThere && populated.load(std::memory_order_relaxed) <= index) {
        isThere = addPiece();
    }
    own.growLock.unlock();
    return isThere;
}

/// So that other threads seldom wait for a piece.
void growAhead(std::uint32_t taken) {
    std::atomic_ref populated(header().populatedChunks);
    const std::uint32_t there = populated.load(std::memory_order_relaxed);
    if (there - taken > own.pieceChunks / 4 || there >= own.maximumChunks ||
        coarseNow() < own.retryAtNs.load(std::memory_order_relaxed) || !own.growLock.tryLock()) {
        return;
    }
    if (populated.load(std::memory_order_relaxed) == there) {
        addPiece();
    }
    own.growLock.unlock();
}

void copyName(char (&target)[kNameBytes], const char* name) {
    std::size_t length = strnlen(name, kNameBytes - 1);
    if (name[length] != 0) { // cut at a character's boundary
        while (length > 0 && (static_cast<unsigned char>(name[length]) & 0xc0u) == 0x80u) {
            --length;
        }
    }
    std::memcpy(target, name, length);
    target[length] = 0;
}

SegmentHeader firstHeader(const SegmentHeader& runner, std::uint32_t pid, WriterKind kind,
                          const char* processName, std::size_t bytes) {
    SegmentHeader mine{};
    mine.magic = kSegmentMagic;
    mine.version = kSegmentVersion;
    mine.pid = pid;
    mine.maximumBytes = bytes;
    mine.originTicks = runner.originTicks;
    mine.originNs = runner.originNs;
    mine.nsPerTick = runner.nsPerTick;
    mine.clock = runner.clock;
    mine.isEnabled = 1;
    mine.writerKind = static_cast<std::uint32_t>(kind);
    mine.capacityChunks = static_cast<std::uint32_t>((bytes - kPageBytes) / kChunkBytes);
    copyName(mine.processName, processName);
    return mine;
}

bool writeHeader(int fd, const SegmentHeader& mine) {
    std::byte page[kPageBytes] = {};
    std::memcpy(page, &mine, sizeof mine);
    return syscall(SYS_pwrite64, fd, page, sizeof page, 0) == static_cast<long>(sizeof page);
}

/// The file gets its name when its header is whole.
bool giveName(const char* from, const char* to) {
    constexpr unsigned noReplace = 1;
    if (syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, noReplace) == 0) {
        return true;
    }
    if (errno == EINVAL || errno == ENOSYS) { // a file system that can't promise it
        return syscall(SYS_faccessat, AT_FDCWD, to, F_OK) != 0 &&
               syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to) == 0;
    }
    return false;
}

} // namespace

bool openSegment(const char* folder, std::uint32_t pid, const SegmentHeader& runner,
                 WriterKind kind, const char* processName) {
    leaveSegment();
    own.windowBytes = limitOf(RLIMIT_AS) == SIZE_MAX ? kWindowBytes : kSmallWindowBytes;
    std::size_t wanted = std::min(
        {static_cast<std::size_t>(runner.maximumBytes), limitOf(RLIMIT_FSIZE), kMostBytes});
    wanted -= wanted % kPageBytes;
    char unfinished[kPathBytes + 8];
    int fd = -1;
    for (int attempt = 1; attempt <= kMostNamesPerPid; ++attempt) {
        char suffix[16] = "";
        if (attempt > 1) {
            std::snprintf(suffix, sizeof suffix, "-%d", attempt);
        }
        const int length =
            std::snprintf(own.path, sizeof own.path, "%s/%u%s.seg", folder, pid, suffix);
        if (length < 0 || static_cast<std::size_t>(length) >= sizeof own.path) {
            return false;
        }
        std::snprintf(unfinished, sizeof unfinished, "%s.new", own.path);
        fd = openFile(unfinished, O_RDWR | O_CREAT | O_EXCL, 0600);
        if (fd < 0 && errno == EEXIST) {
            continue;
        }
        if (fd < 0) {
            return false;
        }
        own.fileBytes = stretch(fd, wanted);
        bool isNamed = false;
        int error = ENOSPC;
        if (own.fileBytes != 0 &&
            writeHeader(fd, firstHeader(runner, pid, kind, processName, own.fileBytes)) &&
            mapWindow(0, fd) && enter(own.windows[0], kPageBytes, true)) {
            isNamed = giveName(unfinished, own.path);
            error = errno;
        }
        closeFile(fd);
        if (isNamed) {
            break;
        }
        syscall(SYS_unlinkat, AT_FDCWD, unfinished, 0);
        leaveSegment();
        if (error != EEXIST) {
            return false;
        }
    }
    if (own.windows[0] == nullptr) {
        return false;
    }
    own.budget = const_cast<std::int64_t*>(&runner.agentBudgetBytes);
    own.maximumChunks = static_cast<std::uint32_t>((own.fileBytes - kPageBytes) / kChunkBytes);
    return true;
}

void leaveSegment() {
    for (std::size_t window = 0; window < kMaxWindows && own.windows[window] != nullptr; ++window) {
        syscall(SYS_munmap, own.windows[window], bytesOfWindow(window));
        own.windows[window] = nullptr;
    }
    own.maximumChunks = 0;
    own.pieceChunks = kFirstPieceChunks;
    own.residentChunks = 0;
    own.retryAtNs.store(0, std::memory_order_relaxed);
    own.growLock.reset();
    own.tableLock.reset();
    own.table = nullptr;
    own.tableCount = 0;
}

bool mayHaveSpace() {
    return own.maximumChunks != 0 &&
           (std::atomic_ref(header().nextChunk).load(std::memory_order_relaxed) <
                std::atomic_ref(header().populatedChunks).load(std::memory_order_relaxed) ||
            coarseNow() >= own.retryAtNs.load(std::memory_order_relaxed));
}

EventChunk* takeChunk() {
    if (own.maximumChunks == 0) {
        return nullptr;
    }
    std::atomic_ref next(header().nextChunk);
    std::atomic_ref populated(header().populatedChunks);
    std::uint32_t index = next.load(std::memory_order_relaxed);
    for (;;) {
        if (index >= populated.load(std::memory_order_acquire)) {
            if (!growTo(index)) {
                return nullptr;
            }
            index = next.load(std::memory_order_relaxed);
        } else if (next.compare_exchange_weak(index, index + 1, std::memory_order_relaxed)) {
            growAhead(index + 1);
            return reinterpret_cast<EventChunk*>(addressOf(chunkOffset(index)));
        }
    }
}

bool streamTableIsFull() {
    return std::atomic_ref(header().streamCount).load(std::memory_order_relaxed) >= kMaxStreams;
}

StreamEntry* addStream(std::uint32_t tid, ClockKind clock, const char* name, std::uint32_t& id) {
    if (own.maximumChunks == 0 || streamTableIsFull() || !own.tableLock.lock()) {
        return nullptr;
    }
    StreamEntry* entry = nullptr;
    const std::uint32_t index = header().streamCount;
    if (index < kMaxStreams && index == own.tableCount * kEntriesPerChunk) {
        if (EventChunk* taken = takeChunk()) {
            own.table = reinterpret_cast<TableChunk*>(taken);
            own.table->header.sequence = own.tableCount++;
            std::atomic_ref(own.table->header.owner).store(kTableOwner, std::memory_order_release);
        }
    }
    if (index < kMaxStreams && index < own.tableCount * kEntriesPerChunk) {
        entry = &own.table->entries[index % kEntriesPerChunk];
        entry->tid = tid;
        entry->clock = static_cast<std::uint8_t>(clock);
        copyName(entry->name, name);
        id = index + 1;
        std::atomic_ref(entry->id).store(id, std::memory_order_release);
        std::atomic_ref(header().streamCount).store(id, std::memory_order_release);
    }
    own.tableLock.unlock();
    return entry;
}

void countDropped(std::uint64_t events) {
    if (own.maximumChunks != 0) {
        std::atomic_ref(header().droppedEvents).fetch_add(events, std::memory_order_relaxed);
    }
}

void closeSegment() {
    if (own.maximumChunks != 0) {
        std::atomic_ref(header().isClosed).store(1, std::memory_order_release);
    }
}

} // namespace interleave::agent
