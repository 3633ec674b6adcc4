// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/python/agent/gil_history.h"

#include <algorithm>
#include <limits>
#include <set>

namespace interleave::agent {

namespace {

/// Numbers of the process' objects that are GILs.
std::set<std::uint32_t> gilsOf(const RecordedProcess& process) {
    std::set<std::uint32_t> gils;
    for (const ReadStream& stream : process.streams) {
        for (std::size_t i = 0; i < stream.events.size(); ++i) {
            if (stream.events[i].kind() == EventKind::ObjectNamed &&
                textAt(stream.events, i).starts_with("gil")) {
                gils.insert(stream.events[i].a);
            }
        }
    }
    return gils;
}

} // namespace

GilHistory gilHistory(const RecordedProgram& program, const RecordedProcess& process) {
    GilHistory history;
    const std::set<std::uint32_t> gils = gilsOf(process);
    for (const ReadStream& stream : process.streams) {
        std::map<std::uint32_t, Hold> open;
        const std::uint32_t tid = stream.header.tid;
        for (const Event& event : stream.events) {
            const std::uint32_t object = event.b & 0x7fffu;
            if (!gils.contains(object)) {
                continue;
            }
            const std::int64_t at = program.monotonicNs(stream, event.stamp());
            switch (event.kind()) {
            case EventKind::LockAcquired:
                if (!open.try_emplace(object,
                                      Hold{object, tid, at, 0,
                                           static_cast<record::Acquisition>(event.b >> 16 & 3),
                                           false, false, event.stamp(), 0})
                         .second) {
                    history.faults.push_back("taken twice");
                }
                break;
            case EventKind::LockReleased:
                if (const auto node = open.extract(object)) {
                    Hold hold = node.mapped();
                    hold.end = at;
                    hold.endStamp = event.stamp();
                    hold.isClosed = true;
                    hold.isForcedOut = (event.b >> 16 & 1) != 0;
                    history.holds.push_back(hold);
                } else {
                    history.faults.push_back("released without having it");
                }
                break;
            case EventKind::LockWaited:
                history.waits.push_back({object, tid, at, event.a});
                break;
            case EventKind::LockDropRequested:
                history.dropRequests.push_back({object, tid, at, 0});
                break;
            default:
                break;
            }
        }
        for (auto& [object, hold] : open) {
            hold.end = std::numeric_limits<std::int64_t>::max();
            hold.endStamp = std::numeric_limits<std::uint64_t>::max();
            history.holds.push_back(hold);
        }
    }
    std::ranges::sort(history.holds, {},
                      [](const Hold& h) { return std::pair(h.beginStamp, h.endStamp); });
    return history;
}

std::int64_t GilHistory::heldBy(std::uint32_t tid, std::int64_t from, std::int64_t to) const {
    std::int64_t sum = 0;
    for (const Hold& hold : holds) {
        if (hold.tid == tid) {
            sum += std::max<std::int64_t>(0, std::min(hold.end, to) - std::max(hold.begin, from));
        }
    }
    return sum;
}

std::size_t GilHistory::overlaps() const {
    std::size_t count = 0;
    std::map<std::uint32_t, std::uint64_t> ends;
    for (const Hold& hold : holds) {
        std::uint64_t& end = ends[hold.object];
        count += hold.beginStamp < end;
        end = std::max(end, hold.endStamp);
    }
    return count;
}

std::vector<Hold> GilHistory::of(std::uint32_t tid, std::int64_t from, std::int64_t to) const {
    std::vector<Hold> found;
    std::ranges::copy_if(holds, std::back_inserter(found), [&](const Hold& hold) {
        return hold.tid == tid && hold.begin >= from && hold.end <= to;
    });
    return found;
}

std::int64_t median(std::vector<std::int64_t> values) {
    if (values.empty()) {
        return 0;
    }
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

} // namespace interleave::agent
