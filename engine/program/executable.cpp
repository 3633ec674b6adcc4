// SPDX-License-Identifier: GPL-3.0-or-later
// Source: elf(5), ld.so(8), execve(2): what an executable says of itself.
#include "engine/program/executable.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <string_view>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <system_error>
#include <unistd.h>

namespace interleave::program {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 16> kLaunchers = {
    "bash", "busybox", "chrt",  "dash",   "env",    "fish",    "ksh",     "make",
    "nice", "nohup",   "ninja", "setsid", "stdbuf", "taskset", "timeout", "zsh"};

/// A file's bytes, mapped; empty if it can't be read.
class MappedFile {
public:
    explicit MappedFile(const fs::path& path) {
        const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        struct stat status {};
        if (fd >= 0 && ::fstat(fd, &status) == 0 && status.st_size > 0) {
            m_size = static_cast<std::size_t>(status.st_size);
            m_base = ::mmap(nullptr, m_size, PROT_READ, MAP_PRIVATE, fd, 0);
        }
        if (fd >= 0) {
            ::close(fd);
        }
    }
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    ~MappedFile() {
        if (m_base != MAP_FAILED) {
            ::munmap(m_base, m_size);
        }
    }
    std::string_view bytes() const {
        return m_base == MAP_FAILED ? std::string_view()
                                    : std::string_view(static_cast<const char*>(m_base), m_size);
    }

private:
    void* m_base = MAP_FAILED;
    std::size_t m_size = 0;
};

/// The program interpreter that an ELF file asks for; empty: it is statically linked.
std::string_view dynamicLinkerOf(std::string_view bytes) {
    Elf64_Ehdr header;
    std::memcpy(&header, bytes.data(), sizeof header);
    for (std::size_t i = 0; i < header.e_phnum; ++i) {
        const std::size_t at = header.e_phoff + i * header.e_phentsize;
        Elf64_Phdr part;
        if (at > bytes.size() || bytes.size() - at < sizeof part) {
            break;
        }
        std::memcpy(&part, bytes.data() + at, sizeof part);
        if (part.p_type == PT_INTERP && part.p_offset < bytes.size()) {
            const auto text = bytes.substr(part.p_offset, part.p_filesz);
            return text.substr(0, text.find('\0'));
        }
    }
    return {};
}

/// The machine this program itself was built for.
std::uint16_t ownMachine() {
    const MappedFile self("/proc/self/exe");
    Elf64_Ehdr header{};
    if (self.bytes().size() >= sizeof header) {
        std::memcpy(&header, self.bytes().data(), sizeof header);
    }
    return header.e_machine;
}

std::string refusalOfElf(std::string_view bytes) {
    if (bytes.size() < sizeof(Elf64_Ehdr) || bytes[EI_CLASS] != ELFCLASS64) {
        return "it is a 32-bit program";
    }
    Elf64_Ehdr header;
    std::memcpy(&header, bytes.data(), sizeof header);
    if (header.e_machine != ownMachine()) {
        return "it was built for another kind of processor";
    }
    const std::string_view linker = dynamicLinkerOf(bytes);
    if (linker.empty()) {
        return "it is statically linked";
    }
    if (linker.find("musl") != std::string_view::npos) {
        return "it uses another C library (musl)";
    }
    return {};
}

/// The loader ignores LD_PRELOAD for programs that run with another user's rights.
std::string refusalOfRights(const fs::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        return {};
    }
    if (((status.st_mode & S_ISUID) != 0 && status.st_uid != ::geteuid()) ||
        ((status.st_mode & S_ISGID) != 0 && status.st_gid != ::getegid())) {
        return "it runs with the rights of its owner (set-user-ID)";
    }
    if (::geteuid() != 0 && ::getxattr(path.c_str(), "security.capability", nullptr, 0) > 0) {
        return "it runs with capabilities of its own";
    }
    return {};
}

bool isPython(std::string_view elf) {
    return elf.find("Py_BytesMain") != std::string_view::npos ||
           elf.find("Py_GetVersion") != std::string_view::npos ||
           elf.find("libpython") != std::string_view::npos;
}

/// The words of a script's first line, without "#!".
std::string_view interpreterLine(std::string_view script) {
    std::string_view line = script.substr(0, script.find('\n'));
    return line.starts_with("#!") ? line.substr(2) : std::string_view();
}

Executable inspect(const fs::path& path) {
    Executable found{path, Executable::Kind::Launcher, refusalOfRights(path)};
    const MappedFile file(path);
    if (!file.bytes().starts_with(ELFMAG)) {
        if (interpreterLine(file.bytes()).find("python") != std::string_view::npos) {
            found.kind = Executable::Kind::Python;
        }
        return found;
    }
    if (found.refusal.empty()) {
        found.refusal = refusalOfElf(file.bytes());
    }
    const std::string name = fs::canonical(path).filename().string();
    if (isPython(file.bytes())) {
        found.kind = Executable::Kind::Python;
    } else if (std::ranges::find(kLaunchers, name) == kLaunchers.end()) {
        found.kind = Executable::Kind::Native;
    }
    return found;
}

std::unexpected<Error> cannotStart(const std::string& command, int error) {
    return fail(fmt::format("{}: it can't be started ({}); give a program that you may execute.",
                            command, std::system_category().message(error)));
}

} // namespace

Result<Executable> findExecutable(const std::string& command) {
    std::error_code ignored;
    const auto isFile = [&](const fs::path& path) {
        return fs::exists(path, ignored) && !fs::is_directory(path, ignored);
    };
    if (command.find('/') != std::string::npos) {
        if (!isFile(command)) {
            return cannotStart(command, fs::is_directory(command, ignored) ? EISDIR : ENOENT);
        }
        if (::access(command.c_str(), X_OK) != 0) {
            return cannotStart(command, errno);
        }
        return inspect(command);
    }
    const char* variable = std::getenv("PATH");
    std::string_view places = variable != nullptr ? variable : "/bin:/usr/bin";
    bool isThere = false;
    while (!command.empty()) {
        const std::string_view place = places.substr(0, places.find(':'));
        const fs::path path = fs::path(place.empty() ? "." : place) / command;
        if (isFile(path)) {
            isThere = true;
            if (::access(path.c_str(), X_OK) == 0) {
                return inspect(path);
            }
        }
        if (place.size() == places.size()) {
            break;
        }
        places.remove_prefix(place.size() + 1);
    }
    return isThere ? cannotStart(command, EACCES)
                   : fail(fmt::format("{}: there is no such command; write its path, or install "
                                      "the program it belongs to.",
                                      command));
}

} // namespace interleave::program
