// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever the bytes, reading them as a recording ends in a recording or in a sentence.
#include "engine/storage/recording_file.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto recording =
        interleave::storage::decodeRecording(std::as_bytes(std::span(data, size)));
    if (!recording && recording.error().message.empty()) {
        std::abort();
    }
    return 0;
}
