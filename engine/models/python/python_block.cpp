// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/python/python_block.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace interleave::models {

namespace {

constexpr std::uint32_t kMagic = 0x49505931;
constexpr std::size_t kHeaderWords = 16;
constexpr std::size_t kTaskWords = 8; // phase, version, waits for, cover, waker, worker
constexpr std::size_t kObjectWords = 4;
constexpr std::size_t kAtReady = 1;
constexpr std::size_t kAtVersion = 2;
constexpr std::size_t kAtFlags = 3;
constexpr std::size_t kAtAllEnded = 4;
constexpr std::uint32_t kHasAgent = 1;
constexpr std::uint32_t kIsCPython = 2;

} // namespace

Result<PythonBlock> PythonBlock::create(std::size_t tasks, std::size_t objects) {
    const std::size_t bytes =
        (kHeaderWords + tasks * kTaskWords + objects * kObjectWords) * sizeof(std::uint32_t);
    const int fd = ::memfd_create("interleave-python", MFD_CLOEXEC);
    PythonBlock block(fd, bytes, tasks);
    if (fd < 0 || ::ftruncate(fd, static_cast<off_t>(bytes)) != 0) {
        return fail(
            fmt::format("No memory to share with the Python program: {}.", std::strerror(errno)),
            ErrorKind::MissingPart);
    }
    void* base = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (base == MAP_FAILED) {
        return fail(
            fmt::format("No memory to share with the Python program: {}.", std::strerror(errno)),
            ErrorKind::MissingPart);
    }
    block.m_words = static_cast<std::uint32_t*>(base);
    block.m_words[0] = kMagic;
    return block;
}

PythonBlock::PythonBlock(int fd, std::size_t bytes, std::size_t tasks)
    : m_fd(fd)
    , m_bytes(bytes)
    , m_tasks(tasks) {}

PythonBlock::PythonBlock(PythonBlock&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1))
    , m_words(std::exchange(other.m_words, nullptr))
    , m_bytes(other.m_bytes)
    , m_tasks(other.m_tasks) {}

PythonBlock::~PythonBlock() {
    if (m_words != nullptr) {
        ::munmap(m_words, m_bytes);
    }
    if (m_fd >= 0) {
        ::close(m_fd);
    }
}

std::string PythonBlock::path() const {
    return fmt::format("/proc/{}/fd/{}", ::getpid(), m_fd);
}

std::uint32_t PythonBlock::word(std::size_t index) const {
    return std::atomic_ref(m_words[index]).load(std::memory_order_acquire);
}

bool PythonBlock::isReady() const {
    return word(kAtReady) != 0;
}

bool PythonBlock::haveAllEnded() const {
    return word(kAtAllEnded) != 0;
}

bool PythonBlock::hasAgent() const {
    return (word(kAtFlags) & kHasAgent) != 0;
}

bool PythonBlock::isCPython() const {
    return (word(kAtFlags) & kIsCPython) != 0;
}

std::string PythonBlock::version() const {
    const std::uint32_t version = word(kAtVersion); // sys.hexversion
    return fmt::format("{}.{}.{}", version >> 24, version >> 16 & 0xff, version >> 8 & 0xff);
}

PythonBlock::TaskLook PythonBlock::look(TaskId task) const {
    const std::size_t at = kHeaderWords + kTaskWords * (task.value - 1);
    return {static_cast<Phase>(word(at)), word(at + 1), word(at + 2), TaskId{word(at + 3)}};
}

TaskId PythonBlock::holder(ObjectId lock) const {
    return TaskId{word(kHeaderWords + kTaskWords * m_tasks + kObjectWords * (lock.value - 1))};
}

} // namespace interleave::models
