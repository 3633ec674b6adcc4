// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/text_file.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <system_error>

namespace interleave::scenario {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kLargestTextFile = 4'000'000;

} // namespace

Result<std::string> readTextFile(const fs::path& file, std::string_view kind) {
    std::error_code error;
    const fs::file_status status = fs::status(file, error);
    if (status.type() == fs::file_type::not_found) {
        return fail(fmt::format("{} does not exist, check the path.", file.string()));
    }
    if (error) {
        return fail(fmt::format("{} can't be read: {}.", file.string(), error.message()));
    }
    if (fs::is_directory(status)) {
        return fail(fmt::format("{} is a folder, name a {} file in it.", file.string(), kind));
    }
    if (!fs::is_regular_file(status)) {
        return fail(fmt::format("{} is not a regular file, name a {} file.", file.string(), kind));
    }
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return fail(fmt::format("{} can't be read: {}.", file.string(), std::strerror(errno)));
    }
    // Measured by what is there to read, not by what the file system says of its size.
    std::string text(kLargestTextFile + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad()) {
        return fail(fmt::format("{} can't be read to its end.", file.string()));
    }
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.size() > kLargestTextFile) {
        return fail(fmt::format("{} is too large for a {}, at most 4 MB are allowed.",
                                file.string(), kind));
    }
    return text;
}

} // namespace interleave::scenario
