// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/record/proc_file.h"

#include <algorithm>
#include <charconv>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

namespace interleave::record {

DescriptorBudget DescriptorBudget::ofThisProcess() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return {64};
    }
    return {static_cast<int>(std::min<rlim_t>(limit.rlim_cur / 4, 512))};
}

ProcFile::ProcFile(ProcFile&& other) noexcept
    : m_path(std::move(other.m_path))
    , m_fd(std::exchange(other.m_fd, -1))
    , m_budget(std::exchange(other.m_budget, nullptr)) {}

ProcFile& ProcFile::operator=(ProcFile&& other) noexcept {
    if (this != &other) {
        close();
        m_path = std::move(other.m_path);
        m_fd = std::exchange(other.m_fd, -1);
        m_budget = std::exchange(other.m_budget, nullptr);
    }
    return *this;
}

ProcFile::~ProcFile() {
    close();
}

void ProcFile::close() {
    if (m_fd >= 0) {
        ::close(m_fd);
        m_fd = -1;
        ++m_budget->left;
        m_budget = nullptr;
    }
}

std::string_view ProcFile::read(DescriptorBudget& budget, char (&buffer)[4096]) {
    int fd = m_fd;
    if (fd < 0) {
        fd = open(m_path.c_str(), O_RDONLY | O_CLOEXEC);
        if (fd < 0) {
            return {};
        }
        if (budget.left > 0) {
            --budget.left;
            m_fd = fd;
            m_budget = &budget;
        }
    }
    const ssize_t got = pread(fd, buffer, sizeof buffer, 0);
    if (m_fd < 0) {
        ::close(fd);
    }
    return {buffer, static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

std::uint64_t numberAt(std::string_view line, int field) {
    for (; field > 0; --field) {
        const std::size_t space = line.find(' ');
        if (space == std::string_view::npos) {
            return 0;
        }
        line.remove_prefix(space + 1);
    }
    std::uint64_t number = 0;
    std::from_chars(line.data(), line.data() + line.size(), number);
    return number;
}

} // namespace interleave::record
