// SPDX-License-Identifier: GPL-3.0-or-later
// .ilv: the program's own file. Versioned, checksummed, packed columns with their pyramid: opening
// a large one is mapping it (what that means if the file is changed: file_bytes.h). Written to a
// temporary name beside the target, synced, renamed: a crash never leaves half a file under the
// real name. How it lies on disk: file_layout.h.
#pragma once

#include "engine/base/result.h"
#include "engine/recording/recording.h"

#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

namespace interleave::storage {

/// Kinds of diagnostics that a file which is not whole adds to its recording; severity data-loss,
/// counted in spans (or in tracks or parts where no span is lost).
inline constexpr std::string_view kCutFile = "cut-file";
inline constexpr std::string_view kDamagedFile = "damaged-file";

enum class Checking {
    Structure, // everything but the content of large tracks and of details: does not grow with them
    Everything // every byte against its checksum, on all cores
};

/// A snapshot of a run that goes on is saved as it is, and is no longer live when it is read.
Result<void> writeRecording(const recording::Recording& recording,
                            const std::filesystem::path& file);

/// An error is one sentence: what is wrong with the file, what to do. A file that was cut short or
/// is damaged gives what is still true of it: tracks that are not whole are empty, and a diagnostic
/// says how much is missing. Without its description and its tables of strings, tasks, workers and
/// tracks it is an error.
Result<std::shared_ptr<const recording::Recording>>
readRecording(const std::filesystem::path& file, Checking checking = Checking::Structure);

/// The same for the bytes of a file; the error has no file name yet.
Result<std::shared_ptr<const recording::Recording>>
decodeRecording(std::span<const std::byte> data, Checking checking = Checking::Structure);

/// Checks every byte of a file against its checksums, on all cores: what readRecording leaves for
/// later. Nothing is said of a file that is whole. An error if it can't be read at all, or if it
/// was stopped. Any thread.
Result<std::vector<recording::Diagnostic>> verifyRecording(const std::filesystem::path& file,
                                                           const std::stop_token& stop = {});

} // namespace interleave::storage
