// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/span_csv.h"

#include <charconv>

namespace interleave::analysis {

using recording::Recording;
using recording::Track;
using recording::TrackKind;

namespace {

void appendField(std::string& text, std::string_view field) {
    if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
        text += field;
        return;
    }
    text += '"';
    for (const char c : field) {
        text += c;
        if (c == '"') {
            text += '"';
        }
    }
    text += '"';
}

template <class Number>
void appendNumber(std::string& text, Number number) {
    char digits[24];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
    text.append(digits, end);
}

std::string quoted(std::string_view field) {
    std::string text;
    appendField(text, field);
    return text;
}

} // namespace

void appendSpanCsv(std::string& text, const Recording& recording, const Track& track) {
    const recording::SpanColumns& spans = track.spans;
    const std::string prefix = std::string(nameOf(track.kind)) + ',' + quoted(track.name) + ',';
    for (std::size_t i = 0; i < spans.size(); ++i) {
        text += prefix;
        if (spans.task[i]) {
            appendField(text, recording.task(spans.task[i]).name);
        }
        text += ',';
        if (spans.worker[i]) {
            appendField(text, recording.worker(spans.worker[i]).name);
        }
        text += ',';
        if (spans.core[i] >= 0) {
            appendNumber(text, spans.core[i]);
        }
        text += ',';
        text += nameOf(spans.state[i]);
        text += ',';
        appendField(text, recording.strings.text(spans.name[i]));
        text += ',';
        appendField(text, recording.strings.text(spans.cause[i]));
        text += ',';
        appendNumber(text, spans.begin[i]);
        text += ',';
        appendNumber(text, spans.rangeAt(i).endNs);
        text += ',';
        appendNumber(text, spans.depthAt(i));
        text += '\n';
    }
}

std::string spanCsv(const Recording& recording, std::optional<TrackKind> kind) {
    std::string text(kSpanCsvHeader);
    for (const Track& track : recording.tracks) {
        if (!kind || track.kind == *kind) {
            appendSpanCsv(text, recording, track);
        }
    }
    return text;
}

std::optional<TrackKind> trackKindNamed(std::string_view name) {
    for (const TrackKind kind :
         {TrackKind::Task, TrackKind::Worker, TrackKind::Core, TrackKind::Lock, TrackKind::Queue}) {
        if (nameOf(kind) == name) {
            return kind;
        }
    }
    return std::nullopt;
}

} // namespace interleave::analysis
