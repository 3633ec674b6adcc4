// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/record/memory_sampler.h"

#include <algorithm>
#include <unistd.h>

namespace interleave::record {

void sampleRss(ProcessTree& tree, DescriptorBudget& budget, Writer& writer) {
    const auto pageKiB = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) / 1024;
    char buffer[4096];
    for (ObservedProcess& process : tree.processes()) {
        const std::string_view line = process.statm.read(budget, buffer);
        const std::uint64_t pages = numberAt(line, 1);
        if (pages > 0) { // a process that has just ended has none
            writer.emit(
                EventKind::MemoryRss, process.pid,
                static_cast<std::uint32_t>(std::min<std::uint64_t>(pages * pageKiB, UINT32_MAX)));
        }
    }
}

void samplePss(ProcessTree& tree, DescriptorBudget& budget, Writer& writer) {
    char buffer[4096];
    for (ObservedProcess& process : tree.processes()) {
        std::string_view text = process.smapsRollup.read(budget, buffer);
        const std::size_t at = text.find("\nPss:");
        if (at == std::string_view::npos) {
            continue; // it has ended, or the kernel is older than 4.14
        }
        text.remove_prefix(at + 5);
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
        writer.emit(
            EventKind::MemoryPss, process.pid,
            static_cast<std::uint32_t>(std::min<std::uint64_t>(numberAt(text, 0), UINT32_MAX)));
    }
}

} // namespace interleave::record
