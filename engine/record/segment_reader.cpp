// SPDX-License-Identifier: GPL-3.0-or-later
// Problem: read a file that others write, without a lock and without trusting a byte of it.
//
// Chunks are looked at in the order in which they were handed out. Of a stream at most one chunk
// is being written: its last. So a stream keeps one open chunk, which every poll reads again from
// where it stopped; a full or closed chunk is never touched again. A chunk that was handed out but
// has no owner yet, or whose turn in its stream has not come, waits in m_waiting for a later poll.
//
// Every event is copied twice: the first copy says how many events have their word, the second
// gives their contents. The word is written last, with release, so what the second copy sees
// behind it is whole (Writer::put).
#include "engine/record/segment_reader.h"

#include "engine/record/segment_format.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace interleave::record {

namespace {

constexpr std::uint32_t kBatchChunks = 32;
/// More chunks than that never wait in a segment that our writer made: a thread takes one at a
/// time.
constexpr std::size_t kMaxWaiting = kMaxStreams + 1024;
constexpr std::uint32_t kNoChunk = 0xffff'ffffu;

struct Progress {
    std::uint32_t nextSequence = 0;
    std::uint32_t openChunk = kNoChunk;
    std::uint32_t consumed = 0; // events of the open chunk that were delivered
    bool isListed = false;      // in State::open
    std::uint64_t dropped = 0;
};

/// Names get into pictures and JSON, so they are made printable, valid UTF-8.
std::string cleanName(const char (&raw)[kNameBytes]) {
    const std::string_view name(raw, strnlen(raw, kNameBytes));
    std::string clean;
    for (std::size_t at = 0; at < name.size();) {
        const auto first = static_cast<unsigned char>(name[at]);
        const std::size_t length = first < 0x80                    ? 1
                                   : first >= 0xc2 && first < 0xe0 ? 2
                                   : first >= 0xe0 && first < 0xf0 ? 3
                                   : first >= 0xf0 && first < 0xf5 ? 4
                                                                   : 0;
        bool isValid = length > 0 && at + length <= name.size() && first >= 0x20 && first != 0x7f;
        for (std::size_t i = 1; isValid && i < length; ++i) {
            isValid = (static_cast<unsigned char>(name[at + i]) & 0xc0u) == 0x80u;
        }
        if (isValid && length >= 3) { // no overlong forms, no surrogates, nothing past the last
            const auto second = static_cast<unsigned char>(name[at + 1]);
            isValid = (first != 0xe0 || second >= 0xa0) && (first != 0xed || second < 0xa0) &&
                      (first != 0xf0 || second >= 0x90) && (first != 0xf4 || second < 0x90);
        }
        clean += isValid ? name.substr(at, length) : std::string_view("?");
        at += isValid ? length : 1;
    }
    return clean;
}

/// The second copy is read after the first, on machines that would do it the other way round too.
void orderCopies() {
#if !defined(__SANITIZE_THREAD__) // which knows no fences
    std::atomic_thread_fence(std::memory_order_acquire);
#endif
}

std::string checkHeader(const SegmentHeader& header) {
    if (header.magic != kSegmentMagic) {
        return "it is no segment of a recording";
    }
    if (header.version != kSegmentVersion) {
        return "it has format version " + std::to_string(header.version) +
               ", this program reads version " + std::to_string(kSegmentVersion);
    }
    if (header.clock > static_cast<std::uint32_t>(ClockKind::Monotonic)) {
        return "it names an unknown clock";
    }
    if (!std::isfinite(header.nsPerTick) || header.nsPerTick < 1e-3 || header.nsPerTick > 1e3) {
        return "its clock has an impossible rate";
    }
    return {};
}

/// Anchors further than that from the origin (nine years) would overflow somewhere.
constexpr std::int64_t kMaxSessionNs = std::int64_t{1} << 58;

bool isPlausible(const CheckedAnchor& anchor, const SegmentInfo& info) {
    if (!anchor.isWhole() || anchor.ticks < info.origin.ticks ||
        anchor.monotonicNs < info.origin.monotonicNs) {
        return false;
    }
    std::int64_t ns = 0;
    return !__builtin_sub_overflow(anchor.monotonicNs, info.origin.monotonicNs, &ns) &&
           ns < kMaxSessionNs;
}

bool isPlausible(const CheckedHostTime& time) {
    const double drift = std::bit_cast<double>(time.driftBits);
    return time.check == time.rightCheck() && std::isfinite(drift) && std::abs(drift) < 0.01 &&
           time.offsetNs > -kMaxSessionNs && time.offsetNs < kMaxSessionNs &&
           time.referenceNs > -kMaxSessionNs && time.referenceNs < kMaxSessionNs;
}

} // namespace

