// SPDX-License-Identifier: GPL-3.0-or-later
// SpanWriter: the spans of a recording as events. Threads' spans become X events lane by lane;
// those of tasks and queues, which no thread owns, become pairs of b and e in order of time. The
// work is cut into parts of some thousand spans, which can be written in any order and on any
// thread.
#pragma once

#include "engine/chrome_trace/export_layout.h"
#include "engine/chrome_trace/export_text.h"
#include "engine/recording/recording.h"

#include <vector>

namespace interleave::chrome_trace {

/// Everything that is written more than once, escaped.
struct ExportTexts {
    explicit ExportTexts(const recording::Recording& recording);

    JsonTexts strings; // index = StringId.value
    JsonTexts tasks;   // index = TaskId.value - 1
    JsonTexts workers; // index = WorkerId.value - 1
    JsonTexts states;  // index = State
};

/// Some spans of a group. Threads: indices of a lane. Async: what begins at or after `fromNs` and
/// before `untilNs`, and what ends after `fromNs` and not after `untilNs`.
struct SpanPart {
    std::size_t group = 0;
    std::size_t first = 0, last = 0;
    Nanoseconds fromNs = 0, untilNs = 0;
    bool isFirst = false, isLast = false; // of an async group
    std::size_t weight = 0;               // about how many spans
};

class SpanWriter {
public:
    SpanWriter(const recording::Recording& recording, const ExportLayout& layout,
               const ExportTexts& texts)
        : m_recording(recording)
        , m_layout(layout)
        , m_texts(texts) {}

    std::vector<SpanPart> parts() const;
    /// Appends ",\n{...}" for each event. Thread-safe.
    void write(const SpanPart& part, TextBuffer& to) const;

private:
    void writeSlices(const SpanPart& part, TextBuffer& to) const;
    void writeAsync(const SpanPart& part, TextBuffer& to) const;

    const recording::Recording& m_recording;
    const ExportLayout& m_layout;
    const ExportTexts& m_texts;
};

/// A text of Recording::details as a JSON value: itself if it is one, else as a string.
std::string detailJson(const std::string& text);

} // namespace interleave::chrome_trace
