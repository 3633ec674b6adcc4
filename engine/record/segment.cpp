// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/record/segment.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <pthread.h>
#include <string_view>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

namespace interleave::record {

/// The segments of this process, for the fork handler. The one mutable global of this folder: fork
/// happens to the whole process, and its handler gets no argument.
struct ForkList {
    std::mutex mutex;
    Segment* first = nullptr;
    bool isInstalled = false;

    static void prepare();
    static void inParent();
    static void inChild();
};

namespace {

constinit ForkList forkList;

constexpr std::uint32_t kPieceChunks = 256; // filled in one go: 1 MiB
constexpr std::uint32_t kInlineChunks = 32; // filled by a writer that outran the observer
constexpr std::size_t kSmallestSegment = kPageBytes + 2 * kChunkBytes;
constexpr int kMostNamesPerPid = 10'000;

std::unexpected<Error> refuse(const std::filesystem::path& path, const char* what, int error) {
    return fail("cannot " + std::string(what) + " the recording's segment " + path.string() + ": " +
                    std::system_category().message(error) +
                    "; make room there or choose another folder for the session (TMPDIR)",
                ErrorKind::MissingPart);
}

/// The most bytes a file of this process may have; beyond it the kernel sends SIGXFSZ.
std::size_t fileSizeLimit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
        return SIZE_MAX;
    }
    return limit.rlim_cur;
}

std::size_t sizeFor(std::size_t wanted) {
    const std::size_t most = kPageBytes + std::size_t{kMaxChunks} * kChunkBytes;
    const std::size_t bytes = std::min({wanted, fileSizeLimit(), most});
    return bytes - bytes % kPageBytes;
}

/// Cuts at a character's boundary, so that a long name stays valid UTF-8.
void copyName(char (&target)[kNameBytes], std::string_view name) {
    std::size_t length = std::min(name.size(), kNameBytes - 1);
    if (length < name.size()) {
        while (length > 0 && (static_cast<unsigned char>(name[length]) & 0xc0u) == 0x80u) {
            --length;
        }
    }
    std::memcpy(target, name.data(), length);
    target[length] = 0;
}

std::string processName() {
    char name[kNameBytes] = "";
    const int fd = open("/proc/self/comm", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        const ssize_t got = read(fd, name, sizeof name - 1);
        close(fd);
        if (got > 0) {
            return {name, static_cast<std::size_t>(got) - (name[got - 1] == '\n' ? 1 : 0)};
        }
    }
    return "process";
}

SegmentHeader firstHeader(const Clock& clock, const SegmentOptions& options, std::size_t bytes) {
    SegmentHeader header{};
    header.magic = kSegmentMagic;
    header.version = kSegmentVersion;
    header.pid = static_cast<std::uint32_t>(getpid());
    header.maximumBytes = bytes;
    header.originTicks = clock.origin.ticks;
    header.originNs = clock.origin.monotonicNs;
    header.nsPerTick = clock.nsPerTick;
    header.clock = static_cast<std::uint32_t>(clock.kind);
    header.isRunner = options.isRunner;
    header.isEnabled = options.isEnabled;
    header.agentBudgetBytes = options.agentBudgetBytes;
    header.writerKind = static_cast<std::uint32_t>(options.writer);
    header.host = options.host;
    header.capacityChunks = static_cast<std::uint32_t>((bytes - kPageBytes) / kChunkBytes);
    copyName(header.processName, processName());
    return header;
}

/// Makes the file as large as the file system lets it be; it stays sparse. 0: it refuses.
std::size_t stretch(int fd, std::size_t bytes) {
    while (bytes >= kSmallestSegment) {
        if (ftruncate(fd, static_cast<off_t>(bytes)) == 0) {
            return bytes;
        }
        if (errno != EFBIG && errno != EINVAL) {
            return 0;
        }
        bytes = bytes / 2 - bytes / 2 % kPageBytes;
    }
    return 0;
}

bool writeHeader(int fd, const SegmentHeader& header) {
    std::byte page[kPageBytes] = {};
    std::memcpy(page, &header, sizeof header);
    ssize_t done = 0;
    do {
        done = pwrite(fd, page, sizeof page, 0);
    } while (done < 0 && errno == EINTR);
    if (done >= 0 && done != static_cast<ssize_t>(sizeof page)) {
        errno = ENOSPC;
    }
    return done == static_cast<ssize_t>(sizeof page);
}

