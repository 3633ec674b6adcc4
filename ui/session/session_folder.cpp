// SPDX-License-Identifier: GPL-3.0-or-later
// SessionFolder by mkdtemp, which makes the folder with mode 0700.
#include "ui/session/session_folder.h"

#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace interleave::ui {

namespace {

std::vector<std::filesystem::path> candidates() {
    std::vector<std::filesystem::path> result;
    if (const char* runtime = std::getenv("XDG_RUNTIME_DIR"); runtime && *runtime == '/') {
        result.emplace_back(runtime);
    }
    std::error_code ignored;
    if (const auto temporary = std::filesystem::temp_directory_path(ignored); !ignored) {
        result.push_back(temporary);
    }
    result.emplace_back("/tmp");
    return result;
}

} // namespace

Result<SessionFolder> SessionFolder::create() {
    std::string reason;
    for (const auto& parent : candidates()) {
        std::string pattern = (parent / "interleave-XXXXXX").string();
        if (mkdtemp(pattern.data()) != nullptr) {
            return SessionFolder(pattern);
        }
        reason += (reason.empty() ? "" : "; ") + parent.string() + ": " + std::strerror(errno);
    }
    return fail("No folder could be made for the run's session (" + reason +
                    "). Make one of these places writable, or set XDG_RUNTIME_DIR or TMPDIR to one "
                    "that is.",
                ErrorKind::MissingPart);
}

SessionFolder::SessionFolder(SessionFolder&& other) noexcept
    : m_path(std::exchange(other.m_path, {})) {}

SessionFolder& SessionFolder::operator=(SessionFolder&& other) noexcept {
    if (this != &other) {
        remove();
        m_path = std::exchange(other.m_path, {});
    }
    return *this;
}

SessionFolder::~SessionFolder() {
    remove();
}

void SessionFolder::remove() {
    if (!m_path.empty()) {
        std::error_code ignored; // nothing can be done, and nothing of value is left in it
        std::filesystem::remove_all(m_path, ignored);
        m_path.clear();
    }
}

} // namespace interleave::ui
