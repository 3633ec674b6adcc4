// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/private_broker.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace interleave::support {

namespace {

std::string temporaryFolder() {
    return std::filesystem::temp_directory_path().string();
}

/// "'it'\''s'".
std::string shellQuoted(const std::string& text) {
    std::string quotes = "'";
    for (const char c : text) {
        quotes += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return quotes + "'";
}

constexpr const char* kControl = INTERLEAVE_SOURCE_DIR "/packaging/broker";
constexpr const char* kKeeper = INTERLEAVE_SOURCE_DIR "/tests/support/keep_while_used";

/// What a shell command writes; nothing: it failed.
std::optional<std::string> outputOf(const std::string& command) {
    FILE* pipe = ::popen(command.c_str(), "re");
    if (!pipe) {
        return std::nullopt;
    }
    std::string output;
    for (int c = 0; (c = std::fgetc(pipe)) != EOF;) {
        output.push_back(static_cast<char>(c));
    }
    return ::pclose(pipe) == 0 ? std::optional(output) : std::nullopt;
}

} // namespace

bool PrivateBroker::isInstalled() {
    return std::filesystem::exists("/usr/lib/rabbitmq/lib");
}

PrivateBroker::PrivateBroker(std::string folder, bool isShared)
    : m_folder(std::move(folder))
    , m_isShared(isShared) {}

PrivateBroker* PrivateBroker::shared() {
    static const std::unique_ptr<PrivateBroker> broker = [] {
        std::unique_ptr<PrivateBroker> one(new PrivateBroker(
            fmt::format("{}/interleave-test-broker-{}", temporaryFolder(), ::getuid()), true));
        return one->launch() ? std::move(one) : nullptr;
    }();
    return broker.get();
}

std::unique_ptr<PrivateBroker> PrivateBroker::own() {
    static int count = 0;
    std::unique_ptr<PrivateBroker> one(new PrivateBroker(
        fmt::format("{}/interleave-own-broker-{}-{}", temporaryFolder(), ::getpid(), ++count),
        false));
    return one->launch() ? std::move(one) : nullptr;
}

bool PrivateBroker::launch() {
    const std::string usersFile = m_folder + ".users";
    m_users = ::open(usersFile.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    // Waits while the keeper of one that nobody used is about to end it.
    if (m_users < 0 || ::flock(m_users, LOCK_SH) != 0) {
        return false;
    }
    ::futimens(m_users, nullptr);
    std::filesystem::create_directories(m_folder);
    // A second keeper does no harm: it finds no folder.
    outputOf(fmt::format("setsid {} {} {} stop {} </dev/null >/dev/null 2>&1 &",
                         shellQuoted(kKeeper), shellQuoted(m_folder), shellQuoted(kControl),
                         shellQuoted(m_folder)));
    return control("start");
}

bool PrivateBroker::control(const char* command) {
    const auto output =
        outputOf(fmt::format("{} {} {}", shellQuoted(kControl), command, shellQuoted(m_folder)));
    if (output && !output->empty()) {
        m_url = output->substr(0, output->find('\n'));
    }
    return output.has_value();
}

PrivateBroker::~PrivateBroker() {
    if (!m_isShared) {
        stop();
        std::filesystem::remove_all(m_folder);
        std::filesystem::remove(m_folder + ".users");
    }
    if (m_users >= 0) {
        ::futimens(m_users, nullptr);
        ::close(m_users);
    }
}

std::string PrivateBroker::controlCommand() const {
    return fmt::format("env INTERLEAVE_BROKER_FOLDER={} {}", shellQuoted(m_folder),
                       shellQuoted(kControl));
}

void PrivateBroker::stop() {
    control("stop");
}

bool PrivateBroker::start() {
    return control("start");
}

void PrivateBroker::kill() {
    pid_t pid = 0;
    std::ifstream(m_folder + "/pid") >> pid;
    if (pid > 0) {
        ::kill(pid, SIGKILL);
    }
}

} // namespace interleave::support