bool writeZeros(int fd, off_t offset, std::size_t bytes) {
    const std::byte page[kPageBytes] = {};
    for (std::size_t done = 0; done < bytes; done += sizeof page) {
        if (pwrite(fd, page, sizeof page, offset + static_cast<off_t>(done)) !=
            static_cast<ssize_t>(sizeof page)) {
            return false;
        }
    }
    return true;
}

/// Reserves space on the disk, so that a write to the mapping can't fail any more.
bool reserve(int fd, off_t offset, std::size_t bytes) {
    int result = 0;
    do {
        result = fallocate(fd, 0, offset, static_cast<off_t>(bytes));
    } while (result != 0 && errno == EINTR);
    if (result != 0 && (errno == EOPNOTSUPP || errno == ENOSYS)) {
        return writeZeros(fd, offset, bytes);
    }
    return result == 0;
}

/// Enters the pages into this process' page table, so that no writer meets a page fault.
bool enter(std::byte* address, std::size_t bytes) {
    int result = 0;
    do {
        result = madvise(address, bytes, MADV_POPULATE_WRITE);
    } while (result != 0 && errno == EINTR);
    if (result != 0 && errno == EINVAL) {
        // Before Linux 5.14. The space is reserved, so touching can't fail.
        for (std::size_t at = 0; at < bytes; at += kPageBytes) {
            std::atomic_ref(*reinterpret_cast<std::uint64_t*>(address + at)).fetch_add(0);
        }
        return true;
    }
    return result == 0;
}

bool renameNew(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
        return true;
    }
    if (errno == EINVAL || errno == ENOSYS) { // a file system that can't promise it
        return access(to.c_str(), F_OK) != 0 && rename(from.c_str(), to.c_str()) == 0;
    }
    return false;
}

} // namespace

Segment::Segment(const Clock& clock, std::byte* base, std::size_t bytes, int fd,
                 std::string fileName, bool isEnabled)
    : m_clock(clock)
    , m_base(base)
    , m_bytes(bytes)
    , m_fd(fd)
    , m_fileName(std::move(fileName))
    , m_isEnabled(isEnabled)
    , m_maximumChunks(static_cast<std::uint32_t>((bytes - kPageBytes) / kChunkBytes)) {
    registerForFork(this);
}

Segment::~Segment() {
    unregister(this);
    std::atomic_ref(header().isClosed).store(1, std::memory_order_release);
    munmap(m_base, m_bytes);
    if (m_fd >= 0) {
        close(m_fd);
    }
}

Result<std::shared_ptr<Segment>> Segment::create(const std::filesystem::path& folder,
                                                 const Clock& clock,
                                                 const SegmentOptions& options) {
    const std::string pid = std::to_string(getpid());
    for (int attempt = 1; attempt <= kMostNamesPerPid; ++attempt) {
        const std::string name = pid + (attempt == 1 ? "" : "-" + std::to_string(attempt)) + ".seg";
        const std::filesystem::path path = folder / name;
        // The file gets its name when its header is whole, so that readers never see half of one.
        const std::filesystem::path unfinished = folder / (name + ".new");
        const int fd = open(unfinished.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0 && errno == EEXIST) {
            continue;
        }
        if (fd < 0) {
            return refuse(path, "create", errno);
        }
        const auto giveUp = [&](const char* what, int error) {
            close(fd);
            unlink(unfinished.c_str());
            return refuse(path, what, error);
        };
        std::size_t bytes = stretch(fd, sizeFor(options.maximumBytes));
        if (bytes == 0) {
            return giveUp("enlarge", errno == 0 ? EFBIG : errno);
        }
        void* base = MAP_FAILED;
        while (base == MAP_FAILED && bytes >= kSmallestSegment) {
            base = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
            if (base == MAP_FAILED) { // too little address space: ulimit -v
                bytes = bytes / 2 - bytes / 2 % kPageBytes;
            }
        }
        if (base == MAP_FAILED) {
            return giveUp("map", errno);
        }
        if (!writeHeader(fd, firstHeader(clock, options, bytes)) ||
            !enter(static_cast<std::byte*>(base), kPageBytes)) {
            const int error = errno == EFAULT ? ENOSPC : errno;
            munmap(base, bytes);
            return giveUp("write", error);
        }
        madvise(base, bytes, MADV_DONTDUMP);
        if (!renameNew(unfinished, path)) {
            const int error = errno;
            munmap(base, bytes);
            if (error == EEXIST) {
                close(fd);
                unlink(unfinished.c_str());
                continue;
            }
            return giveUp("name", error);
        }
        std::shared_ptr<Segment> segment(
            new Segment(clock, static_cast<std::byte*>(base), bytes, fd, name, options.isEnabled));
        segment->refreshAnchor();
        if (options.isEnabled) {
            segment->populateAhead(options.populatedBytes);
        }
        return segment;
    }
    return fail("too many segments of process " + pid + " in " + folder.string(),
                ErrorKind::MissingPart);
}

