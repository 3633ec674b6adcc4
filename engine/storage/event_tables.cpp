// SPDX-License-Identifier: GPL-3.0-or-later
// What happened at moments: counters, links, switches, marks.
#include "engine/storage/recording_tables.h"
#include "engine/storage/table_values.h"

#include <atomic>
#include <bit>

namespace interleave::storage {

namespace {

using recording::Recording;

std::int64_t difference(Nanoseconds a, Nanoseconds b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

Nanoseconds sum(std::int64_t a, std::int64_t b) {
    return static_cast<Nanoseconds>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

} // namespace

Block packCounterPoints(const Recording& recording) {
    std::vector<Nanoseconds> times;
    std::vector<double> values;
    for (const recording::Counter& counter : recording.counters) {
        times.insert(times.end(), counter.time.begin(), counter.time.end());
        values.insert(values.end(), counter.value.begin(), counter.value.end());
    }
    TableWriter table(times.size());
    table.addColumn([&](std::size_t i) { return times[i]; });
    table.addColumn([&](std::size_t i) { return std::bit_cast<std::int64_t>(values[i]); });
    return table.finish();
}

bool readCounterPoints(std::span<const std::byte> bytes, std::span<const std::uint64_t> counts,
                       Recording& recording) {
    const auto table = TableReader::open(bytes, 2);
    if (!table || counts.size() != recording.counters.size()) {
        return false;
    }
    std::uint64_t left = table->rows();
    for (const std::uint64_t count : counts) {
        if (count > left) {
            return false;
        }
        left -= count;
    }
    if (left != 0) {
        return false;
    }
    for (std::size_t i = 0; i < counts.size(); ++i) {
        recording.counters[i].time.reserve(static_cast<std::size_t>(counts[i]));
        recording.counters[i].value.reserve(static_cast<std::size_t>(counts[i]));
    }
    std::size_t counter = 0;
    table->forEachRow<2>([&](std::size_t, const auto& values) {
        while (recording.counters[counter].time.size() == counts[counter]) {
            ++counter;
        }
        recording.counters[counter].time.push_back(values[0]);
        recording.counters[counter].value.push_back(std::bit_cast<double>(values[1]));
    });
    return true;
}

Block packLinks(const Recording& recording) {
    const auto& links = recording.links;
    TableWriter table(links.size());
    table.addColumn([&](std::size_t i) {
        return static_cast<int>(links[i].kind) * 2 + (links[i].isForced ? 1 : 0);
    });
    table.addColumn([&](std::size_t i) { return links[i].from.timeNs; });
    table.addColumn([&](std::size_t i) { return links[i].from.task.value; });
    table.addColumn([&](std::size_t i) { return links[i].from.worker.value; });
    table.addColumn(
        [&](std::size_t i) { return difference(links[i].to.timeNs, links[i].from.timeNs); });
    table.addColumn([&](std::size_t i) { return links[i].to.task.value; });
    table.addColumn([&](std::size_t i) { return links[i].to.worker.value; });
    table.addColumn([&](std::size_t i) { return links[i].object.value; });
    return table.finish();
}

bool readLinks(std::span<const std::byte> bytes, Recording& recording) {
    const auto table = TableReader::open(bytes, 8);
    if (!table) {
        return false;
    }
    recording.links.resize(table->rows());
    std::atomic<bool> isSound = true;
    const std::size_t tasks = recording.tasks.size();
    const std::size_t workers = recording.workers.size();
    table->forEachRowInParallel<8>([&](std::size_t row, const auto& values) {
        recording::Link& link = recording.links[row];
        const std::int64_t lastKind =
            static_cast<std::int64_t>(recording::LinkKind::DeadLetter) * 2 + 1;
        const bool isLinkSound =
            values[0] >= 0 && values[0] <= lastKind && takeId(values[2], tasks, link.from.task) &&
            takeId(values[3], workers, link.from.worker) &&
            takeId(values[5], tasks, link.to.task) && takeId(values[6], workers, link.to.worker) &&
            takeId(values[7], recording.objects.size(), link.object);
        if (!isLinkSound) {
            isSound.store(false, std::memory_order_relaxed);
            return;
        }
        link.kind = static_cast<recording::LinkKind>(values[0] / 2);
        link.isForced = values[0] % 2 != 0;
        link.from.timeNs = values[1];
        link.to.timeNs = sum(values[1], values[4]);
    });
    if (!isSound) {
        recording.links.clear();
    }
    return isSound;
}

Block packSwitches(const Recording& recording) {
    const auto& switches = recording.switches;
    TableWriter table(switches.size());
    table.addColumn([&](std::size_t i) { return switches[i].timeNs; });
    table.addColumn([&](std::size_t i) { return switches[i].worker.value; });
    table.addColumn([&](std::size_t i) { return switches[i].core; });
    table.addColumn([&](std::size_t i) { return switches[i].isPreempted ? 1 : 0; });
    return table.finish();
}

bool readSwitches(std::span<const std::byte> bytes, Recording& recording) {
    const auto table = TableReader::open(bytes, 4);
    if (!table) {
        return false;
    }
    recording.switches.resize(table->rows());
    std::atomic<bool> isSound = true;
    table->forEachRowInParallel<4>([&](std::size_t row, const auto& values) {
        recording::Switch& item = recording.switches[row];
        if (!takeId(values[1], recording.workers.size(), item.worker) ||
            !takeNumber(values[2], item.core)) {
            isSound.store(false, std::memory_order_relaxed);
        }
        item.timeNs = values[0];
        item.isPreempted = values[3] != 0;
    });
    if (!isSound) {
        recording.switches.clear();
    }
    return isSound;
}

Block packMarks(const Recording& recording) {
    const auto& marks = recording.marks;
    TableWriter table(marks.size());
    table.addColumn([&](std::size_t i) { return marks[i].timeNs; });
    table.addColumn([&](std::size_t i) { return marks[i].track.value; });
    table.addColumn([&](std::size_t i) { return marks[i].name.value; });
    table.addColumn([&](std::size_t i) { return marks[i].pid; });
    table.addColumn([&](std::size_t i) { return marks[i].detail; });
    return table.finish();
}

bool readMarks(std::span<const std::byte> bytes, Recording& recording) {
    const auto table = TableReader::open(bytes, 5);
    if (!table) {
        return false;
    }
    recording.marks.resize(table->rows());
    std::atomic<bool> isSound = true;
    table->forEachRowInParallel<5>([&](std::size_t row, const auto& values) {
        recording::Mark& mark = recording.marks[row];
        if (!takeId(values[1], recording.tracks.size(), mark.track) ||
            !takeId(values[2], recording.strings.size() - 1, mark.name) ||
            !takeNumber(values[3], mark.pid)) {
            isSound.store(false, std::memory_order_relaxed);
        }
        mark.timeNs = values[0];
        mark.detail = static_cast<std::uint64_t>(values[4]);
    });
    if (!isSound) {
        recording.marks.clear();
    }
    return isSound;
}

} // namespace interleave::storage
