// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the process that writes a segment still lives: its number is in the file's name, and a
// process that got the number later started after the file was last written to.
#pragma once

#include <filesystem>
#include <optional>
#include <sys/types.h>

namespace interleave::ui {

/// False for a name that is no segment's. Where it can't be told apart (a second or two between
/// the file's last change and the start of a process with the same number), true.
bool isWriterAlive(const std::filesystem::path& segment);

/// Seconds since the epoch at which a running process started; none if there is none.
std::optional<double> startOfProcess(pid_t pid);

} // namespace interleave::ui
