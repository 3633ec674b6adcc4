// SPDX-License-Identifier: GPL-3.0-or-later
// Exact percentiles without sorting. A first pass over the columns counts durations in buckets
// that are a fixed small share of their value wide; the buckets in which the wanted ranks lie
// follow from the counts. A second pass picks out the few spans in just those buckets, and the
// ranks are found among them. Both passes unpack blocks of 256 values and run on all cores. With
// many groups (a task each) buckets are coarser, so that the counts stay within some megabytes.
// Cost: about 5 ns a span and pass on one core; memory follows groups, not spans.
#include "engine/analysis/range_report.h"

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

namespace interleave::analysis {

using recording::kBlockValues;
using recording::PackedColumn;
using recording::Recording;
using recording::SpanColumns;
using recording::StateColumn;
using recording::Track;

namespace {

constexpr std::size_t kPieceSpans = 1 << 16;
constexpr std::size_t kMostCounters = std::size_t{4} << 20;
constexpr std::array<double, 3> kShares{0.5, 0.95, 0.99};

/// Log-linear buckets: 2^m_bits of them to an octave.
class Buckets {
public:
    explicit Buckets(std::size_t groups) {
        while (m_bits > 1 && groups * count() > kMostCounters) {
            --m_bits;
        }
    }
    std::size_t count() const { return (64 - m_bits) << m_bits; }
    std::size_t of(std::uint64_t duration) const {
        const auto width = static_cast<unsigned>(std::bit_width(duration));
        if (width <= m_bits + 1) {
            return duration;
        }
        const unsigned shift = width - 1 - m_bits;
        return (std::size_t{shift} << m_bits) + (duration >> shift);
    }
    /// The least duration in a bucket.
    std::uint64_t lowest(std::size_t bucket) const {
        const std::size_t perOctave = std::size_t{1} << m_bits;
        if (bucket < 2 * perOctave) {
            return bucket;
        }
        const std::size_t shift = (bucket >> m_bits) - 1;
        return (bucket - (shift << m_bits)) << shift;
    }

private:
    unsigned m_bits = 6;
};

/// Some spans of one lane, all of them in the range.
struct Piece {
    const SpanColumns* spans = nullptr;
    std::size_t first = 0;
    std::size_t last = 0;
};

struct Sums {
    Nanoseconds sum = 0;
    Nanoseconds most = 0;
};

struct Counts {
    std::vector<std::uint32_t> buckets; // group * buckets + bucket
    std::vector<Sums> sums;             // by group
    bool isEmpty() const { return sums.empty(); }
};

class Reporter {
public:
    Reporter(const Recording& recording, const RangeQuestion& question,
             const std::stop_token& stop);
    std::optional<RangeReport> report();

private:
    /// A wanted rank: the how-manieth of the values in one bucket of one group.
    struct Rank {
        std::size_t group = 0;
        std::size_t slot = 0;
        std::uint64_t within = 0;
    };
    struct Pick {
        std::uint32_t slot = 0;
        std::int64_t value = 0;
    };

    void findPieces();
    void findGroups();
    void keepLongestGroups();
    const PackedColumn& keyColumn(const SpanColumns& spans) const;
    std::size_t groupOf(std::int64_t key) const;
    template <class Function>
    void forEachBlock(const Piece& piece, Function&& function) const;
    void count(const Piece& piece, Counts& counts) const;
    void merge(tbb::enumerable_thread_specific<Counts>& counts);
    void makeLines();
    void addClipped(const Track& track);
    void findPercentiles();
    Nanoseconds* placeOf(std::size_t group, std::size_t share);

