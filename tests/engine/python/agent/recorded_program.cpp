// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/python/agent/recorded_program.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <spawn.h>

namespace interleave::agent {

namespace {

/// Writes the input, reads both outputs until the program and its children have closed them.
void converse(int input, int output, int errors, const std::string& text, RecordedProgram& into) {
    std::size_t written = 0;
    std::array<pollfd, 3> ends{
        {{text.empty() ? -1 : input, POLLOUT, 0}, {output, POLLIN, 0}, {errors, POLLIN, 0}}};
    if (text.empty()) {
        close(input);
    }
    while (ends[1].fd >= 0 || ends[2].fd >= 0) {
        poll(ends.data(), ends.size(), -1);
        if (ends[0].fd >= 0 && ends[0].revents != 0) {
            const ssize_t done = write(input, text.data() + written, text.size() - written);
            written += static_cast<std::size_t>(std::max<ssize_t>(done, 0));
            if (done < 0 || written == text.size()) {
                close(input);
                ends[0].fd = -1;
            }
        }
        for (const std::size_t i : {1u, 2u}) {
            if (ends[i].fd >= 0 && ends[i].revents != 0) {
                char buffer[65536];
                const ssize_t got = read(ends[i].fd, buffer, sizeof buffer);
                if (got <= 0) {
                    ends[i].fd = -1;
                } else {
                    (i == 1 ? into.output : into.errors)
                        .append(buffer, static_cast<std::size_t>(got));
                }
            }
        }
    }
    if (ends[0].fd >= 0) {
        close(input);
    }
}

std::vector<std::string> environmentFor(const ProgramRequest& request,
                                        const std::filesystem::path& folder) {
    std::map<std::string, std::string> variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const std::size_t equals = text.find('=');
        if (equals != std::string_view::npos && !text.starts_with("LD_PRELOAD=") &&
            !text.starts_with("INTERLEAVE_")) {
            variables[std::string(text.substr(0, equals))] = text.substr(equals + 1);
        }
    }
    if (request.isRecorded) {
        variables["INTERLEAVE_SESSION"] = folder.string();
        const char* const other = std::getenv("INTERLEAVE_TEST_AGENT");
        variables["LD_PRELOAD"] = !request.library.empty() ? request.library
                                  : other != nullptr       ? other
                                                           : AGENT_LIBRARY;
    }
    for (const auto& [name, value] : request.environment) {
        variables[name] = value;
    }
    std::vector<std::string> lines;
    for (const auto& [name, value] : variables) {
        lines.push_back(name + "=" + value);
    }
    return lines;
}

std::vector<char*> pointersTo(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

void readEvents(const std::filesystem::path& folder, RecordedProgram& into) {
    auto reader = record::SessionReader::open(folder);
    if (!reader) {
        into.problems.push_back(reader.error().message);
        return;
    }
    record::ReadSession all;
    while (reader->poll(all.sink()) > 0) {
    }
    into.problems = reader->problems();
    for (std::uint32_t i = 0; i < reader->segments().size(); ++i) {
        const record::SegmentInfo& info = reader->segments()[i];
        if (info.isRunner) {
            continue;
        }
        RecordedProcess process;
        process.segment = i;
        process.pid = info.pid;
        process.name = info.processName;
        process.writer = info.writer;
        process.droppedEvents = info.droppedEvents;
        for (const ReadStream& stream : all.streams) {
            if (stream.header.segment == i) {
                process.streams.push_back(stream);
            }
        }
        into.processes.push_back(std::move(process));
    }
    into.reader.emplace(std::move(*reader));
}

} // namespace

std::string textAt(const std::vector<Event>& events, std::size_t index) {
    std::string text;
    const std::size_t bytes = events[index].b;
    for (std::size_t i = index + 1; text.size() < bytes && i < events.size(); ++i) {
        if (events[i].kind() != EventKind::Text) {
            ADD_FAILURE() << "a text is cut";
            break;
        }
        char part[16] = {};
        const std::uint64_t first = events[i].stamp();
        std::memcpy(part, &first, 7);
        std::memcpy(part + 7, &events[i].a, 4);
        std::memcpy(part + 11, &events[i].b, 4);
        text.append(part, std::min<std::size_t>(15, bytes - text.size()));
    }
    return text;
}

const ReadStream* RecordedProcess::streamOf(std::uint32_t tid) const {
    const auto found =
        std::ranges::find_if(streams, [&](const auto& s) { return s.header.tid == tid; });
    return found == streams.end() ? nullptr : &*found;
}

std::vector<std::string> RecordedProcess::texts(EventKind kind) const {
    std::vector<std::string> found;
    for (const ReadStream& stream : streams) {
        for (std::size_t i = 0; i < stream.events.size(); ++i) {
            if (stream.events[i].kind() == kind) {
                found.push_back(textAt(stream.events, i));
                std::ranges::replace(found.back(), '\0', '|');
            }
        }
    }
    return found;
}

bool RecordedProcess::hasText(EventKind kind, std::string_view part) const {
    return std::ranges::any_of(
        texts(kind), [&](const std::string& text) { return text.find(part) != std::string::npos; });
}

std::size_t RecordedProcess::count(EventKind kind) const {
    std::size_t count = 0;
    for (const ReadStream& stream : streams) {
        count += stream.ofKind(kind).size();
    }
    return count;
}

std::int64_t RecordedProgram::monotonicNs(const ReadStream& stream, std::uint64_t stamp) const {
    return reader->originMonotonicNs() + reader->sessionNs(stream.header, stamp);
}

const RecordedProcess* RecordedProgram::process(std::uint32_t pid) const {
    const auto found = std::ranges::find_if(processes, [&](const auto& p) { return p.pid == pid; });
    return found == processes.end() ? nullptr : &*found;
}

RecordedProgram runRecorded(const ProgramRequest& request) {
    RecordedProgram result;
    const record::TemporaryFolder temporary;
    const std::filesystem::path folder =
        request.folder.empty() ? temporary.session() : request.folder;
    auto session = record::SessionWriter::create(folder, request.session);
    if (!session) {
        ADD_FAILURE() << session.error().message;
        return result;
    }
    int input[2], output[2], errors[2];
    if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0 ||
        pipe2(errors, O_CLOEXEC) != 0) {
        ADD_FAILURE() << "no pipes";
        return result;
    }
    std::vector<std::string> arguments = request.command;
    std::vector<std::string> environment = environmentFor(request, folder);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], 0);
    posix_spawn_file_actions_adddup2(&actions, output[1], 1);
    posix_spawn_file_actions_adddup2(&actions, errors[1], 2);
    pid_t child = 0;
    const int failure = posix_spawn(&child, arguments[0].c_str(), &actions, nullptr,
                                    pointersTo(arguments).data(), pointersTo(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    close(input[0]);
    close(output[1]);
    close(errors[1]);
    if (failure != 0) {
        ADD_FAILURE() << arguments[0] << ": " << std::strerror(failure);
    } else {
        if (request.whileItRuns) {
            request.whileItRuns(child, *session);
        }
        converse(input[1], output[0], errors[0], request.standardInput, result);
        waitpid(child, &result.status, 0);
    }
    close(output[0]);
    close(errors[0]);
    session->finish();
    readEvents(folder, result);
    return result;
}

std::string systemPython() {
    return "/usr/bin/python3";
}

std::string pyenvPython(const std::string& version) {
    const char* const home = std::getenv("HOME");
    const std::filesystem::path all =
        std::filesystem::path(home == nullptr ? "" : home) / ".pyenv" / "versions";
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(all, none)) {
        const std::filesystem::path program = entry.path() / "bin" / ("python" + version);
        if (entry.path().filename().string().starts_with(version + ".") &&
            std::filesystem::exists(program)) {
            return program.string();
        }
    }
    return {};
}

} // namespace interleave::agent
