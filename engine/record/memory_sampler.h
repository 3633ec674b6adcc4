// SPDX-License-Identifier: GPL-3.0-or-later
// Resident and proportional memory of every process of the tree, into a stream.
#pragma once

#include "engine/record/process_tree.h"
#include "engine/record/writer.h"

namespace interleave::record {

/// MemoryRss of each process: cheap, a counter of the kernel.
void sampleRss(ProcessTree& tree, DescriptorBudget& budget, Writer& writer);
/// MemoryPss of each process: the kernel walks its page tables, which takes a millisecond a GiB.
void samplePss(ProcessTree& tree, DescriptorBudget& budget, Writer& writer);

} // namespace interleave::record
