// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever the bytes, importing them as a trace ends in a recording or in a sentence; where the
// text is cut into pieces does not matter; and what the spans point to can be read.
#include "engine/base/check.h"
#include "engine/chrome_trace/importer.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace interleave::chrome_trace {

namespace {

std::size_t spanCount(const recording::Recording& recording) {
    std::size_t count = 0;
    for (const recording::Track& track : recording.tracks) {
        for (std::size_t i = 0; i < track.spans.size(); ++i) {
            const recording::Span span = track.spans.at(i);
            CHECK(span.range.endNs >= span.range.beginNs);
            static_cast<void>(recording.strings.text(span.name));
            if (span.detail != 0 && recording.details != nullptr) {
                static_cast<void>(recording.details->text(span.detail));
            }
        }
        count += track.spans.size();
    }
    return count;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto whole = importTraceText(bytes, "fuzz.json");
    ImportOptions small;
    small.pieceBytes = 32;
    const auto cut = importTraceText(bytes, "fuzz.json", small);
    CHECK(whole.has_value() == cut.has_value());
    if (!whole) {
        CHECK(whole.error().message.starts_with("fuzz.json"));
        return 0;
    }
    CHECK(spanCount(**whole) == spanCount(**cut));
    CHECK((*whole)->diagnostics.size() == (*cut)->diagnostics.size());
    return 0;
}

} // namespace interleave::chrome_trace
