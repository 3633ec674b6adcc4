// SPDX-License-Identifier: GPL-3.0-or-later
// The spans are cut into chunks, which oneTBB spreads over the processors. Each thread keeps at
// most twice as many hits as will be listed: when it has that many it drops the later half and
// tells the others, so that hits that can't be among the first are only counted.
#include "engine/analysis/span_search.h"

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <atomic>
#include <limits>

namespace interleave::analysis {

using recording::Recording;
using recording::Track;

namespace {

constexpr std::size_t kChunkSpans = 32'768;

struct Chunk {
    const Track* track = nullptr;
    std::size_t first = 0;
    std::size_t last = 0;
};

std::vector<Chunk> chunksOf(const Recording& recording, const SpanMatcher& matcher,
                            const std::vector<TrackId>& tracks) {
    std::vector<Chunk> chunks;
    for (const TrackId id : tracks) {
        const Track& track = recording.track(id);
        if (!matcher.mayMatch(track)) {
            continue;
        }
        for (std::size_t first = 0; first < track.spans.size(); first += kChunkSpans) {
            chunks.push_back({&track, first, std::min(first + kChunkSpans, track.spans.size())});
        }
    }
    return chunks;
}

class Search {
public:
    Search(const SpanMatcher& matcher, const SearchScope& scope)
        : m_matcher(matcher)
        , m_scope(scope)
        , m_partsPerNs(scope.densityRange.isEmpty()
                           ? 0
                           : static_cast<double>(scope.densityParts) /
                                 static_cast<double>(scope.densityRange.durationNs())) {}

    void scan(const Chunk& chunk) {
        SearchFindings& mine = m_findings.local();
        mine.density.resize(m_scope.densityParts);
        for (std::size_t i = chunk.first; i < chunk.last; ++i) {
            if (m_matcher.matches(*chunk.track, i) && isInScope(*chunk.track, i)) {
                add(mine, {chunk.track->spans.begin[i], chunk.track->id, i});
            }
        }
    }

    SearchFindings gathered() {
        SearchFindings all;
        all.density.resize(m_scope.densityParts);
        for (const SearchFindings& part : m_findings) {
            all.count += part.count;
            all.first.insert(all.first.end(), part.first.begin(), part.first.end());
            for (std::size_t i = 0; i < part.density.size(); ++i) {
                all.density[i] += part.density[i];
            }
        }
        keepFirst(all.first);
        std::sort(all.first.begin(), all.first.end());
        return all;
    }

private:
    bool isInScope(const Track& track, std::size_t index) const {
        return !m_scope.within || track.spans.rangeAt(index).overlaps(*m_scope.within);
    }

    void add(SearchFindings& mine, const FoundSpan& found) {
        ++mine.count;
        if (m_partsPerNs > 0 && m_scope.densityRange.contains(found.beginNs)) {
            const auto since =
                static_cast<double>(found.beginNs - m_scope.densityRange.beginNs) * m_partsPerNs;
            ++mine.density[std::min(static_cast<std::size_t>(since), m_scope.densityParts - 1)];
        }
        if (found.beginNs > m_latest.load(std::memory_order_relaxed)) {
            return;
        }
        mine.first.push_back(found);
        if (mine.first.size() >= 2 * m_scope.most + 2) {
            keepFirst(mine.first);
            lowerLatest(std::max_element(mine.first.begin(), mine.first.end())->beginNs);
        }
    }

    void keepFirst(std::vector<FoundSpan>& found) const {
        if (found.size() > m_scope.most) {
            const auto end = found.begin() + static_cast<std::ptrdiff_t>(m_scope.most);
            std::nth_element(found.begin(), end, found.end());
            found.erase(end, found.end());
        }
    }

    void lowerLatest(Nanoseconds latest) {
        Nanoseconds known = m_latest.load(std::memory_order_relaxed);
        while (latest < known &&
               !m_latest.compare_exchange_weak(known, latest, std::memory_order_relaxed)) {
        }
    }

    const SpanMatcher& m_matcher;
    const SearchScope& m_scope;
    double m_partsPerNs;
    tbb::enumerable_thread_specific<SearchFindings> m_findings;
    // Spans that begin later can't be among the first: so many earlier ones are known already.
    // Only a hint for doing less, so no order with other memory is needed.
    std::atomic<Nanoseconds> m_latest = std::numeric_limits<Nanoseconds>::max();
};

} // namespace

SearchFindings findSpans(const Recording& recording, const SpanMatcher& matcher,
                         const SearchScope& scope, std::stop_token stop) {
    const std::vector<Chunk> chunks = chunksOf(recording, matcher, scope.tracks);
    Search search(matcher, scope);
    std::atomic<bool> isComplete = true;
    tbb::parallel_for(std::size_t{0}, chunks.size(), [&](std::size_t i) {
        if (stop.stop_requested()) {
            isComplete.store(false, std::memory_order_relaxed);
            return;
        }
        search.scan(chunks[i]);
    });
    SearchFindings findings = search.gathered();
    findings.isComplete = isComplete.load(std::memory_order_relaxed);
    return findings;
}

} // namespace interleave::analysis
