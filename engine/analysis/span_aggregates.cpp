// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/span_aggregates.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

namespace interleave::analysis {

using recording::kBlockValues;
using recording::PackedColumn;
using recording::Recording;
using recording::Track;
using recording::TrackKind;

namespace {

constexpr std::size_t kTallySpans = 1 << 16;
constexpr TimeRange kAlways{std::numeric_limits<Nanoseconds>::min() / 2,
                            std::numeric_limits<Nanoseconds>::max() / 2};

using Block = std::array<std::int64_t, kBlockValues>;

struct TrackPiece {
    const Track* track = nullptr;
    std::size_t first = 0;
    std::size_t last = 0;
};

std::vector<TrackPiece> piecesOf(const Recording& recording, TrackKind kind) {
    std::vector<TrackPiece> pieces;
    for (const Track& track : recording.tracks) {
        for (std::size_t i = 0; track.kind == kind && i < track.spans.size(); i += kTallySpans) {
            pieces.push_back({&track, i, std::min(i + kTallySpans, track.spans.size())});
        }
    }
    return pieces;
}

/// Calls function(first, count) for each block of the piece.
template <class Function>
void forEachBlock(const TrackPiece& piece, Function&& function) {
    for (std::size_t i = piece.first; i < piece.last; i += kBlockValues) {
        function(i, std::min(kBlockValues, piece.last - i)); // pieces begin with a block
    }
}

/// Runs work(piece, result) for all pieces, a result for each thread; then joins the results.
template <class Result, class Work, class Join>
void overPieces(const std::vector<TrackPiece>& pieces, const Result& empty, Work&& work,
                Join&& join) {
    tbb::enumerable_thread_specific<Result> results(empty);
    tbb::parallel_for(std::size_t{0}, pieces.size(),
                      [&](std::size_t i) { work(pieces[i], results.local()); });
    for (const Result& result : results) {
        join(result);
    }
}

bool isLonger(const LongSpan& a, const LongSpan& b) {
    if (a.durationNs != b.durationNs) {
        return a.durationNs > b.durationNs;
    }
    return a.track != b.track ? a.track < b.track : a.index < b.index;
}

} // namespace

std::vector<NameTotal> totalsByName(const Recording& recording, TrackKind kind) {
    using Totals = std::vector<NameTotal>;
    Totals all(recording.strings.size());
    overPieces(
        piecesOf(recording, kind), Totals(recording.strings.size()),
        [](const TrackPiece& piece, Totals& totals) {
            Block durations;
            Block names;
            const recording::SpanColumns& spans = piece.track->spans;
            forEachBlock(piece, [&](std::size_t first, std::size_t count) {
                spans.duration.packed().unpack(first, count, durations.data());
                spans.name.packed().unpack(first, count, names.data());
                for (std::size_t i = 0; i < count; ++i) {
                    NameTotal& total = totals[spans.name.idOf(names[i]).value];
                    ++total.count;
                    total.sumNs += durations[i];
                }
            });
        },
        [&](const Totals& totals) {
            for (std::size_t i = 0; i < all.size(); ++i) {
                all[i].count += totals[i].count;
                all[i].sumNs += totals[i].sumNs;
            }
        });
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i].name = StringId{static_cast<std::uint32_t>(i)};
    }
    std::erase_if(all, [](const NameTotal& total) { return total.count == 0; });
    std::ranges::stable_sort(all, std::ranges::greater{}, &NameTotal::sumNs);
    return all;
}

std::vector<TrackTotal> totalsByTrack(const Recording& recording, TrackKind kind) {
    std::vector<TrackTotal> totals;
    for (const Track& track : recording.tracks) {
        if (track.kind == kind) {
            const recording::StateTimes times = track.spans.timesIn(kAlways);
            totals.push_back({track.id, track.spans.size(),
                              std::accumulate(times.begin(), times.end(), Nanoseconds{0})});
        }
    }
    std::ranges::stable_sort(totals, std::ranges::greater{}, &TrackTotal::sumNs);
    return totals;
}

std::vector<LongSpan> longestSpans(const Recording& recording, TrackKind kind, std::size_t count) {
    using Longest = std::vector<LongSpan>; // a heap, the shortest at the front
    Longest all;
    if (count == 0) {
        return all;
    }
    overPieces(
        piecesOf(recording, kind), Longest{},
        [count](const TrackPiece& piece, Longest& longest) {
            Block durations;
            forEachBlock(piece, [&](std::size_t first, std::size_t blockCount) {
                piece.track->spans.duration.packed().unpack(first, blockCount, durations.data());
                for (std::size_t i = 0; i < blockCount; ++i) {
                    const bool isFull = longest.size() == count;
                    if (isFull && durations[i] < longest.front().durationNs) {
                        continue; // nearly always
                    }
                    const LongSpan span{piece.track->id, first + i, durations[i]};
                    if (isFull && !isLonger(span, longest.front())) {
                        continue;
                    }
                    if (isFull) {
                        std::ranges::pop_heap(longest, isLonger);
                        longest.pop_back();
                    }
                    longest.push_back(span);
                    std::ranges::push_heap(longest, isLonger);
                }
            });
        },
        [&](const Longest& longest) { all.insert(all.end(), longest.begin(), longest.end()); });
    std::ranges::sort(all, isLonger);
    all.resize(std::min(count, all.size()));
    return all;
}

DurationHistogram durationHistogram(const Recording& recording, TrackKind kind) {
    DurationHistogram all{};
    overPieces(
        piecesOf(recording, kind), DurationHistogram{},
        [](const TrackPiece& piece, DurationHistogram& bins) {
            Block durations;
            forEachBlock(piece, [&](std::size_t first, std::size_t count) {
                piece.track->spans.duration.packed().unpack(first, count, durations.data());
                for (std::size_t i = 0; i < count; ++i) {
                    const auto length =
                        static_cast<std::uint64_t>(std::max<std::int64_t>(0, durations[i]));
                    ++bins[static_cast<std::size_t>(std::bit_width(length))];
                }
            });
        },
        [&](const DurationHistogram& bins) {
            for (std::size_t i = 0; i < all.size(); ++i) {
                all[i] += bins[i];
            }
        });
    return all;
}

} // namespace interleave::analysis