struct SegmentReader::State {
    int fd = -1; // during poll() and open(): sessions may have more segments than we may open files
    dev_t device = 0;
    ino_t inode = 0;
    bool isComplete = false; // its last writer has gone and everything is read
    SegmentInfo info;
    std::uint32_t index = 0;
    std::vector<StreamHeader> streams;
    std::vector<Progress> progress;     // by id - 1
    std::vector<std::uint32_t> tables;  // chunks of the stream table, by sequence
    std::vector<std::uint32_t> waiting; // chunks to look at again, ascending
    std::vector<std::uint32_t> open;    // ids of streams with an open chunk
    std::uint32_t seenChunks = 0;
    std::vector<EventChunk> first, second; // the two copies
    EventChunk openFirst, openSecond;      // of a stream's open chunk
    const EventSink* sink = nullptr;       // during poll()
    std::size_t delivered = 0;             // during poll()

    std::size_t copy(void* target, std::size_t bytes, std::uint64_t offset) const;
    std::uint32_t copyChunks(std::vector<EventChunk>& target, std::uint32_t at,
                             std::uint32_t count) const;
    bool readHeader(SegmentHeader& header) const;
    void takeHeader(const SegmentHeader& header);
    bool openFile();
    void closeFile();
    void readTables();
    bool noteTable(std::uint32_t chunk, std::uint32_t sequence);
    void readTable(const TableChunk& table, std::uint32_t sequence);
    void readOpenChunks();
    bool readOpenChunk(Progress& stream, const StreamHeader& header);
    void makeRoom(std::uint32_t chunks);
    void readWaiting();
    void readNew(std::uint32_t limit);
    bool settle(std::uint32_t chunk, const EventChunk& counted, const EventChunk& contents);
    bool deliver(Progress& stream, const StreamHeader& header, const EventChunk& counted,
                 const EventChunk& contents);
    void damaged(const std::string& what);
};

std::size_t SegmentReader::State::copy(void* target, std::size_t bytes,
                                       std::uint64_t offset) const {
    std::size_t done = 0;
    while (done < bytes) {
        const ssize_t got = pread(fd, static_cast<std::byte*>(target) + done, bytes - done,
                                  static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        done += static_cast<std::size_t>(got);
    }
    return done;
}

/// Returns the number of whole chunks.
std::uint32_t SegmentReader::State::copyChunks(std::vector<EventChunk>& target, std::uint32_t at,
                                               std::uint32_t count) const {
    const std::size_t got = copy(target.data(), count * kChunkBytes, chunkOffset(at));
    return static_cast<std::uint32_t>(got / kChunkBytes);
}

bool SegmentReader::State::readHeader(SegmentHeader& header) const {
    return copy(&header, sizeof header, 0) == sizeof header;
}

void SegmentReader::State::takeHeader(const SegmentHeader& header) {
    info.isFinished = header.isFinished == 1;
    info.droppedEvents = header.droppedEvents;
    const CheckedHostTime& time = header.hostTime[header.hostTimeSlot & 1u];
    if (info.host != 0 && isPlausible(time)) {
        info.hostTime = {time.referenceNs, time.offsetNs, std::bit_cast<double>(time.driftBits)};
    }
    for (const CheckedAnchor& anchor : header.latest) {
        if (isPlausible(anchor, info) && anchor.monotonicNs > info.latest.monotonicNs) {
            info.latest = {anchor.ticks, anchor.monotonicNs};
        }
    }
}

void SegmentReader::State::damaged(const std::string& what) {
    if (info.damage.empty()) {
        info.damage = "the segment " + info.path.string() + " is damaged: " + what +
                      "; what could be read of it is shown";
    }
}

/// Not blocking: somebody may have put a FIFO here.
bool SegmentReader::State::openFile() {
    fd = ::open(info.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return false;
    }
    struct stat status {};
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) ||
        (inode != 0 && (status.st_ino != inode || status.st_dev != device))) {
        closeFile();
        errno = EINVAL;
        return false;
    }
    inode = status.st_ino;
    device = status.st_dev;
    return true;
}

