// SPDX-License-Identifier: GPL-3.0-or-later
//
// Layout: a 24-byte header {magic, version, number of blocks}, then the block table {stored size,
// raw size} per block, then the blocks, each one zstd frame with a checksum. Block 0 is the
// description (JSON); the others are columns of all tracks one after the other, in the order of
// `forEachColumn`. All integers are little endian. Times are stored as differences within a track,
// which is what makes them compress.
#include "engine/storage/recording_file.h"

#include "engine/recording/span_packer.h"
#include "engine/storage/atomic_file.h"
#include "engine/storage/compressed_block.h"
#include "engine/storage/recording_json.h"

#include <array>
#include <bit>
#include <cstring>
#include <fmt/format.h>
#include <numeric>
#include <type_traits>

namespace interleave::storage {

namespace {

using recording::Recording;
using recording::Track;

static_assert(std::endian::native == std::endian::little, "the file format is little endian");

constexpr std::array<char, 8> kMagic{'I', 'L', 'V', '\r', '\n', '\x1a', '\n', '\0'};
constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kBlockCount = 1 + 10 + 2 + 1 + 1;

struct Header {
    std::array<char, 8> magic = kMagic;
    std::uint32_t version = kVersion;
    std::uint32_t blockCount = kBlockCount;
    std::uint64_t reserved = 0;
};
struct BlockEntry {
    std::uint64_t storedSize = 0;
    std::uint64_t rawSize = 0;
};
struct StoredLink {
    Nanoseconds fromNs, toNs;
    std::uint32_t fromTask, fromWorker, toTask, toWorker, object;
    std::uint8_t kind, isForced;
    std::uint16_t padding;
};
struct StoredSwitch {
    Nanoseconds timeNs;
    std::uint32_t worker;
    std::int16_t core;
    std::uint16_t isPreempted;
};
static_assert(std::is_trivially_copyable_v<StoredLink> && sizeof(StoredLink) == 40);
static_assert(std::is_trivially_copyable_v<StoredSwitch> && sizeof(StoredSwitch) == 16);

using Block = std::vector<std::byte>;

template <class T>
void append(Block& block, const T& value) {
    const auto bytes = std::as_bytes(std::span(&value, 1));
    block.insert(block.end(), bytes.begin(), bytes.end());
}

// ---- writing ---------------------------------------------------------------------------------

/// One column of every track, each element as `Stored`.
template <class Stored, class Column>
Block gather(const Recording& recording, Column&& column) {
    Block block;
    for (const Track& track : recording.tracks) {
        for (std::size_t i = 0; i < track.spans.size(); ++i) {
            const auto value = column(track.spans, i);
            if constexpr (requires { value.value; }) {
                append(block, static_cast<Stored>(value.value));
            } else {
                append(block, static_cast<Stored>(value));
            }
        }
    }
    return block;
}

Block gatherBegins(const Recording& recording) {
    Block block;
    for (const Track& track : recording.tracks) {
        Nanoseconds last = 0;
        for (std::size_t i = 0; i < track.spans.size(); ++i) {
            const Nanoseconds begin = track.spans.begin[i];
            append(block, begin - last);
            last = begin;
        }
    }
    return block;
}

Block gatherLinks(const Recording& recording) {
    Block block;
    for (const recording::Link& link : recording.links) {
        append(block, StoredLink{link.from.timeNs, link.to.timeNs, link.from.task.value,
                                 link.from.worker.value, link.to.task.value, link.to.worker.value,
                                 link.object.value, static_cast<std::uint8_t>(link.kind),
                                 static_cast<std::uint8_t>(link.isForced), 0});
    }
    return block;
}

Block gatherSwitches(const Recording& recording) {
    Block block;
    for (const recording::Switch& item : recording.switches) {
        append(block, StoredSwitch{item.timeNs, item.worker.value, item.core,
                                   static_cast<std::uint16_t>(item.isPreempted)});
    }
    return block;
}

std::vector<Block> rawBlocks(const Recording& recording) {
    using recording::SpanColumns;
    std::vector<Block> blocks;
    const std::string description = describe(recording);
    const auto text = std::as_bytes(std::span(description));
    blocks.emplace_back(text.begin(), text.end());
    blocks.push_back(gatherBegins(recording));
    blocks.push_back(gather<Nanoseconds>(
        recording, [](const SpanColumns& c, std::size_t i) { return c.duration[i]; }));
    blocks.push_back(gather<std::uint32_t>(
        recording, [](const SpanColumns& c, std::size_t i) { return c.task[i]; }));
    blocks.push_back(gather<std::uint32_t>(
        recording, [](const SpanColumns& c, std::size_t i) { return c.worker[i]; }));
    blocks.push_back(gather<std::uint32_t>(
        recording, [](const SpanColumns& c, std::size_t i) { return c.name[i]; }));
    blocks.push_back(gather<std::uint32_t>(
        recording, [](const SpanColumns& c, std::size_t i) { return c.cause[i]; }));
    blocks.push_back(gather<std::int16_t>(
        recording, [](const SpanColumns& c, std::size_t i) { return c.core[i]; }));
    blocks.push_back(gather<std::uint16_t>(
        recording, [](const SpanColumns& c, std::size_t i) { return c.depthAt(i); }));
    blocks.push_back(gather<std::uint8_t>(
        recording, [](const SpanColumns& c, std::size_t i) { return c.state[i]; }));
    blocks.push_back(gather<std::uint8_t>(
        recording, [](const SpanColumns& c, std::size_t i) { return c.isPreempted(i); }));
    Block times;
    Block values;
    for (const recording::Counter& counter : recording.counters) {
        for (std::size_t i = 0; i < counter.time.size(); ++i) {
            append(times, counter.time[i]);
            append(values, counter.value[i]);
        }
    }
    blocks.push_back(std::move(times));
    blocks.push_back(std::move(values));
    blocks.push_back(gatherLinks(recording));
    blocks.push_back(gatherSwitches(recording));
    return blocks;
}

// ---- reading ---------------------------------------------------------------------------------

/// Takes values of type T from a block, front to back. The sizes were checked before.
template <class T>
class Taker {
public:
    explicit Taker(const Block& block)
        : m_block(block) {}
    T next() {
        T value;
        std::memcpy(&value, m_block.data() + m_position, sizeof(T));
        m_position += sizeof(T);
        return value;
    }

private:
    const Block& m_block;
    std::size_t m_position = 0;
};

std::uint64_t total(const std::vector<std::uint64_t>& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::array<std::uint64_t, kBlockCount> expectedSizes(const RecordingLayout& layout) {
    const std::uint64_t spans = total(layout.spanCounts);
    const std::uint64_t points = total(layout.pointCounts);
    return {0,
            spans * 8,
            spans * 8,
            spans * 4,
            spans * 4,
            spans * 4,
            spans * 4,
            spans * 2,
            spans * 2,
            spans,
            spans,
            points * 8,
            points * 8,
            layout.linkCount * sizeof(StoredLink),
            layout.switchCount * sizeof(StoredSwitch)};
}

/// An id of a table with `size` entries; 0 is none.
bool isId(std::uint32_t id, std::size_t size) {
    return id <= size;
}

bool fillSpans(RecordingLayout& layout, const std::vector<Block>& blocks) {
    Recording& recording = layout.head;
    Taker<Nanoseconds> begin(blocks[1]), duration(blocks[2]);
    Taker<std::uint32_t> task(blocks[3]), worker(blocks[4]), name(blocks[5]), cause(blocks[6]);
    Taker<std::int16_t> core(blocks[7]);
    Taker<std::uint16_t> depth(blocks[8]);
    Taker<std::uint8_t> state(blocks[9]), preempted(blocks[10]);
    for (std::size_t t = 0; t < recording.tracks.size(); ++t) {
        std::vector<recording::Span> spans;
        std::uint64_t at = 0; // unsigned: a damaged difference must not overflow
        for (std::uint64_t i = 0; i < layout.spanCounts[t]; ++i) {
            at += static_cast<std::uint64_t>(begin.next());
            recording::Span span;
            span.range.beginNs = static_cast<Nanoseconds>(at);
            const Nanoseconds length = duration.next();
            if (length < 0 ||
                __builtin_add_overflow(span.range.beginNs, length, &span.range.endNs)) {
                return false;
            }
            span.task = TaskId{task.next()};
            span.worker = WorkerId{worker.next()};
            span.name = StringId{name.next()};
            span.cause = StringId{cause.next()};
            span.core = core.next();
            span.depth = depth.next();
            const std::uint8_t stateValue = state.next();
            span.isPreempted = preempted.next() != 0;
            if (stateValue >= kStateCount || !isId(span.task.value, recording.tasks.size()) ||
                !isId(span.worker.value, recording.workers.size()) ||
                !isId(span.name.value, recording.strings.size() - 1) ||
                !isId(span.cause.value, recording.strings.size() - 1)) {
                return false;
            }
            span.state = static_cast<State>(stateValue);
            spans.push_back(span);
        }
        recording.tracks[t].spans = packSpans(std::move(spans));
    }
    return true;
}

void fillCounters(RecordingLayout& layout, const std::vector<Block>& blocks) {
    Taker<Nanoseconds> time(blocks[11]);
    Taker<double> value(blocks[12]);
    for (std::size_t c = 0; c < layout.head.counters.size(); ++c) {
        for (std::uint64_t i = 0; i < layout.pointCounts[c]; ++i) {
            layout.head.counters[c].time.push_back(time.next());
            layout.head.counters[c].value.push_back(value.next());
        }
    }
}

bool fillLinks(RecordingLayout& layout, const std::vector<Block>& blocks) {
    Recording& recording = layout.head;
    Taker<StoredLink> stored(blocks[13]);
    for (std::uint64_t i = 0; i < layout.linkCount; ++i) {
        const StoredLink item = stored.next();
        if (!isId(item.fromTask, recording.tasks.size()) ||
            !isId(item.toTask, recording.tasks.size()) ||
            !isId(item.fromWorker, recording.workers.size()) ||
            !isId(item.toWorker, recording.workers.size()) ||
            !isId(item.object, recording.objects.size()) ||
            item.kind > static_cast<std::uint8_t>(recording::LinkKind::Deliver)) {
            return false;
        }
        recording.links.push_back({static_cast<recording::LinkKind>(item.kind),
                                   {item.fromNs, TaskId{item.fromTask}, WorkerId{item.fromWorker}},
                                   {item.toNs, TaskId{item.toTask}, WorkerId{item.toWorker}},
                                   ObjectId{item.object},
                                   item.isForced != 0});
    }
    return true;
}

bool fillSwitches(RecordingLayout& layout, const std::vector<Block>& blocks) {
    Taker<StoredSwitch> stored(blocks[14]);
    for (std::uint64_t i = 0; i < layout.switchCount; ++i) {
        const StoredSwitch item = stored.next();
        if (!isId(item.worker, layout.head.workers.size())) {
            return false;
        }
        layout.head.switches.push_back(
            {item.timeNs, WorkerId{item.worker}, item.core, item.isPreempted != 0});
    }
    return true;
}

/// Cuts the file into its stored blocks; an error says what is wrong with the frame of the file.
Result<std::vector<std::pair<std::span<const std::byte>, std::uint64_t>>>
storedBlocks(std::span<const std::byte> data) {
    Header header;
    if (data.size() < sizeof(kMagic) ||
        std::memcmp(data.data(), kMagic.data(), sizeof(kMagic)) != 0) {
        return fail("is not an Interleave recording");
    }
    if (data.size() < sizeof(Header)) {
        return fail("is cut short in its header");
    }
    std::memcpy(&header, data.data(), sizeof(Header));
    if (header.version != kVersion) {
        return fail(
            fmt::format("has format {} but this program reads format {}; use a newer program",
                        header.version, kVersion));
    }
    if (header.blockCount != kBlockCount) {
        return fail("has a damaged header");
    }
    std::size_t position = sizeof(Header) + kBlockCount * sizeof(BlockEntry);
    if (data.size() < position) {
        return fail("is cut short in its table of blocks");
    }
    std::vector<std::pair<std::span<const std::byte>, std::uint64_t>> blocks;
    for (std::uint32_t i = 0; i < kBlockCount; ++i) {
        BlockEntry entry;
        std::memcpy(&entry, data.data() + sizeof(Header) + i * sizeof(BlockEntry), sizeof(entry));
        if (entry.storedSize > data.size() - position) {
            return fail(fmt::format("is cut short: {} bytes are there, part {} of {} needs more",
                                    data.size(), i + 1, kBlockCount));
        }
        blocks.emplace_back(data.subspan(position, entry.storedSize), entry.rawSize);
        position += entry.storedSize;
    }
    return blocks;
}

Result<std::shared_ptr<const Recording>> decode(std::span<const std::byte> data) {
    const auto stored = storedBlocks(data);
    if (!stored) {
        return std::unexpected(stored.error());
    }
    const auto partFailure = [](std::size_t index, const Error& error) {
        return fail(fmt::format("part {} of {} {}", index + 1, kBlockCount, error.message));
    };
    const Result<Block> description = decompressBlock((*stored)[0].first, (*stored)[0].second);
    if (!description) {
        return partFailure(0, description.error());
    }
    Result<RecordingLayout> layout = parseDescription(
        std::string_view(reinterpret_cast<const char*>(description->data()), description->size()));
    if (!layout) {
        return std::unexpected(layout.error());
    }
    const auto sizes = expectedSizes(*layout);
    std::vector<Block> blocks(1);
    for (std::size_t i = 1; i < kBlockCount; ++i) {
        if ((*stored)[i].second != sizes[i]) {
            return fail(fmt::format("part {} of {} has the wrong size", i + 1, kBlockCount));
        }
        Result<Block> block = decompressBlock((*stored)[i].first, sizes[i]);
        if (!block) {
            return partFailure(i, block.error());
        }
        blocks.push_back(std::move(*block));
    }
    fillCounters(*layout, blocks);
    if (!fillSpans(*layout, blocks) || !fillLinks(*layout, blocks) ||
        !fillSwitches(*layout, blocks)) {
        return fail("refers to tasks, workers or names that it does not hold");
    }
    return std::make_shared<const Recording>(std::move(layout->head));
}

} // namespace

Result<void> writeRecording(const Recording& recording, const std::filesystem::path& target) {
    Result<AtomicFile> file = AtomicFile::create(target);
    if (!file) {
        return std::unexpected(file.error());
    }
    Block head;
    std::vector<Block> stored;
    append(head, Header{});
    for (const Block& raw : rawBlocks(recording)) {
        Result<Block> block = compressBlock(raw);
        if (!block) {
            return std::unexpected(block.error());
        }
        append(head, BlockEntry{block->size(), raw.size()});
        stored.push_back(std::move(*block));
    }
    stored.insert(stored.begin(), std::move(head));
    for (const Block& block : stored) {
        if (Result<void> written = file->write(block); !written) {
            return written;
        }
    }
    return file->commit();
}

Result<std::shared_ptr<const Recording>> decodeRecording(std::span<const std::byte> data) {
    return decode(data);
}

Result<std::shared_ptr<const Recording>> readRecording(const std::filesystem::path& path) {
    const Result<std::string> text = readFile(path);
    if (!text) {
        return std::unexpected(text.error());
    }
    if (text->empty()) {
        return fail(fmt::format("{}: is empty; give a recording (.ilv).", path.string()));
    }
    auto recording = decode(std::as_bytes(std::span(*text)));
    if (!recording) {
        return fail(fmt::format("{}: {}.", path.string(), recording.error().message));
    }
    return recording;
}

} // namespace interleave::storage
