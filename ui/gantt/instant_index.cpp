// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/instant_index.h"

namespace interleave::ui {

void InstantIndex::use(const std::shared_ptr<const recording::Recording>& recording) {
    if (m_recording.lock() == recording && m_marks == &recording->marks) {
        return;
    }
    m_recording = recording;
    m_marks = &recording->marks;
    const std::size_t tracks = recording->tracks.size();
    const auto place = [tracks](const recording::Mark& mark) {
        return mark.track.value <= tracks ? mark.track.value : 0;
    };
    m_order.clear();
    m_first.clear();
    if (m_marks->empty()) {
        return;
    }
    m_first.assign(tracks + 2, 0);
    for (const recording::Mark& mark : *m_marks) {
        ++m_first[place(mark) + 1];
    }
    for (std::size_t i = 1; i < m_first.size(); ++i) {
        m_first[i] += m_first[i - 1];
    }
    m_order.resize(m_marks->size());
    std::vector<std::uint32_t> next = m_first;
    for (std::size_t i = 0; i < m_marks->size(); ++i) {
        m_order[next[place((*m_marks)[i])]++] = static_cast<std::uint32_t>(i);
    }
}

std::span<const std::uint32_t> InstantIndex::of(TrackId track) const {
    if (std::size_t{track.value} + 1 >= m_first.size()) {
        return {};
    }
    return std::span(m_order).subspan(m_first[track.value],
                                      m_first[track.value + 1] - m_first[track.value]);
}

} // namespace interleave::ui
