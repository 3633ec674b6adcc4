// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/run/session_folder.h"

#include <cstdlib>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace interleave::run {

namespace {

// A run of a few seconds writes a few MB; below this a memory file system isn't worth the risk.
constexpr std::uint64_t kLeastFreeBytes = std::uint64_t{64} << 20;

bool hasRoom(const std::filesystem::path& folder) {
    struct statvfs status {};
    return ::statvfs(folder.c_str(), &status) == 0 &&
           status.f_bavail * status.f_frsize >= kLeastFreeBytes;
}

std::vector<std::filesystem::path> candidates() {
    std::vector<std::filesystem::path> folders;
    for (const char* variable : {"INTERLEAVE_SESSIONS", "XDG_RUNTIME_DIR"}) {
        if (const char* value = std::getenv(variable); value != nullptr && *value != '\0') {
            folders.emplace_back(value);
        }
    }
    folders.emplace_back("/dev/shm");
    std::error_code ignored;
    folders.push_back(std::filesystem::temp_directory_path(ignored));
    return folders;
}

} // namespace

SessionFolder::SessionFolder(std::filesystem::path path, std::filesystem::path temporaryParent)
    : m_path(std::move(path))
    , m_temporaryParent(std::move(temporaryParent)) {}

SessionFolder::SessionFolder(SessionFolder&& other) noexcept
    : m_path(std::move(other.m_path))
    , m_temporaryParent(std::exchange(other.m_temporaryParent, {})) {}

SessionFolder::~SessionFolder() {
    if (!m_temporaryParent.empty()) {
        std::error_code ignored;
        std::filesystem::remove_all(m_temporaryParent, ignored);
    }
}

Result<SessionFolder> SessionFolder::make(const std::filesystem::path& given) {
    if (!given.empty()) {
        return SessionFolder(given, {});
    }
    std::string tried;
    for (const std::filesystem::path& parent : candidates()) {
        std::string pattern = (parent / "interleave-XXXXXX").string();
        if (hasRoom(parent) && ::mkdtemp(pattern.data()) != nullptr) {
            return SessionFolder(std::filesystem::path(pattern) / "session", pattern);
        }
        tried += (tried.empty() ? "" : ", ") + parent.string();
    }
    return fail(
        fmt::format("No place for the recording's events: none of {} can be written to and has "
                    "64 MB free; set TMPDIR to a folder that has.",
                    tried),
        ErrorKind::MissingPart);
}

} // namespace interleave::run
