// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a trace of Chrome's format into a recording: threads become workers, their slices spans
// that nest, async operations tasks, flows links, counters counters, instants marks. The file does
// not say when a thread was on a core, so every span is `running` and a diagnostic says what that
// means here.
#pragma once

#include "engine/base/result.h"
#include "engine/recording/recording.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string_view>

namespace interleave::chrome_trace {

using RecordingPtr = std::shared_ptr<const recording::Recording>;

struct ImportOptions {
    std::stop_token stop{};
    /// Bytes that have been read, of all; from any thread, one at a time.
    std::function<void(std::uint64_t done, std::uint64_t total)> progress{};
    /// Gets what the first part of a long trace shows, while the rest is being read: a recording
    /// that is still live. On the calling thread.
    std::function<void(RecordingPtr recording)> firstPicture{};
    std::size_t pieceBytes = std::size_t{8} << 20;
    std::size_t firstPictureFrom = std::size_t{64} << 20; // shorter texts have no first picture
};

Result<RecordingPtr> importTrace(const std::filesystem::path& file,
                                 const ImportOptions& options = {});
/// The same for the bytes of a file; `name` is for sentences.
Result<RecordingPtr> importTraceText(std::string_view bytes, std::string_view name,
                                     const ImportOptions& options = {});

/// Whether a file begins like a trace. Reads its first bytes; false if it can't be read.
bool isTraceFile(const std::filesystem::path& file);

} // namespace interleave::chrome_trace
