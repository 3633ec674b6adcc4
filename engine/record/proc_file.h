// SPDX-License-Identifier: GPL-3.0-or-later
// A file of /proc that is read again and again. It keeps its descriptor where there are enough,
// which makes a reading four to ten times cheaper and notices when its process or thread has died,
// even if the number has been given to another.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace interleave::record {

/// How many more descriptors may be kept: the program that is observed needs some too.
struct DescriptorBudget {
    int left = 0;

    /// A quarter of what this process may open, 512 at most.
    static DescriptorBudget ofThisProcess();
};

class ProcFile {
public:
    ProcFile() = default;
    explicit ProcFile(std::string path)
        : m_path(std::move(path)) {}
    ProcFile(ProcFile&& other) noexcept;
    ProcFile& operator=(ProcFile&& other) noexcept;
    ~ProcFile();

    /// What it says now, at most 4 KiB of it, valid until the next read of any ProcFile with the
    /// same buffer; empty when what it is about has gone.
    std::string_view read(DescriptorBudget& budget, char (&buffer)[4096]);
    void close();

private:
    std::string m_path;
    int m_fd = -1;
    DescriptorBudget* m_budget = nullptr; // set iff m_fd is kept
};

/// The number that follows `at` spaces' worth of fields; 0 where there is none. Fields are
/// separated by single spaces.
std::uint64_t numberAt(std::string_view line, int field);

} // namespace interleave::record
