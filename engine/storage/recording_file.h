// SPDX-License-Identifier: GPL-3.0-or-later
// .ilv: the program's own file. Versioned, checksummed, compressed columns. Written to a temporary
// name beside the target, synced, renamed: a crash never leaves half a file under the real name.
#pragma once

#include "engine/base/result.h"
#include "engine/recording/recording.h"

#include <filesystem>
#include <memory>
#include <span>

namespace interleave::storage {

Result<void> writeRecording(const recording::Recording& recording,
                            const std::filesystem::path& file);
/// An error is one sentence: what is wrong with the file, what to do.
Result<std::shared_ptr<const recording::Recording>>
readRecording(const std::filesystem::path& file);
/// The same for the bytes of a file; the error has no file name yet.
Result<std::shared_ptr<const recording::Recording>>
decodeRecording(std::span<const std::byte> data);

} // namespace interleave::storage
