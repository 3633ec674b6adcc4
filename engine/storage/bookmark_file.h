// SPDX-License-Identifier: GPL-3.0-or-later
// Bookmarks: moments of a recording with a note each, in a small JSON file beside it that people
// can read, share and mend. The recording itself never changes.
#pragma once

#include "engine/base/result.h"
#include "engine/base/time.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::storage {

struct Bookmark {
    Nanoseconds timeNs = 0;
    std::string label; // short: what stands at the mark
    std::string note;  // a line of text or several
    friend bool operator==(const Bookmark&, const Bookmark&) = default;
};

/// "run.ilv" -> "run.ilv.bookmarks".
std::filesystem::path bookmarkFileOf(const std::filesystem::path& recording);

/// In order of time. `source` is what an error calls the text.
Result<std::vector<Bookmark>> parseBookmarks(std::string_view text, std::string_view source);
std::string bookmarkText(const std::vector<Bookmark>& bookmarks);

/// Those of a recording; none where there is no file.
Result<std::vector<Bookmark>> readBookmarks(const std::filesystem::path& recording);

/// Wholly or not at all. A file that is there but can't be read as bookmarks is put aside, as
/// FILE.unreadable, and not overwritten. No bookmarks: no file.
Result<void> writeBookmarks(const std::filesystem::path& recording,
                            const std::vector<Bookmark>& bookmarks);

} // namespace interleave::storage
