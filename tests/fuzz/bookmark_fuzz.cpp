// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever the bytes of a bookmark file, what is read from them is in order and can be written and
// read again unchanged.
#include "engine/base/check.h"
#include "engine/storage/bookmark_file.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace interleave::storage {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto parsed = parseBookmarks({reinterpret_cast<const char*>(data), size}, "input");
    if (!parsed) {
        CHECK(parsed.error().message.starts_with("input: "));
        return 0;
    }
    CHECK(std::ranges::is_sorted(*parsed, {}, &Bookmark::timeNs));
    const auto again = parseBookmarks(bookmarkText(*parsed), "input");
    CHECK(again && *again == *parsed);
    return 0;
}

} // namespace interleave::storage