void SegmentReader::State::closeFile() {
    close(fd);
    fd = -1;
}

/// False: an earlier table has not been seen yet.
bool SegmentReader::State::noteTable(std::uint32_t chunk, std::uint32_t sequence) {
    if (sequence != tables.size()) {
        if (sequence < tables.size()) {
            damaged("two chunks claim one place in its stream table");
            return true;
        }
        return false;
    }
    TableChunk table;
    if (copy(&table, sizeof table, chunkOffset(chunk)) != sizeof table) {
        return false;
    }
    tables.push_back(chunk);
    readTable(table, sequence);
    return true;
}

void SegmentReader::State::readTables() {
    TableChunk table;
    // The last table grows; the ones before it only count drops.
    for (std::uint32_t sequence = 0; sequence < tables.size(); ++sequence) {
        if (copy(&table, sizeof table, chunkOffset(tables[sequence])) == sizeof table) {
            readTable(table, sequence);
        }
    }
}

void SegmentReader::State::readTable(const TableChunk& table, std::uint32_t sequence) {
    for (std::uint32_t i = 0; i < kEntriesPerChunk; ++i) {
        const StreamEntry& entry = table.entries[i];
        const std::uint32_t id = sequence * kEntriesPerChunk + i + 1;
        if (entry.id == 0) {
            return;
        }
        if (entry.id != id || id > streams.size() + 1) {
            damaged("its stream table is not in order");
            return;
        }
        if (id <= streams.size()) {
            progress[id - 1].dropped = entry.droppedEvents;
            continue;
        }
        if (entry.role > static_cast<std::uint8_t>(StreamRole::Sampler) ||
            entry.clock > static_cast<std::uint8_t>(ClockKind::Monotonic)) {
            damaged("its stream " + std::to_string(id) + " has an unknown role or clock");
            return;
        }
        StreamHeader header;
        header.segment = index;
        header.pid = entry.pid != 0 ? entry.pid : info.pid;
        header.id = id;
        header.tid = entry.tid;
        header.info = {static_cast<StreamRole>(entry.role), static_cast<ClockKind>(entry.clock),
                       cleanName(entry.name), entry.pid, entry.pid != 0 ? entry.tid : 0};
        streams.push_back(std::move(header));
        progress.push_back({});
        progress.back().dropped = entry.droppedEvents;
    }
}

/// Delivers what is new in a chunk of which there are two copies. True: nothing more can come.
bool SegmentReader::State::deliver(Progress& stream, const StreamHeader& header,
                                   const EventChunk& counted, const EventChunk& contents) {
    const std::uint32_t limit = counted.header.closed == 0
                                    ? kEventsPerChunk
                                    : std::min(counted.header.closed - 1, kEventsPerChunk);
    std::uint32_t end = stream.consumed;
    while (end < limit && counted.events[end].word != 0) {
        ++end;
    }
    if (end > stream.consumed) {
        (*sink)(header, std::span(contents.events + stream.consumed, end - stream.consumed));
        delivered += end - stream.consumed;
        stream.consumed = end;
    }
    return end >= limit || counted.header.closed != 0;
}

