// SPDX-License-Identifier: GPL-3.0-or-later
// The files of the source tree as text, for the tests of the house's rules.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace interleave::architecture {

/// The root of the checkout that was configured.
std::filesystem::path sourceRoot();
std::string textOf(const std::filesystem::path& file);
std::vector<std::string> linesOf(const std::filesystem::path& file);
/// Files below `folder` (relative to the root) that end in one of the extensions, sorted; relative
/// paths.
std::vector<std::filesystem::path> filesBelow(const std::string& folder,
                                              const std::vector<std::string>& extensions);

} // namespace interleave::architecture