SegmentHeader& Segment::header() const {
    return *reinterpret_cast<SegmentHeader*>(m_base);
}

EventChunk* Segment::chunk(std::uint32_t index) const {
    return reinterpret_cast<EventChunk*>(m_base + chunkOffset(index));
}

EventChunk* Segment::takeChunk() {
    std::atomic_ref next(header().nextChunk);
    std::atomic_ref capacity(header().capacityChunks);
    // The first test keeps a full segment's counter from running on.
    if (next.load(std::memory_order_relaxed) >= capacity.load(std::memory_order_relaxed)) {
        return nullptr;
    }
    const std::uint32_t index = next.fetch_add(1, std::memory_order_relaxed);
    if (index >= capacity.load(std::memory_order_relaxed)) {
        return nullptr;
    }
    std::atomic_ref populated(header().populatedChunks);
    if (index >= populated.load(std::memory_order_acquire) && !populateTo(index + kInlineChunks) &&
        index >= populated.load(std::memory_order_acquire)) {
        return nullptr;
    }
    return chunk(index);
}

StreamEntry* Segment::addStream(const StreamInfo& info, std::uint32_t tid, std::uint32_t& id) {
    if (m_maximumChunks == 0) { // a forked child's private copy; its mutexes may be locked for ever
        return nullptr;
    }
    const std::lock_guard lock(m_streamMutex);
    const std::uint32_t index = header().streamCount;
    if (index >= kMaxStreams) {
        return nullptr;
    }
    if (index == m_tableCount * kEntriesPerChunk) {
        EventChunk* taken = takeChunk();
        if (taken == nullptr) {
            return nullptr;
        }
        m_table = reinterpret_cast<TableChunk*>(taken);
        m_table->header.sequence = m_tableCount++;
        std::atomic_ref(m_table->header.owner).store(kTableOwner, std::memory_order_release);
    }
    StreamEntry& entry = m_table->entries[index % kEntriesPerChunk];
    entry.tid = tid;
    entry.pid = info.pid;
    entry.role = static_cast<std::uint8_t>(info.role);
    entry.clock = static_cast<std::uint8_t>(info.clock);
    copyName(entry.name, info.name);
    id = index + 1;
    std::atomic_ref(entry.id).store(id, std::memory_order_release);
    std::atomic_ref(header().streamCount).store(id, std::memory_order_release);
    return &entry;
}

void Segment::countDropped() noexcept {
    std::atomic_ref(header().droppedEvents).fetch_add(1, std::memory_order_relaxed);
}

std::uint64_t Segment::droppedEvents() const {
    return std::atomic_ref(header().droppedEvents).load(std::memory_order_relaxed);
}

std::int64_t Segment::agentBudgetLeft() const {
    return std::atomic_ref(header().agentBudgetBytes).load(std::memory_order_relaxed);
}

std::uint64_t Segment::usedBytes() const {
    const std::uint32_t chunks = std::min(
        std::atomic_ref(header().nextChunk).load(std::memory_order_relaxed), m_maximumChunks);
    return std::uint64_t{chunks} * kChunkBytes;
}

void Segment::populateAhead(std::size_t bytes) {
    const std::uint64_t target =
        std::uint64_t{std::atomic_ref(header().nextChunk).load(std::memory_order_relaxed)} +
        (bytes + kChunkBytes - 1) / kChunkBytes;
    populateTo(static_cast<std::uint32_t>(std::min<std::uint64_t>(target, m_maximumChunks)));
}

