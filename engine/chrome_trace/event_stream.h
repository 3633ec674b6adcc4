// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a list of events one after the other and hands each out: what every importer builds on.
// Whatever stands between events and is none is counted and stepped over.
#pragma once

#include "engine/chrome_trace/event_shape.h"
#include "engine/chrome_trace/json_scan.h"
#include "engine/chrome_trace/trace_faults.h"

namespace interleave::chrome_trace {

enum class StreamEnd : std::uint8_t {
    Reached,  // `end`, between events
    ArrayEnd, // the closing bracket
    Limit,    // an event does not end within the limit
};

struct StreamStop {
    StreamEnd end = StreamEnd::Reached;
    const char* at = nullptr; // where the next event begins, or behind the bracket
};

/// Something that is no event: behind a value of another kind, or before the next brace. nullptr if
/// that depends on what stands behind the limit.
const char* skipJunk(const char* at, const char* limit, bool isTextEnd);

/// Calls onEvent(event) for the events from `at` (between events) until one begins at or behind
/// `end`. Nothing is read behind `limit`; whether that is the end of the text decides what junk is.
template <class Function>
StreamStop readEvents(ShapedReader& reader, const char* at, const char* end, const char* limit,
                      TraceFaults& faults, Function&& onEvent, bool isTextEnd = true) {
    Event event;
    while (true) {
        while (at < limit && (isSpace(*at) || *at == ',')) {
            ++at;
        }
        if (at < limit && *at == ']') {
            return {StreamEnd::ArrayEnd, at + 1};
        }
        if (at >= end) {
            return {StreamEnd::Reached, at};
        }
        if (*at != '{') {
            const char* behind = skipJunk(at, limit, isTextEnd);
            if (behind == nullptr) {
                return {StreamEnd::Limit, at};
            }
            faults.add(Fault::Malformed);
            at = behind;
            continue;
        }
        switch (reader.read(at, limit, event)) {
        case ReadResult::Event:
            onEvent(event);
            break;
        case ReadResult::Malformed:
            faults.add(Fault::Malformed);
            break;
        case ReadResult::Cut:
            return {StreamEnd::Limit, at};
        }
        at = event.end;
    }
}

} // namespace interleave::chrome_trace
