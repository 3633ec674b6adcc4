// SPDX-License-Identifier: GPL-3.0-or-later
// LinkWriter: links as flow arrows. An arrow is drawn only between slices of threads, so each end
// gets the slice it lies in or, where there is none, one of a nanosecond made for it.
#pragma once

#include "engine/chrome_trace/export_layout.h"
#include "engine/chrome_trace/export_text.h"
#include "engine/recording/recording.h"

#include <vector>

namespace interleave::chrome_trace {

class LinkWriter {
public:
    /// Finds the slices of all ends, on all cores.
    LinkWriter(const recording::Recording& recording, const ExportLayout& layout);

    /// The slices that had to be made. Appends ",\n{...}" for each event, as all of these do.
    void writeAnchors(TextBuffer& to) const;
    /// Links [first, last). Thread-safe.
    void write(std::size_t first, std::size_t last, TextBuffer& to) const;

private:
    struct End {
        ThreadPlace place{};
        Nanoseconds timeNs = 0; // within the slice
        bool hasSlice = true;
    };
    End endOf(const recording::LinkEnd& end, bool isFrom) const;
    WorkerId workerOf(const recording::LinkEnd& end, bool isFrom) const;
    void writeEnd(std::size_t link, bool isFrom, TextBuffer& to) const;

    const recording::Recording& m_recording;
    const ExportLayout& m_layout;
    std::vector<std::size_t> m_groupOfWorker; // index = WorkerId.value - 1; kNone: it has no track
    std::vector<std::size_t> m_groupOfTask;
    std::vector<End> m_ends; // two a link
};

} // namespace interleave::chrome_trace