bool Segment::populateTo(std::uint32_t chunks) {
    if (m_maximumChunks == 0) {
        return false;
    }
    const std::uint32_t target = std::min(chunks, m_maximumChunks);
    std::atomic_ref populated(header().populatedChunks);
    std::atomic_ref capacity(header().capacityChunks);
    std::uint32_t piece = kPieceChunks;
    while (populated.load(std::memory_order_acquire) < target) {
        // One piece for each holding of the mutex: a writer that was outrun waits for one piece.
        const std::lock_guard lock(m_populateMutex);
        const std::uint32_t first = populated.load(std::memory_order_relaxed);
        const std::uint32_t last = std::min(target, first + piece);
        if (first >= last) {
            break;
        }
        if (populate(first, last)) {
            populated.store(last, std::memory_order_release);
            capacity.store(m_maximumChunks, std::memory_order_relaxed);
        } else if (last - first > 1) {
            piece = (last - first) / 2;
        } else {
            capacity.store(first, std::memory_order_relaxed);
            return false;
        }
    }
    return true;
}

bool Segment::populate(std::uint32_t firstChunk, std::uint32_t lastChunk) {
    const std::uint64_t offset = chunkOffset(firstChunk);
    const std::size_t bytes = std::size_t{lastChunk - firstChunk} * kChunkBytes;
    return reserve(m_fd, static_cast<off_t>(offset), bytes) && enter(m_base + offset, bytes);
}

void Segment::refreshAnchor() {
    if (m_maximumChunks == 0) {
        return;
    }
    const ClockAnchor now = m_clock.readAnchor();
    const std::lock_guard lock(m_anchorMutex);
    CheckedAnchor& slot = header().latest[m_anchorSlot];
    m_anchorSlot ^= 1u;
    std::atomic_ref(slot.check).store(0, std::memory_order_relaxed);
    std::atomic_ref(slot.ticks).store(now.ticks, std::memory_order_relaxed);
    std::atomic_ref(slot.monotonicNs).store(now.monotonicNs, std::memory_order_relaxed);
    std::atomic_ref(slot.check)
        .store(CheckedAnchor::checkOf(now.ticks, now.monotonicNs), std::memory_order_release);
}

void Segment::finish() {
    refreshAnchor();
    std::atomic_ref(header().isFinished).store(1, std::memory_order_release);
}

void Segment::setHostTime(const HostTime& time) {
    if (m_maximumChunks == 0) {
        return;
    }
    const std::lock_guard lock(m_anchorMutex);
    CheckedHostTime next{time.referenceNs, time.offsetNs, std::bit_cast<std::uint64_t>(time.drift),
                         0};
    next.check = next.rightCheck();
    const std::uint32_t slot = header().hostTimeSlot ^ 1u;
    CheckedHostTime& place = header().hostTime[slot & 1u];
    std::atomic_ref(place.check).store(0, std::memory_order_relaxed);
    std::atomic_ref(place.referenceNs).store(next.referenceNs, std::memory_order_relaxed);
    std::atomic_ref(place.offsetNs).store(next.offsetNs, std::memory_order_relaxed);
    std::atomic_ref(place.driftBits).store(next.driftBits, std::memory_order_relaxed);
    std::atomic_ref(place.check).store(next.check, std::memory_order_release);
    std::atomic_ref(header().hostTimeSlot).store(slot & 1u, std::memory_order_release);
}

void Segment::becomePrivate() {
    // Only what inherited writers may still point into is writable, so that it costs no promise of
    // gigabytes where the kernel counts those (vm.overcommit_memory=2).
    const std::uint32_t used = std::min(header().nextChunk, m_maximumChunks);
    mmap(m_base, m_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1,
         0);
    mprotect(m_base, chunkOffset(used), PROT_READ | PROT_WRITE);
    close(m_fd);
    m_fd = -1;
    m_maximumChunks = 0;
}

void Segment::registerForFork(Segment* segment) {
    const std::lock_guard lock(forkList.mutex);
    if (!forkList.isInstalled) {
        pthread_atfork(ForkList::prepare, ForkList::inParent, ForkList::inChild);
        forkList.isInstalled = true;
    }
    segment->m_nextInProcess = forkList.first;
    forkList.first = segment;
}

void Segment::unregister(Segment* segment) {
    const std::lock_guard lock(forkList.mutex);
    Segment** place = &forkList.first;
    while (*place != segment) {
        place = &(*place)->m_nextInProcess;
    }
    *place = segment->m_nextInProcess;
}

void ForkList::prepare() {
    forkList.mutex.lock();
}

void ForkList::inParent() {
    forkList.mutex.unlock();
}

void ForkList::inChild() {
    for (Segment* segment = forkList.first; segment != nullptr;
         segment = segment->m_nextInProcess) {
        segment->becomePrivate();
    }
    // A grandchild would only do it again; this process' own segments come anew.
    forkList.mutex.unlock();
}

} // namespace interleave::record