    const Recording& m_recording;
    const RangeQuestion& m_question;
    const std::stop_token& m_stop;
    std::vector<Piece> m_pieces;
    std::vector<std::uint32_t> m_groupOfKey; // empty: keys are groups
    std::vector<std::uint32_t> m_keyOfGroup;
    std::size_t m_keyLimit = 0;
    std::size_t m_groups = 0;
    std::size_t m_omitted = 0; // more than 0: the last group is the rest
    Buckets m_buckets{1};
    Counts m_counts;
    std::vector<Nanoseconds> m_clipped; // by group: what lies outside of the range
    std::vector<ReportLine> m_lines;    // by group, and one more for all
};

Reporter::Reporter(const Recording& recording, const RangeQuestion& question,
                   const std::stop_token& stop)
    : m_recording(recording)
    , m_question(question)
    , m_stop(stop) {
    findPieces();
    findGroups();
    m_buckets = Buckets(m_groups);
}

void Reporter::findPieces() {
    for (const Track& track : m_recording.tracks) {
        if (track.kind != m_question.kind) {
            continue;
        }
        for (const recording::SpanLane& lane : track.spans.lanes()) {
            auto [first, last] = track.spans.indicesIn(lane, m_question.range);
            for (; first < last; first += kPieceSpans) {
                m_pieces.push_back({&track.spans, first, std::min(first + kPieceSpans, last)});
            }
        }
    }
}

const PackedColumn& Reporter::keyColumn(const SpanColumns& spans) const {
    switch (m_question.by) {
    case ReportBy::Task:
        return spans.task.packed();
    case ReportBy::Name:
        return spans.name.packed();
    case ReportBy::State:
        break;
    }
    return spans.state.packed();
}

// A table of a million strings of which forty name spans needs forty groups.
void Reporter::findGroups() {
    if (m_question.by == ReportBy::State) {
        m_groups = m_keyLimit = static_cast<std::size_t>(kStateCount);
        return;
    }
    m_keyLimit = m_question.by == ReportBy::Task ? m_recording.tasks.size() + 1
                                                 : m_recording.strings.size() + 1;
    std::vector<std::uint8_t> isUsed(m_keyLimit, 0);
    for (const Piece& piece : m_pieces) { // serial: a column with few values is quick to unpack
        if (m_stop.stop_requested()) {
            return;
        }
        const PackedColumn& column = keyColumn(*piece.spans);
        std::array<std::int64_t, kBlockValues> keys{};
        for (std::size_t i = piece.first; i < piece.last;) {
            const std::size_t n = std::min(kBlockValues - i % kBlockValues, piece.last - i);
            column.unpack(i, n, keys.data());
            for (std::size_t k = 0; k < n; ++k) {
                const auto key = static_cast<std::uint64_t>(keys[k]);
                isUsed[key < m_keyLimit ? key : 0] = 1;
            }
            i += n;
        }
    }
    m_groupOfKey.assign(m_keyLimit, 0);
    for (std::size_t key = 0; key < m_keyLimit; ++key) {
        if (isUsed[key] != 0) {
            m_groupOfKey[key] = static_cast<std::uint32_t>(m_keyOfGroup.size());
            m_keyOfGroup.push_back(static_cast<std::uint32_t>(key));
        }
    }
    m_groups = m_keyOfGroup.size();
    if (m_groups > kMostReportLines) {
        keepLongestGroups();
    }
}

// Nobody reads a list of a million tasks: those with the least time share a group without a line.
void Reporter::keepLongestGroups() {
    std::vector<Nanoseconds> sums(m_groups, 0);
    for (const Piece& piece : m_pieces) {
        if (m_stop.stop_requested()) {
            break;
        }
        forEachBlock(piece,
                     [&](std::size_t group, std::int64_t duration) { sums[group] += duration; });
    }
    std::vector<std::uint32_t> order(m_groups);
    std::iota(order.begin(), order.end(), 0U);
    const auto rest = order.begin() + static_cast<std::ptrdiff_t>(kMostReportLines);
    std::nth_element(order.begin(), rest, order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return sums[a] != sums[b] ? sums[a] > sums[b] : a < b;
    });
    std::vector<std::uint32_t> newGroup(m_groups, static_cast<std::uint32_t>(kMostReportLines));
    std::vector<std::uint32_t> newKeys;
    for (auto each = order.begin(); each != rest; ++each) {
        newGroup[*each] = static_cast<std::uint32_t>(newKeys.size());
        newKeys.push_back(m_keyOfGroup[*each]);
    }
    newKeys.push_back(0);
    for (std::uint32_t& group : m_groupOfKey) {
        group = newGroup[group];
    }
    m_omitted = m_groups - kMostReportLines;
    m_keyOfGroup = std::move(newKeys);
    m_groups = m_keyOfGroup.size();
}

std::size_t Reporter::groupOf(std::int64_t key) const {
    if (m_question.by == ReportBy::State) {
        return static_cast<std::size_t>(StateColumn::stateOf(key));
    }
    const auto place = static_cast<std::uint64_t>(key);
    return m_groupOfKey[place < m_keyLimit ? place : 0];
}

template <class Function>
void Reporter::forEachBlock(const Piece& piece, Function&& function) const {
    std::array<std::int64_t, kBlockValues> durations{};
    std::array<std::int64_t, kBlockValues> keys{};
    const PackedColumn& duration = piece.spans->duration.packed();
    const PackedColumn& key = keyColumn(*piece.spans);
    for (std::size_t i = piece.first; i < piece.last;) {
        const std::size_t n = std::min(kBlockValues - i % kBlockValues, piece.last - i);
        duration.unpack(i, n, durations.data());
        key.unpack(i, n, keys.data());
        for (std::size_t k = 0; k < n; ++k) {
            function(groupOf(keys[k]), std::max<std::int64_t>(0, durations[k]));
        }
        i += n;
    }
}

void Reporter::count(const Piece& piece, Counts& counts) const {
    if (counts.isEmpty()) {
        counts.buckets.assign(m_groups * m_buckets.count(), 0);
        counts.sums.assign(m_groups, {});
    }
    const Buckets buckets = m_buckets;
    const std::size_t perGroup = buckets.count();
    forEachBlock(piece, [&](std::size_t group, std::int64_t duration) {
        ++counts.buckets[group * perGroup + buckets.of(static_cast<std::uint64_t>(duration))];
        Sums& sums = counts.sums[group];
        sums.sum += duration;
        sums.most = std::max(sums.most, duration);
    });
}

void Reporter::merge(tbb::enumerable_thread_specific<Counts>& counts) {
    m_counts.buckets.assign(m_groups * m_buckets.count(), 0);
    m_counts.sums.assign(m_groups, {});
    for (const Counts& part : counts) {
        if (part.isEmpty()) {
            continue;
        }
        for (std::size_t i = 0; i < part.buckets.size(); ++i) {
            m_counts.buckets[i] += part.buckets[i];
        }
        for (std::size_t i = 0; i < m_groups; ++i) {
            m_counts.sums[i].sum += part.sums[i].sum;
            m_counts.sums[i].most = std::max(m_counts.sums[i].most, part.sums[i].most);
        }
    }
}

// Of a lane only the first and the last span in the range can reach beyond it.
void Reporter::addClipped(const Track& track) {
    const SpanColumns& spans = track.spans;
    for (const recording::SpanLane& lane : spans.lanes()) {
        const auto [first, last] = spans.indicesIn(lane, m_question.range);
        if (first == last) {
            continue;
        }
        const auto clip = [&](std::size_t index) {
            const TimeRange whole = spans.rangeAt(index);
            const TimeRange inside = whole.intersected(m_question.range);
            m_clipped[groupOf(keyColumn(spans).at(index))] +=
                whole.durationNs() - std::max<Nanoseconds>(0, inside.durationNs());
        };
        clip(first);
        if (last - 1 != first) {
            clip(last - 1);
        }
    }
}

void Reporter::makeLines() {
    m_clipped.assign(m_groups, 0);
    for (const Track& track : m_recording.tracks) {
        if (track.kind == m_question.kind) {
            addClipped(track);
        }
    }
    m_lines.assign(m_groups + 1, {});
    ReportLine& all = m_lines.back();
    all.bins.assign(kDurationBins, 0);
    const std::size_t perGroup = m_buckets.count();
    for (std::size_t group = 0; group < m_groups; ++group) {
        ReportLine& line = m_lines[group];
        line.key = m_keyOfGroup.empty() ? static_cast<std::uint32_t>(group) : m_keyOfGroup[group];
        line.bins.assign(kDurationBins, 0);
        for (std::size_t bucket = 0; bucket < perGroup; ++bucket) {
            const std::uint32_t count = m_counts.buckets[group * perGroup + bucket];
            if (count != 0) {
                line.count += count;
                line.bins[durationBinOf(static_cast<Nanoseconds>(m_buckets.lowest(bucket)))] +=
                    count;
            }
        }
        line.sumNs = m_counts.sums[group].sum;
        line.maximumNs = m_counts.sums[group].most;
        line.inRangeNs = line.sumNs - m_clipped[group];
        all.count += line.count;
        all.sumNs += line.sumNs;
        all.inRangeNs += line.inRangeNs;
        all.maximumNs = std::max(all.maximumNs, line.maximumNs);
        for (std::size_t i = 0; i < kDurationBins; ++i) {
            all.bins[i] += line.bins[i];
        }
    }
}

Nanoseconds* Reporter::placeOf(std::size_t group, std::size_t share) {
    ReportLine& line = m_lines[group];
    return share == 0 ? &line.p50Ns : share == 1 ? &line.p95Ns : &line.p99Ns;
}

void Reporter::findPercentiles() {
    const std::size_t perGroup = m_buckets.count();
    // Which buckets are wanted, and by which ranks. The group after the last is all of them, whose
    // ranks lie in a bucket of every group at once.
    std::vector<std::uint32_t> slotOf((m_groups + 1) * perGroup, 0); // 0: not wanted
    std::vector<std::uint64_t> sizeOfSlot(1, 0);
    struct Wanted {
        Rank rank;
        std::size_t share = 0;
    };
    std::vector<Wanted> wanted;
    std::vector<std::uint64_t> total(perGroup, 0);
    for (std::size_t i = 0; i < m_counts.buckets.size(); ++i) {
        total[i % perGroup] += m_counts.buckets[i];
    }
    for (std::size_t group = 0; group <= m_groups; ++group) {
        const std::uint64_t count = m_lines[group].count;
        if (count == 0) {
            continue;
        }
        std::uint64_t before = 0;
        std::size_t share = 0;
        for (std::size_t bucket = 0; bucket < perGroup && share < kShares.size(); ++bucket) {
            const std::uint64_t here =
                group < m_groups ? m_counts.buckets[group * perGroup + bucket] : total[bucket];
            while (share < kShares.size()) {
                const auto rank =
                    std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(
                                                   kShares[share] * static_cast<double>(count))));
                if (rank > before + here) {
                    break;
                }
                const std::uint64_t lowest = m_buckets.lowest(bucket);
                if (m_buckets.lowest(bucket + 1) == lowest + 1) { // one value only
                    *placeOf(group, share) = static_cast<Nanoseconds>(lowest);
                } else {
                    std::uint32_t& slot = slotOf[group * perGroup + bucket];
                    if (slot == 0) {
                        slot = static_cast<std::uint32_t>(sizeOfSlot.size());
                        sizeOfSlot.push_back(here);
                    }
                    wanted.push_back({{group, slot, rank - before - 1}, share});
                }
                ++share;
            }
            before += here;
        }
    }
    if (wanted.empty()) {
        return;
    }
    tbb::enumerable_thread_specific<std::vector<Pick>> picks;
    tbb::parallel_for(std::size_t{0}, m_pieces.size(), [&](std::size_t piece) {
        if (m_stop.stop_requested()) {
            return;
        }
        std::vector<Pick>& mine = picks.local();
        const std::uint32_t* ofAll = slotOf.data() + m_groups * perGroup;
        forEachBlock(m_pieces[piece], [&](std::size_t group, std::int64_t duration) {
            const std::size_t bucket = m_buckets.of(static_cast<std::uint64_t>(duration));
            if (const std::uint32_t slot = slotOf[group * perGroup + bucket]) {
                mine.push_back({slot, duration});
            }
            if (const std::uint32_t slot = ofAll[bucket]) {
                mine.push_back({slot, duration});
            }
        });
    });
    if (m_stop.stop_requested()) {
        return;
    }
    std::vector<std::uint64_t> begin(sizeOfSlot.size() + 1, 0);
    for (std::size_t slot = 0; slot < sizeOfSlot.size(); ++slot) {
        begin[slot + 1] = begin[slot] + sizeOfSlot[slot];
    }
    std::vector<std::int64_t> values(begin.back());
    std::vector<std::uint64_t> next(begin.begin(), begin.end() - 1);
    for (const std::vector<Pick>& part : picks) {
        for (const Pick& pick : part) {
            values[next[pick.slot]++] = pick.value;
        }
    }
    std::ranges::stable_sort(wanted, {}, [](const Wanted& each) { return each.rank.slot; });
    std::vector<std::size_t> firstOfSlot;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (i == 0 || wanted[i].rank.slot != wanted[i - 1].rank.slot) {
            firstOfSlot.push_back(i);
        }
    }
    firstOfSlot.push_back(wanted.size());
    tbb::parallel_for(std::size_t{0}, firstOfSlot.size() - 1, [&](std::size_t each) {
        for (std::size_t i = firstOfSlot[each]; i < firstOfSlot[each + 1]; ++i) {
            const Rank& rank = wanted[i].rank;
            const auto from = values.begin() + static_cast<std::ptrdiff_t>(begin[rank.slot]);
            const auto to = values.begin() + static_cast<std::ptrdiff_t>(begin[rank.slot + 1]);
            const auto place = from + static_cast<std::ptrdiff_t>(rank.within);
            std::nth_element(from, place, to);
            *placeOf(rank.group, wanted[i].share) = *place;
        }
    });
}

