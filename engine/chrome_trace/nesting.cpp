// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/nesting.h"

#include <algorithm>

namespace interleave::chrome_trace {

namespace {

constexpr std::size_t kMostOpenSearched = 4096; // a file of ends that match nothing must not hang

bool isInOrder(const Row& a, const Row& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.duration > b.duration;
}

} // namespace

/// A row that the deepest one in use does not enclose: the first free depth below all that do.
std::size_t DepthFinder::depthBeside(Nanoseconds begin, Nanoseconds end) {
    std::size_t depth = m_top;
    while (depth != 0 && (m_ends[depth - 1] < end || m_ends[depth - 1] <= begin)) {
        --depth;
    }
    while (depth < m_top && m_ends[depth] > begin) {
        ++depth;
    }
    return depth < kMostDepth ? put(depth, end) : kMostDepth;
}

void RowPairing::begin(const Row& row) {
    m_open.push_back(m_rows.size());
    m_rows.push_back(row);
}

std::optional<std::size_t> RowPairing::findOpen(StringId name) const {
    const std::size_t last = m_open.size() - std::min(m_open.size(), kMostOpenSearched);
    for (std::size_t i = m_open.size(); i > last; --i) {
        if (name.isNone() || m_rows[m_open[i - 1]].name == name ||
            m_rows[m_open[i - 1]].name.isNone()) {
            return i - 1;
        }
    }
    return std::nullopt;
}

void RowPairing::end(const Row& row) {
    const auto found = findOpen(row.name);
    if (!found) {
        m_faults.add(Fault::EndWithoutBegin);
        return;
    }
    Row& opened = m_rows[m_open[*found]];
    opened.duration = row.begin - opened.begin;
    if (opened.name.isNone()) {
        opened.name = row.name;
    }
    if (opened.detail == 0) {
        opened.detail = row.detail;
    } else if (row.detail != 0) {
        m_details.emplace_back(opened.detail, row.detail);
    }
    m_open.erase(m_open.begin() + static_cast<std::ptrdiff_t>(*found));
}

void RowPairing::finish(Nanoseconds end) {
    for (const std::size_t index : m_open) {
        m_rows[index].duration = end - m_rows[index].begin;
        m_rows[index].isUnfinished = true;
    }
    m_faults.add(Fault::BeginWithoutEnd, m_open.size());
    m_open.clear();
}

recording::SpanColumns RowPacker::pack(std::vector<Row>& rows, TaskId task, WorkerId worker,
                                       TraceFaults& faults) {
    if (!std::ranges::is_sorted(rows, isInOrder)) {
        std::ranges::stable_sort(rows, isInOrder);
    }
    m_depthFinder.clear();
    m_depths.clear();
    m_places.assign(1, 0);
    for (const Row& row : rows) {
        const std::size_t depth = m_depthFinder.depthOf(row.begin, row.begin + row.duration);
        m_depths.push_back(static_cast<std::uint16_t>(depth));
        if (depth + 1 >= m_places.size()) {
            m_places.resize(depth + 2);
        }
        ++m_places[depth + 1];
    }
    for (std::size_t depth = 1; depth < m_places.size(); ++depth) {
        m_places[depth] += m_places[depth - 1];
    }
    m_order.resize(rows.size());
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
        m_order[m_places[m_depths[i]]++] = i;
    }
    recording::Span span;
    span.task = task;
    span.worker = worker;
    for (const std::uint32_t index : m_order) {
        const Row& row = rows[index];
        if (m_depths[index] == DepthFinder::kMostDepth) {
            faults.add(Fault::TooDeep);
            continue;
        }
        span.range = {row.begin, row.begin + row.duration};
        span.name = row.name;
        span.depth = m_depths[index];
        span.isUnfinished = row.isUnfinished;
        span.detail = row.detail;
        m_packer.push(span);
    }
    return m_packer.finish();
}

} // namespace interleave::chrome_trace
