// SPDX-License-Identifier: GPL-3.0-or-later
// What the recorder's tests share: a session folder that goes away, everything a session holds as
// plain values, and a child process whose end is awaited.
#pragma once

#include "engine/record/session.h"
#include "engine/record/session_reader.h"

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace interleave::record {

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "interleave-XXXXXX").string();
        m_path = mkdtemp(name.data());
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    const std::filesystem::path& path() const { return m_path; }
    std::filesystem::path session() const { return m_path / "session"; }

private:
    std::filesystem::path m_path;
};

struct ReadStream {
    StreamHeader header;
    std::vector<Event> events;

    std::vector<Event> ofKind(EventKind kind) const {
        std::vector<Event> found;
        for (const Event& event : events) {
            if (event.kind() == kind) {
                found.push_back(event);
            }
        }
        return found;
    }
};

/// Everything of a session so far, by segment and stream.
struct ReadSession {
    std::vector<ReadStream> streams;

    EventSink sink() {
        return [this](const StreamHeader& header, std::span<const Event> events) {
            for (ReadStream& known : streams) {
                if (known.header.segment == header.segment && known.header.id == header.id) {
                    known.events.insert(known.events.end(), events.begin(), events.end());
                    return;
                }
            }
            streams.push_back({header, {events.begin(), events.end()}});
        };
    }
    const ReadStream* named(const std::string& name) const {
        for (const ReadStream& stream : streams) {
            if (stream.header.info.name == name) {
                return &stream;
            }
        }
        return nullptr;
    }
};

inline ReadSession readAll(const std::filesystem::path& folder) {
    ReadSession session;
    auto reader = SessionReader::open(folder);
    if (reader) {
        reader->poll(session.sink());
    }
    return session;
}

/// A session that takes little room, for tests that make many.
inline SessionOptions smallSession() {
    SessionOptions options;
    options.populatedBytes = std::size_t{1} << 16;
    options.maximumBytes = std::size_t{64} << 20;
    return options;
}

/// Runs the action in a child and returns its wait status. The action's value is the exit code.
template <class Action>
int inChild(Action action) {
    const pid_t child = fork();
    if (child == 0) {
        _exit(action());
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

} // namespace interleave::record
