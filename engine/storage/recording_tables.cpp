// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/recording_tables.h"

#include <atomic>
#include <bit>
#include <limits>

namespace interleave::storage {

namespace {

using recording::Recording;
using recording::Track;
using recording::TrackKind;

/// Narrow integers of a file: none where the value does not fit.
template <class T>
bool fits(std::int64_t value) {
    return value >= static_cast<std::int64_t>(std::numeric_limits<T>::min()) &&
           value <= static_cast<std::int64_t>(std::numeric_limits<T>::max());
}

template <class T>
bool take(std::int64_t value, T& to) {
    to = static_cast<T>(value);
    return fits<T>(value);
}

/// An id of a table of the size; 0 is none.
template <class IdType>
bool takeId(std::int64_t value, std::size_t tableSize, IdType& to) {
    if (value < 0 || static_cast<std::uint64_t>(value) > tableSize) {
        return false;
    }
    to = IdType{static_cast<std::uint32_t>(value)};
    return true;
}

std::int64_t difference(Nanoseconds a, Nanoseconds b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

Nanoseconds sum(std::int64_t a, std::int64_t b) {
    return static_cast<Nanoseconds>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

/// What the subject of a track is called, as the builder names tracks too; none of a core.
const std::string* subjectName(const Recording& recording, TrackKind kind, std::uint32_t subject) {
    switch (kind) {
    case TrackKind::Task:
        return &recording.tasks[subject - 1].name;
    case TrackKind::Worker:
        return &recording.workers[subject - 1].name;
    case TrackKind::Lock:
    case TrackKind::Queue:
        return &recording.objects[subject - 1].name;
    case TrackKind::Core:
        break;
    }
    return nullptr;
}

bool isSubject(const Recording& recording, TrackKind kind, std::int64_t subject) {
    std::size_t most = 0;
    switch (kind) {
    case TrackKind::Task:
        most = recording.tasks.size();
        break;
    case TrackKind::Worker:
        most = recording.workers.size();
        break;
    case TrackKind::Lock:
    case TrackKind::Queue:
        most = recording.objects.size();
        break;
    case TrackKind::Core:
        return fits<std::uint32_t>(subject);
    }
    return subject > 0 && static_cast<std::uint64_t>(subject) <= most;
}

constexpr std::int64_t kAsSubject = -1; // length of a name that is its subject's
constexpr std::int64_t kHasCpuTime = 1;
constexpr std::int64_t kIsControl = 2;

bool hasSubjectName(const Recording& recording, const Track& track) {
    const std::string* name = subjectName(recording, track.kind, track.subject);
    return name != nullptr && *name == track.name;
}

} // namespace

std::uint64_t rowMemory(SectionKind kind) {
    switch (kind) {
    case SectionKind::Tracks:
        return sizeof(Track) + sizeof(TrackImage);
    case SectionKind::Tasks:
        return sizeof(recording::TaskInfo);
    case SectionKind::Workers:
        return sizeof(recording::WorkerInfo);
    case SectionKind::Strings:
        return 96; // the text's own place and its place in the index
    case SectionKind::Links:
        return sizeof(recording::Link);
    case SectionKind::Marks:
        return sizeof(recording::Mark);
    default:
        return 24;
    }
}

Block packStrings(const Recording& recording) {
    const auto textOf = [&](std::size_t row) {
        return recording.strings.text(StringId{static_cast<std::uint32_t>(row + 1)});
    };
    TableWriter table(recording.strings.size() - 1);
    table.addColumn([&](std::size_t row) { return textOf(row).size(); });
    for (std::size_t row = 0; row + 1 < recording.strings.size(); ++row) {
        table.addText(textOf(row));
    }
    return table.finish();
}

bool readStrings(std::span<const std::byte> bytes, Recording& recording) {
    const auto table = TableReader::open(bytes, 1);
    if (!table) {
        return false;
    }
    TextCutter texts(table->texts());
    bool isSound = true;
    table->forEachRow<1>([&](std::size_t row, const auto& values) {
        std::string_view text;
        // A text twice would shift the ids of all that follow.
        isSound = isSound && texts.take(values[0], text) &&
                  recording.strings.intern(text).value == row + 1;
    });
    return isSound;
}

Block packTasks(const Recording& recording) {
    const auto& tasks = recording.tasks;
    TableWriter table(tasks.size());
    table.addColumn([&](std::size_t i) { return tasks[i].name.size(); });
    table.addColumn([&](std::size_t i) { return tasks[i].group.size(); });
    table.addColumn([&](std::size_t i) { return static_cast<std::int64_t>(tasks[i].end); });
    table.addColumn([&](std::size_t i) { return tasks[i].submittedNs; });
    table.addColumn([&](std::size_t i) { return tasks[i].endNs; });
    for (const recording::TaskInfo& task : tasks) {
        table.addText(task.name);
        table.addText(task.group);
    }
    return table.finish();
}

bool readTasks(std::span<const std::byte> bytes, Recording& recording) {
    const auto table = TableReader::open(bytes, 5);
    if (!table) {
        return false;
    }
    recording.tasks.resize(table->rows());
    TextCutter texts(table->texts());
    bool isSound = true;
    table->forEachRow<5>([&](std::size_t row, const auto& values) {
        recording::TaskInfo& task = recording.tasks[row];
        std::string_view name;
        std::string_view group;
        isSound = isSound && texts.take(values[0], name) && texts.take(values[1], group) &&
                  values[2] >= 0 && values[2] < kStateCount;
        if (isSound) {
            task.name = name;
            task.group = group;
            task.end = static_cast<State>(values[2]);
            task.submittedNs = values[3];
            task.endNs = values[4];
        }
    });
    return isSound;
}

Block packWorkers(const Recording& recording) {
    const auto& workers = recording.workers;
    TableWriter table(workers.size());
    table.addColumn([&](std::size_t i) { return workers[i].name.size(); });
    table.addColumn([&](std::size_t i) { return workers[i].pid; });
    table.addColumn([&](std::size_t i) { return workers[i].tid; });
    table.addColumn([&](std::size_t i) { return workers[i].life.beginNs; });
    table.addColumn([&](std::size_t i) { return workers[i].life.endNs; });
    table.addColumn([&](std::size_t i) { return workers[i].cpuTimeNs.value_or(0); });
    table.addColumn([&](std::size_t i) { return workers[i].voluntarySwitches; });
    table.addColumn([&](std::size_t i) { return workers[i].involuntarySwitches; });
    table.addColumn([&](std::size_t i) { return workers[i].migrations; });
    table.addColumn([&](std::size_t i) {
        return (workers[i].cpuTimeNs ? kHasCpuTime : 0) | (workers[i].isControl ? kIsControl : 0);
    });
    for (const recording::WorkerInfo& worker : workers) {
        table.addText(worker.name);
    }
    return table.finish();
}

bool readWorkers(std::span<const std::byte> bytes, Recording& recording) {
    const auto table = TableReader::open(bytes, 10);
    if (!table) {
        return false;
    }
    recording.workers.resize(table->rows());
    TextCutter texts(table->texts());
    bool isSound = true;
    table->forEachRow<10>([&](std::size_t row, const auto& values) {
        recording::WorkerInfo& worker = recording.workers[row];
        std::string_view name;
        isSound = isSound && texts.take(values[0], name) && take(values[1], worker.pid) &&
                  take(values[2], worker.tid) && take(values[6], worker.voluntarySwitches) &&
                  take(values[7], worker.involuntarySwitches) && take(values[8], worker.migrations);
        worker.name = name;
        worker.life = {values[3], values[4]};
        if ((values[9] & kHasCpuTime) != 0) {
            worker.cpuTimeNs = values[5];
        }
        worker.isControl = (values[9] & kIsControl) != 0;
    });
    return isSound;
}

Block packTracks(const Recording& recording, std::span<const TrackImage> images) {
    const auto& tracks = recording.tracks;
    TableWriter table(tracks.size());
    table.addColumn([&](std::size_t i) { return static_cast<std::int64_t>(tracks[i].kind); });
    table.addColumn([&](std::size_t i) { return tracks[i].subject; });
    table.addColumn([&](std::size_t i) {
        return hasSubjectName(recording, tracks[i])
                   ? kAsSubject
                   : static_cast<std::int64_t>(tracks[i].name.size());
    });
    table.addColumn([&](std::size_t i) { return images[i].spans; });
    table.addColumn([&](std::size_t i) { return images[i].bytes; });
    table.addColumn([&](std::size_t i) { return images[i].checksum; });
    table.addColumn([&](std::size_t i) { return images[i].isLarge ? 1 : 0; });
    for (const Track& track : tracks) {
        if (!hasSubjectName(recording, track)) {
            table.addText(track.name);
        }
    }
    return table.finish();
}

bool readTracks(std::span<const std::byte> bytes, Recording& recording,
                std::vector<TrackImage>& images) {
    const auto table = TableReader::open(bytes, 7);
    if (!table) {
        return false;
    }
    recording.tracks.resize(table->rows());
    images.resize(table->rows());
    TextCutter texts(table->texts());
    bool isSound = true;
    table->forEachRow<7>([&](std::size_t row, const auto& values) {
        Track& track = recording.tracks[row];
        TrackImage& image = images[row];
        isSound =
            isSound && values[0] >= 0 && values[0] <= static_cast<std::int64_t>(TrackKind::Queue);
        if (!isSound) {
            return;
        }
        track.id = TrackId{static_cast<std::uint32_t>(row + 1)};
        track.kind = static_cast<TrackKind>(values[0]);
        isSound = isSubject(recording, track.kind, values[1]) && take(values[1], track.subject) &&
                  values[3] >= 0 && values[4] >= 0 && values[4] % 8 == 0 &&
                  take(values[5], image.checksum);
        if (!isSound) {
            return;
        }
        std::string_view name;
        if (values[2] != kAsSubject) {
            isSound = texts.take(values[2], name);
        } else if (const auto* own = subjectName(recording, track.kind, track.subject)) {
            name = *own;
        }
        track.name = name;
        image.spans = static_cast<std::uint64_t>(values[3]);
        image.bytes = static_cast<std::uint64_t>(values[4]);
        image.isLarge = values[6] != 0;
    });
    return isSound;
}

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
        const std::int64_t lastKind = static_cast<std::int64_t>(recording::LinkKind::Flow) * 2 + 1;
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
            !take(values[2], item.core)) {
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
            !take(values[3], mark.pid)) {
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
