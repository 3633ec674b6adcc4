// SPDX-License-Identifier: GPL-3.0-or-later
// Imports small traces and writes what came of them as text, so that a test reads like a picture.
#pragma once

#include "engine/chrome_trace/importer.h"

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::chrome_trace {

inline RecordingPtr imported(std::string_view json, const ImportOptions& options = {}) {
    auto recording = importTraceText(json, "trace.json", options);
    if (!recording) {
        ADD_FAILURE() << recording.error().message;
        return std::make_shared<const recording::Recording>();
    }
    return *recording;
}

/// The events between the brackets of the object form.
inline RecordingPtr importedEvents(std::string_view events) {
    return imported(fmt::format("{{\"traceEvents\":[{}]}}", events));
}

/// "name begin+duration depth", in order of begin and depth; "..." for an open end, args if any.
inline std::vector<std::string> spansOf(const recording::Recording& recording,
                                        const recording::Track& track) {
    std::vector<recording::Span> spans;
    for (std::size_t i = 0; i < track.spans.size(); ++i) {
        spans.push_back(track.spans.at(i));
    }
    std::ranges::stable_sort(spans, {}, [](const recording::Span& span) {
        return std::pair(span.range.beginNs, span.depth);
    });
    std::vector<std::string> lines;
    for (const recording::Span& span : spans) {
        std::string line = fmt::format("{} {}+{} {}", recording.strings.text(span.name),
                                       span.range.beginNs, span.range.durationNs(), span.depth);
        if (span.isUnfinished) {
            line += "...";
        }
        if (span.detail != 0) {
            line += " " + recording.details->text(span.detail);
        }
        lines.push_back(line);
    }
    return lines;
}

inline std::vector<std::string> spansOf(const RecordingPtr& recording, std::string_view track) {
    for (const recording::Track& candidate : recording->tracks) {
        if (candidate.name == track) {
            return spansOf(*recording, candidate);
        }
    }
    ADD_FAILURE() << "there is no track " << track;
    return {};
}

inline std::uint64_t countOf(const RecordingPtr& recording, std::string_view kind) {
    for (const recording::Diagnostic& diagnostic : recording->diagnostics) {
        if (diagnostic.kind == kind) {
            return diagnostic.count;
        }
    }
    return 0;
}

inline std::string trackNameOf(const RecordingPtr& recording, TrackId track) {
    return track.isNone() ? "-" : recording->track(track).name;
}

/// Everything that an import found.
inline std::string textOf(const RecordingPtr& recording) {
    std::string text;
    for (const recording::Track& track : recording->tracks) {
        text += fmt::format("{} {}\n", recording::nameOf(track.kind), track.name);
        for (const std::string& line : spansOf(*recording, track)) {
            text += "  " + line + "\n";
        }
    }
    for (const recording::Mark& mark : recording->marks) {
        text += fmt::format("mark {} {} {} {}\n", recording->strings.text(mark.name), mark.timeNs,
                            trackNameOf(recording, mark.track), mark.pid);
    }
    for (const recording::Link& link : recording->links) {
        text += fmt::format("link {}@{} {}@{}\n", link.from.worker.value, link.from.timeNs,
                            link.to.worker.value, link.to.timeNs);
    }
    for (const recording::Counter& counter : recording->counters) {
        text += fmt::format("counter {} {}", counter.name, counter.subject);
        for (std::size_t i = 0; i < counter.time.size(); ++i) {
            text += fmt::format(" {}:{}", counter.time[i], counter.value[i]);
        }
        text += "\n";
    }
    for (const recording::Diagnostic& diagnostic : recording->diagnostics) {
        text += fmt::format("{} {}\n", diagnostic.kind, diagnostic.count);
    }
    return text;
}

} // namespace interleave::chrome_trace
