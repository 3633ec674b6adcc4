// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recording/span_appender.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace interleave::recording {

namespace {

// A packer's open blocks take some 18 kB: too much for each of ten thousand short tasks.
constexpr std::size_t kShortTrack = 1024;

} // namespace

SpanAppender::SpanAppender()
    : m_endNs(std::numeric_limits<Nanoseconds>::min()) {}
SpanAppender::SpanAppender(SpanAppender&&) noexcept = default;
SpanAppender& SpanAppender::operator=(SpanAppender&&) noexcept = default;
SpanAppender::~SpanAppender() = default;

void SpanAppender::append(const Span& span) {
    const bool fits = span.depth == 0 && span.range.beginNs >= m_endNs;
    m_endNs = std::max(m_endNs, span.range.endNs);
    ++m_size;
    if (m_packer && fits) {
        m_packer->push(span);
        return;
    }
    if (m_packer) { // it was flat until now
        const SpanColumns sofar = std::exchange(m_packer, nullptr)->finish();
        for (std::size_t i = 0; i < sofar.size(); ++i) {
            m_spans.push_back(sofar.at(i));
        }
    }
    m_isFlat = m_isFlat && fits;
    m_spans.push_back(span);
    if (m_isFlat && m_spans.size() == kShortTrack) {
        m_packer = std::make_unique<SpanPacker>();
        for (const Span& each : std::exchange(m_spans, {})) {
            m_packer->push(each);
        }
    }
}

SpanColumns SpanAppender::with(std::vector<Span> open, const IdLimits& limits) const {
    std::ranges::stable_sort(open, {}, [](const Span& span) { return span.range.beginNs; });
    Nanoseconds end = m_endNs;
    const bool isFlat = m_isFlat && std::ranges::all_of(open, [&](const Span& span) {
                            const bool fits = span.depth == 0 && span.range.beginNs >= end;
                            end = std::max(end, span.range.endNs);
                            return fits;
                        });
    SpanPacker packer;
    if (m_packer) {
        packer = *m_packer;
    }
    if (isFlat) {
        for (const std::vector<Span>* const part : {&m_spans, &std::as_const(open)}) {
            for (const Span& span : *part) {
                packer.push(span);
            }
        }
        return packer.finish(limits);
    }
    std::vector<Span> all = m_spans;
    if (m_packer) {
        const SpanColumns sofar = packer.finish();
        for (std::size_t i = 0; i < sofar.size(); ++i) {
            all.push_back(sofar.at(i));
        }
    }
    all.insert(all.end(), open.begin(), open.end());
    SpanColumns spans = packSpans(std::move(all), packer);
    spans.setLimits(limits);
    return spans;
}

} // namespace interleave::recording