bool SegmentReader::State::readOpenChunk(Progress& stream, const StreamHeader& header) {
    // From the first event that has not been delivered: an idle stream costs two short reads.
    EventChunk& counted = openFirst;
    EventChunk& contents = openSecond;
    const std::uint64_t offset = chunkOffset(stream.openChunk);
    const std::uint64_t begin = offsetof(EventChunk, events) + stream.consumed * sizeof(Event);
    const std::size_t bytes = kChunkBytes - begin;
    const auto tail = [&](EventChunk& chunk) {
        return reinterpret_cast<std::byte*>(&chunk) + begin;
    };
    // `closed` is written after the last event, so it is read before them.
    if (copy(&counted.header, sizeof counted.header, offset) != sizeof counted.header ||
        copy(tail(counted), bytes, offset + begin) != bytes) {
        return true; // cut off
    }
    if (stream.consumed < kEventsPerChunk && counted.events[stream.consumed].word != 0) {
        orderCopies();
        if (copy(tail(contents), bytes, offset + begin) != bytes) {
            return true;
        }
    }
    return deliver(stream, header, counted, contents);
}

void SegmentReader::State::readOpenChunks() {
    std::erase_if(open, [this](std::uint32_t id) {
        Progress& stream = progress[id - 1];
        if (stream.openChunk != kNoChunk && readOpenChunk(stream, streams[id - 1])) {
            stream.openChunk = kNoChunk;
        }
        stream.isListed = stream.openChunk != kNoChunk;
        return !stream.isListed;
    });
}

/// False: look at the chunk again in a later poll.
bool SegmentReader::State::settle(std::uint32_t chunk, const EventChunk& counted,
                                  const EventChunk& contents) {
    const std::uint32_t owner = counted.header.owner;
    if (owner == 0) {
        return false;
    }
    if (owner == kTableOwner) {
        return noteTable(chunk, counted.header.sequence);
    }
    if (owner > kMaxStreams) {
        damaged("a chunk belongs to no stream");
        return true;
    }
    if (owner > streams.size()) {
        return false;
    }
    Progress& stream = progress[owner - 1];
    const StreamHeader& header = streams[owner - 1];
    if (counted.header.sequence != stream.nextSequence) {
        if (counted.header.sequence < stream.nextSequence) {
            damaged("two chunks claim one place in a stream");
            return true;
        }
        return false;
    }
    if (stream.openChunk != kNoChunk) {
        // The writer has moved on, so the chunk before is full by now.
        readOpenChunk(stream, header);
    }
    ++stream.nextSequence;
    stream.consumed = 0;
    stream.openChunk = kNoChunk;
    if (!deliver(stream, header, counted, contents)) {
        stream.openChunk = chunk;
        if (!std::exchange(stream.isListed, true)) {
            open.push_back(owner);
        }
    }
    return true;
}

void SegmentReader::State::makeRoom(std::uint32_t chunks) {
    if (first.size() < chunks) {
        first.resize(chunks);
        second.resize(chunks);
    }
}

void SegmentReader::State::readWaiting() {
    if (!waiting.empty()) {
        makeRoom(1);
    }
    std::erase_if(waiting, [this](std::uint32_t chunk) {
        if (copyChunks(first, chunk, 1) != 1) {
            return false;
        }
        if (first[0].header.owner == 0) {
            return false;
        }
        orderCopies();
        return copyChunks(second, chunk, 1) == 1 && settle(chunk, first[0], second[0]);
    });
}

