// SPDX-License-Identifier: GPL-3.0-or-later
// SessionFolder by mkdtemp, which makes the folder with mode 0700, and flock, which the kernel
// lifts when the last process that holds the descriptor is gone, however it went.
#include "ui/session/session_folder.h"

#include "ui/session/process_life.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace interleave::ui {

namespace {

namespace fs = std::filesystem;

constexpr const char* kPrefix = "interleave-";
constexpr const char* kLockFile = "lock";

void addPlace(std::vector<fs::path>& places, const char* variable) {
    if (const char* value = std::getenv(variable); value != nullptr && *value == '/') {
        places.emplace_back(value);
    }
}

std::vector<fs::path> placesForRuns() {
    std::vector<fs::path> places;
    addPlace(places, "XDG_RUNTIME_DIR");
    std::error_code ignored;
    if (const auto temporary = fs::temp_directory_path(ignored); !ignored) {
        places.push_back(temporary);
    }
    places.emplace_back("/tmp");
    return places;
}

/// The descriptor of the locked file, or -1 with errno.
int lockIn(const fs::path& folder, int extraFlags) {
    const int fd =
        ::open((folder / kLockFile).c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd >= 0 && ::flock(fd, LOCK_EX | extraFlags) != 0) {
        const int error = errno;
        ::close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

bool isOurFolder(const fs::path& path) {
    struct stat status {};
    return path.filename().string().starts_with(kPrefix) && ::lstat(path.c_str(), &status) == 0 &&
           S_ISDIR(status.st_mode) && status.st_uid == ::geteuid();
}

bool isThere(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

/// Segments are named after the process that writes them.
bool hasLivingWriter(const fs::path& session) {
    std::error_code error;
    for (fs::directory_iterator it(session, error), end; !error && it != end; it.increment(error)) {
        if (it->path().extension() == ".seg" && isWriterAlive(it->path())) {
            return true;
        }
    }
    return false;
}

} // namespace

std::vector<fs::path> sessionPlaces() {
    std::vector<fs::path> places = placesForRuns();
    addPlace(places, "INTERLEAVE_SESSIONS");
    places.emplace_back("/dev/shm");
    std::vector<fs::path> once;
    for (const fs::path& place : places) {
        std::error_code ignored;
        const fs::path known = fs::canonical(place, ignored);
        if (!ignored && std::ranges::find(once, known) == once.end()) {
            once.push_back(known);
        }
    }
    return once;
}

Result<SessionFolder> SessionFolder::create() {
    std::string reason;
    for (const auto& parent : placesForRuns()) {
        std::string pattern = (parent / (std::string(kPrefix) + "XXXXXX")).string();
        if (mkdtemp(pattern.data()) != nullptr) {
            // Whoever looks for folders left behind may hold the lock for a moment.
            if (const int fd = lockIn(pattern, 0); fd >= 0) {
                return SessionFolder(pattern, fd, true);
            }
        }
        reason += (reason.empty() ? "" : "; ") + parent.string() + ": " + std::strerror(errno);
    }
    return fail("No folder could be made for the run's session (" + reason +
                    "). Make one of these places writable, or set XDG_RUNTIME_DIR or TMPDIR to one "
                    "that is.",
                ErrorKind::MissingPart);
}

std::optional<SessionFolder> SessionFolder::adopt(const fs::path& path) {
    // A folder without anything in it may be one that is just being made.
    const bool hasContent =
        isThere(path / "run.ilv") || isThere(path / "session" / "manifest.json");
    if (!isOurFolder(path) || !hasContent) {
        return std::nullopt;
    }
    const int fd = lockIn(path, LOCK_NB);
    if (fd < 0) {
        return std::nullopt;
    }
    if (hasLivingWriter(path / "session")) {
        ::close(fd);
        return std::nullopt;
    }
    return SessionFolder(path, fd, false);
}

SessionFolder::SessionFolder(SessionFolder&& other) noexcept
    : m_path(std::exchange(other.m_path, {}))
    , m_lockFd(std::exchange(other.m_lockFd, -1))
    , m_isRemovedAtEnd(other.m_isRemovedAtEnd) {}

SessionFolder& SessionFolder::operator=(SessionFolder&& other) noexcept {
    if (this != &other) {
        leave();
        m_path = std::exchange(other.m_path, {});
        m_lockFd = std::exchange(other.m_lockFd, -1);
        m_isRemovedAtEnd = other.m_isRemovedAtEnd;
    }
    return *this;
}

SessionFolder::~SessionFolder() {
    leave();
}

bool SessionFolder::hasRecordingFile() const {
    return isThere(recordingFile());
}

void SessionFolder::removeEvents() {
    std::error_code error;
    std::vector<fs::path> events;
    for (fs::directory_iterator it(session(), error), end; !error && it != end;
         it.increment(error)) {
        if (it->path().extension() == ".seg") {
            events.push_back(it->path());
        }
    }
    for (const fs::path& file : events) {
        fs::remove(file, error);
    }
}

void SessionFolder::leave() {
    if (!m_path.empty() && m_isRemovedAtEnd) {
        std::error_code ignored; // nothing can be done, and nothing of value is left in it
        fs::remove_all(m_path, ignored);
    }
    m_path.clear();
    if (m_lockFd >= 0) {
        ::close(std::exchange(m_lockFd, -1));
    }
}

} // namespace interleave::ui