std::optional<RangeReport> Reporter::report() {
    tbb::enumerable_thread_specific<Counts> counts;
    tbb::parallel_for(std::size_t{0}, m_pieces.size(), [&](std::size_t piece) {
        if (!m_stop.stop_requested()) {
            count(m_pieces[piece], counts.local());
        }
    });
    if (m_stop.stop_requested()) {
        return std::nullopt;
    }
    merge(counts);
    makeLines();
    findPercentiles();
    if (m_stop.stop_requested()) {
        return std::nullopt;
    }
    RangeReport report;
    report.question = m_question;
    for (ReportLine& line : m_lines) {
        line.meanNs = line.count == 0 ? 0 : line.sumNs / static_cast<Nanoseconds>(line.count);
        while (!line.bins.empty() && line.bins.back() == 0) {
            line.bins.pop_back();
        }
    }
    report.all = std::move(m_lines.back());
    m_lines.pop_back();
    report.omitted = m_omitted;
    if (m_omitted > 0) {
        m_lines.pop_back();
    }
    std::erase_if(m_lines, [](const ReportLine& line) { return line.count == 0; });
    std::ranges::stable_sort(m_lines, std::ranges::greater{}, &ReportLine::inRangeNs);
    report.lines = std::move(m_lines);
    return report;
}

} // namespace

Nanoseconds durationBinEdge(std::size_t bin) {
    if (bin == 0) {
        return 0;
    }
    const std::size_t octave = (bin - 1) / 2;
    if (octave > 61) {
        return std::numeric_limits<Nanoseconds>::max();
    }
    const Nanoseconds base = Nanoseconds{1} << octave;
    return (bin - 1) % 2 == 0 ? base : base + std::max<Nanoseconds>(1, base / 2);
}

std::size_t durationBinOf(Nanoseconds duration) {
    if (duration <= 0) {
        return 0;
    }
    const auto value = static_cast<std::uint64_t>(duration);
    const auto octave = static_cast<std::size_t>(std::bit_width(value)) - 1;
    const std::size_t half = octave == 0 ? 0 : (value >> (octave - 1)) & 1;
    return std::min(1 + 2 * octave + half, kDurationBins - 1);
}

std::optional<RangeReport> rangeReport(const Recording& recording, const RangeQuestion& question,
                                       const std::stop_token& stop) {
    return Reporter(recording, question, stop).report();
}

} // namespace interleave::analysis
