// SPDX-License-Identifier: GPL-3.0-or-later
// LinkIndex: the links of a recording by who is at their ends and when, so that the arrows of one
// span are found among millions at once. Made once for a recording in O(links); 8 bytes a link.
#pragma once

#include "engine/recording/recording.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace interleave::analysis {

class LinkIndex {
public:
    using RecordingPtr = std::shared_ptr<const recording::Recording>;
    using Indices = std::span<const std::uint32_t>; // into Recording::links

    explicit LinkIndex(RecordingPtr recording);

    const RecordingPtr& recording() const { return m_recording; }
    const recording::Link& link(std::uint32_t index) const { return m_recording->links[index]; }

    /// Links that leave the task, or lead to it, at a time within the range, both ends included:
    /// links touch the edges of spans. In order of that time.
    Indices leaving(TaskId task, TimeRange range) const;
    Indices reaching(TaskId task, TimeRange range) const;
    /// Those of a worker that has no task then, as in an event loop that delivers.
    Indices leaving(WorkerId worker, TimeRange range) const;
    Indices reaching(WorkerId worker, TimeRange range) const;

private:
    using End = recording::LinkEnd recording::Link::*;

    /// All ends of one side, sorted by who is there, then by time.
    struct Side {
        std::vector<std::uint32_t> links;
        std::vector<std::uint32_t> first; // index: actor; one more than there are actors
    };

    std::size_t actorOf(const recording::LinkEnd& end) const;
    std::size_t actorOf(WorkerId worker) const;
    void fill(Side& side, End end);
    Indices within(const Side& side, End end, std::size_t actor, TimeRange range) const;

    RecordingPtr m_recording;
    Side m_leaving;
    Side m_reaching;
};

} // namespace interleave::analysis
