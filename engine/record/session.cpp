// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/record/session.h"

#include "engine/record/segment.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace interleave::record {

namespace {

/// Names the segment of the process that made the session.
constexpr const char* kRunnerFile = "runner";

/// Writes a small file and gives it its name when it is whole.
Result<void> writeWhole(const std::filesystem::path& path, std::string_view text) {
    const std::string unfinished = path.string() + ".new";
    const auto refuse = [&](const char* what) {
        const int error = errno;
        unlink(unfinished.c_str());
        return fail("cannot " + std::string(what) + " " + path.string() + ": " +
                        std::system_category().message(error) +
                        "; make room there or choose another folder for the session",
                    ErrorKind::MissingPart);
    };
    const int fd = open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) {
        return refuse("create");
    }
    while (!text.empty()) {
        const ssize_t done = write(fd, text.data(), text.size());
        if (done < 0 && errno != EINTR) {
            const auto refusal = refuse("write");
            close(fd);
            return refusal;
        }
        text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(done, 0)));
    }
    if (close(fd) != 0) {
        return refuse("write");
    }
    if (rename(unfinished.c_str(), path.c_str()) != 0) {
        return refuse("name");
    }
    return {};
}

bool holdsSegment(const std::filesystem::path& folder) {
    std::error_code error;
    for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
         it.increment(error)) {
        if (it->path().extension() == ".seg") {
            return true;
        }
    }
    return false;
}

Result<void> makeFolder(const std::filesystem::path& folder) {
    if (mkdir(folder.c_str(), 0700) == 0) {
        return {};
    }
    if (errno != EEXIST) {
        return fail("cannot make the session folder " + folder.string() + ": " +
                        std::system_category().message(errno) +
                        "; choose a folder that you may write to",
                    ErrorKind::MissingPart);
    }
    struct stat status {};
    if (stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
        return fail("the session folder " + folder.string() +
                    " is something else than a folder; choose another name");
    }
    if (holdsSegment(folder)) {
        return fail("the folder " + folder.string() +
                    " already holds a session; choose another one or remove it");
    }
    return {};
}

Result<SegmentHeader> readRunnerHeader(const std::filesystem::path& folder) {
    const auto refuse = [&](const std::string& why) {
        return fail("cannot join the session in " + folder.string() + ": " + why +
                        "; only a running session can be joined",
                    ErrorKind::MissingPart);
    };
    char name[64] = "";
    const int nameFd = open((folder / kRunnerFile).c_str(), O_RDONLY | O_CLOEXEC);
    if (nameFd < 0) {
        return refuse(std::system_category().message(errno));
    }
    const ssize_t length = read(nameFd, name, sizeof name - 1);
    close(nameFd);
    if (length <= 0 || std::strchr(name, '/') != nullptr) {
        return refuse("its file \"runner\" names no segment");
    }
    const int fd = open((folder / name).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return refuse(std::system_category().message(errno));
    }
    SegmentHeader header{};
    const ssize_t got = pread(fd, &header, sizeof header, 0);
    close(fd);
    if (got != static_cast<ssize_t>(sizeof header) || header.magic != kSegmentMagic ||
        header.version != kSegmentVersion || header.clock > 1 || !std::isfinite(header.nsPerTick) ||
        header.nsPerTick <= 0) {
        return refuse("its segment has another format");
    }
    return header;
}

void appendQuoted(std::string& line, std::string_view text) {
    line += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            line += '\\';
            line += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
            line += escape;
        } else {
            line += c;
        }
    }
    line += '"';
}

} // namespace

struct SessionWriter::State {
    std::filesystem::path folder;
    std::shared_ptr<Segment> segment;
    std::size_t populatedBytes = 0;
};

SessionWriter::SessionWriter(std::unique_ptr<State> state)
    : m_state(std::move(state)) {}
SessionWriter::SessionWriter(SessionWriter&&) noexcept = default;
SessionWriter& SessionWriter::operator=(SessionWriter&&) noexcept = default;

SessionWriter::~SessionWriter() {
    if (m_state != nullptr) {
        m_state->segment->refreshAnchor();
    }
}

Result<SessionWriter> SessionWriter::create(const std::filesystem::path& folder,
                                            const SessionOptions& options) {
    if (const auto made = makeFolder(folder); !made) {
        return std::unexpected(made.error());
    }
    const SegmentOptions segmentOptions{
        options.populatedBytes, options.maximumBytes,     true,
        options.isEnabled,      options.agentBudgetBytes, options.writer};
    auto segment = Segment::create(folder, Clock::start(), segmentOptions);
    if (!segment) {
        return std::unexpected(segment.error());
    }
    if (const auto named = writeWhole(folder / kRunnerFile, (*segment)->fileName()); !named) {
        return std::unexpected(named.error());
    }
    return SessionWriter(
        std::make_unique<State>(State{folder, std::move(*segment), options.populatedBytes}));
}

Result<SessionWriter> SessionWriter::join(const std::filesystem::path& folder,
                                          std::size_t populatedBytes) {
    const auto header = readRunnerHeader(folder);
    if (!header) {
        return std::unexpected(header.error());
    }
    Clock clock;
    clock.kind = static_cast<ClockKind>(header->clock);
    clock.origin = {header->originTicks, header->originNs};
    clock.nsPerTick = header->nsPerTick;
    const SegmentOptions options{populatedBytes, header->maximumBytes, false,
                                 header->isEnabled != 0};
    auto segment = Segment::create(folder, clock, options);
    if (!segment) {
        return std::unexpected(segment.error());
    }
    return SessionWriter(
        std::make_unique<State>(State{folder, std::move(*segment), populatedBytes}));
}

Writer SessionWriter::openStream(const StreamInfo& info) {
    return m_state->segment->isEnabled() ? Writer(m_state->segment, info) : Writer();
}

Result<void> SessionWriter::writeManifest(const std::string& json) {
    return writeWhole(m_state->folder / kManifestFile, json);
}

void SessionWriter::diagnose(const std::string& kind, const std::string& severity,
                             std::uint64_t count, const std::string& message) {
    std::string line = "{\"kind\":";
    appendQuoted(line, kind);
    line += ",\"severity\":";
    appendQuoted(line, severity);
    line += ",\"count\":" + std::to_string(count) + ",\"message\":";
    appendQuoted(line, message);
    line += "}\n";
    // One write to a file opened for appending: lines of several processes don't mix.
    const int fd = open((m_state->folder / kDiagnosticsFile).c_str(),
                        O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd >= 0) {
        const ssize_t done = write(fd, line.data(), line.size());
        static_cast<void>(done); // a full disk: the segment's header has the counts
        close(fd);
    }
}

void SessionWriter::finish() {
    m_state->segment->finish();
}

const std::filesystem::path& SessionWriter::folder() const {
    return m_state->folder;
}

const Clock& SessionWriter::clock() const {
    return m_state->segment->clock();
}

std::size_t SessionWriter::populatedBytes() const {
    return m_state->populatedBytes;
}

std::shared_ptr<Segment> SessionWriter::segment() const {
    return m_state->segment;
}

} // namespace interleave::record
