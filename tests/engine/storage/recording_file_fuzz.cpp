// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever the bytes, reading them as a recording ends in a recording that can be looked at, or in
// a sentence. Checksums are put right first: what they guard against is not what this looks for.
#include "engine/recording/message_lives.h"
#include "engine/storage/recording_file.h"
#include "tests/engine/storage/forged_file.h"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace interleave;

/// What a window does with a recording it has opened.
void lookAt(const recording::Recording& recording) {
    for (const recording::Track& track : recording.tracks) {
        const recording::SpanColumns& spans = track.spans;
        const auto times = spans.timesIn(recording.range);
        for (const recording::SpanLane& lane : spans.lanes()) {
            const auto [first, last] = spans.indicesIn(lane, recording.range);
            for (std::size_t i = first; i < last && i < first + 64; ++i) {
                const recording::Span span = spans.at(i);
                recording.strings.text(span.name);
                recording.strings.text(span.cause);
                if (recording.details) {
                    recording.details->text(span.detail);
                }
            }
        }
        static_cast<void>(times);
    }
    for (const recording::Mark& mark : recording.marks) {
        recording.strings.text(mark.name);
    }
    static_cast<void>(recording::MessageLives::of(recording.messages));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string bytes(reinterpret_cast<const char*>(data), size);
    for (const bool isForged : {false, true}) {
        if (isForged) {
            storage::sign(bytes);
        }
        const auto recording =
            storage::decodeRecording(storage::bytesOf(bytes), storage::Checking::Everything);
        if (!recording && recording.error().message.empty()) {
            std::abort();
        }
        if (recording) {
            lookAt(**recording);
        }
    }
    return 0;
}
