// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/bookmark_file.h"

#include "engine/storage/atomic_file.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>

namespace interleave::storage {

namespace {

using nlohmann::json;

constexpr const char* kFormat = "interleave bookmarks";
constexpr int kBookmarkVersion = 1;
constexpr std::uintmax_t kMostBytes = 16U << 20U; // a note is written by hand
constexpr std::size_t kMostBookmarks = 100'000;

std::string textAt(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<Bookmark> bookmarkFrom(const json& object) {
    if (!object.is_object()) {
        return std::nullopt;
    }
    const auto time = object.find("time_ns");
    if (time == object.end() || !time->is_number_integer()) {
        return std::nullopt;
    }
    return Bookmark{time->get<Nanoseconds>(), textAt(object, "label"), textAt(object, "note")};
}

std::unexpected<Error> unreadable(std::string_view source, std::string_view why) {
    return fail(fmt::format("{}: these bookmarks can't be read, {}; mend the file or move it away.",
                            source, why));
}

} // namespace

std::filesystem::path bookmarkFileOf(const std::filesystem::path& recording) {
    std::filesystem::path file = recording;
    file += ".bookmarks";
    return file;
}

Result<std::vector<Bookmark>> parseBookmarks(std::string_view text, std::string_view source) {
    const json root = json::parse(text, nullptr, false);
    if (!root.is_object() || textAt(root, "format") != kFormat) {
        return unreadable(source, "it is no bookmark file of Interleave");
    }
    const auto version = root.find("version");
    if (version == root.end() || !version->is_number_integer() ||
        version->get<std::int64_t>() != kBookmarkVersion) {
        return unreadable(source, "its version is not known here");
    }
    const auto list = root.find("bookmarks");
    if (list == root.end() || !list->is_array() || list->size() > kMostBookmarks) {
        return unreadable(source, "it has no list of bookmarks");
    }
    std::vector<Bookmark> bookmarks;
    for (const json& each : *list) {
        auto bookmark = bookmarkFrom(each);
        if (!bookmark) {
            return unreadable(source, fmt::format("number {} has no time_ns that is a whole number",
                                                  bookmarks.size() + 1));
        }
        bookmarks.push_back(std::move(*bookmark));
    }
    std::ranges::stable_sort(bookmarks, {}, &Bookmark::timeNs);
    return bookmarks;
}

std::string bookmarkText(const std::vector<Bookmark>& bookmarks) {
    json list = json::array();
    for (const Bookmark& bookmark : bookmarks) {
        json object{{"time_ns", bookmark.timeNs}};
        if (!bookmark.label.empty()) {
            object["label"] = bookmark.label;
        }
        if (!bookmark.note.empty()) {
            object["note"] = bookmark.note;
        }
        list.push_back(std::move(object));
    }
    const json root{
        {"format", kFormat}, {"version", kBookmarkVersion}, {"bookmarks", std::move(list)}};
    // What isn't UTF-8 is replaced: a note is worth more than the byte that spoils it.
    return root.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

Result<std::vector<Bookmark>> readBookmarks(const std::filesystem::path& recording) {
    const std::filesystem::path file = bookmarkFileOf(recording);
    std::error_code error;
    if (!std::filesystem::exists(file, error) && !error) {
        return std::vector<Bookmark>();
    }
    const auto size = std::filesystem::file_size(file, error);
    if (!error && size > kMostBytes) {
        return unreadable(file.string(), "the file is too large to be one");
    }
    const auto text = readFile(file);
    if (!text) {
        return std::unexpected(text.error());
    }
    return parseBookmarks(*text, file.string());
}

Result<void> writeBookmarks(const std::filesystem::path& recording,
                            const std::vector<Bookmark>& bookmarks) {
    const std::filesystem::path file = bookmarkFileOf(recording);
    std::error_code error;
    if (!readBookmarks(recording)) {
        std::filesystem::path aside = file;
        aside += ".unreadable";
        std::filesystem::rename(file, aside, error);
        if (error) {
            return fail(
                fmt::format("{}: these bookmarks can't be read and can't be put aside ({}); "
                            "move the file away to keep new ones.",
                            file.string(), error.message()));
        }
    }
    if (bookmarks.empty()) {
        std::filesystem::remove(file, error);
        return error ? fail(fmt::format("{}: can't be removed ({}); remove it by hand.",
                                        file.string(), error.message()))
                     : Result<void>();
    }
    return writeFileAtomically(file, bookmarkText(bookmarks));
}

} // namespace interleave::storage