void SegmentReader::State::readNew(std::uint32_t limit) {
    while (seenChunks < limit && waiting.size() < kMaxWaiting) {
        const std::uint32_t wanted = std::min(limit - seenChunks, kBatchChunks);
        makeRoom(wanted);
        std::uint32_t count = copyChunks(first, seenChunks, wanted);
        orderCopies();
        count = std::min(count, copyChunks(second, seenChunks, count));
        if (count == 0) {
            return; // the file ends here, for now or for ever
        }
        for (std::uint32_t i = 0; i < count; ++i) {
            if (!settle(seenChunks + i, first[i], second[i])) {
                waiting.push_back(seenChunks + i);
            }
        }
        seenChunks += count;
    }
    if (waiting.size() >= kMaxWaiting) {
        damaged("too many of its chunks are empty");
    }
}

SegmentReader::SegmentReader(std::unique_ptr<State> state)
    : m_state(std::move(state)) {}
SegmentReader::SegmentReader(SegmentReader&&) noexcept = default;
SegmentReader& SegmentReader::operator=(SegmentReader&&) noexcept = default;
SegmentReader::~SegmentReader() = default;

Result<SegmentReader> SegmentReader::open(const std::filesystem::path& path, std::uint32_t index) {
    const auto refuse = [&](const std::string& why, ErrorKind kind) {
        return fail("cannot read the segment " + path.string() + ": " + why, kind);
    };
    auto state = std::make_unique<State>();
    state->info.path = path;
    if (!state->openFile()) {
        return errno == EINVAL
                   ? refuse("it is not a regular file", ErrorKind::BadInput)
                   : refuse(std::system_category().message(errno), ErrorKind::MissingPart);
    }
    SegmentHeader header{};
    const bool isRead = state->readHeader(header);
    state->closeFile();
    if (!isRead) {
        return refuse("it is too short", ErrorKind::BadInput);
    }
    if (const std::string fault = checkHeader(header); !fault.empty()) {
        return refuse(fault, ErrorKind::BadInput);
    }
    SegmentInfo& info = state->info;
    info.pid = header.pid;
    info.processName = cleanName(header.processName);
    info.clock = static_cast<ClockKind>(header.clock);
    info.origin = {header.originTicks, header.originNs};
    info.latest = info.origin;
    info.nsPerTick = header.nsPerTick;
    info.isRunner = header.isRunner == 1;
    info.writer = header.writerKind <= static_cast<std::uint32_t>(WriterKind::Reporter)
                      ? static_cast<WriterKind>(header.writerKind)
                      : WriterKind::Program;
    info.isEnabled = header.isEnabled != 0;
    info.host = header.host;
    state->index = index;
    state->takeHeader(header);
    return SegmentReader(std::move(state));
}

std::size_t SegmentReader::poll(const EventSink& sink, std::uint32_t mostChunks) {
    State& state = *m_state;
    if (state.isComplete || !state.openFile()) {
        return 0; // gone with its folder, or too many open files for the moment
    }
    state.delivered = 0;
    SegmentHeader header{};
    if (state.readHeader(header)) {
        state.takeHeader(header);
        state.sink = &sink;
        state.readTables();
        state.readOpenChunks();
        state.readWaiting();
        const std::uint32_t wanted = std::min(header.nextChunk, kMaxChunks);
        const std::uint32_t most = std::min(mostChunks, kMaxChunks - state.seenChunks);
        state.readNew(std::min(wanted, state.seenChunks + most));
        state.sink = nullptr;
        state.isComplete = header.isClosed == 1 && state.delivered == 0;
    } else {
        state.damaged("it has lost its header");
    }
    state.closeFile();
    if (state.delivered == 0) { // there may be thousands of segments, most of them idle
        state.first = {};
        state.second = {};
    }
    return state.delivered;
}

const SegmentInfo& SegmentReader::info() const {
    return m_state->info;
}

const std::vector<StreamHeader>& SegmentReader::streams() const {
    return m_state->streams;
}

std::uint64_t SegmentReader::droppedOf(std::uint32_t streamId) const {
    return streamId >= 1 && streamId <= m_state->progress.size()
               ? m_state->progress[streamId - 1].dropped
               : 0;
}

} // namespace interleave::record
