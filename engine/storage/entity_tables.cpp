// SPDX-License-Identifier: GPL-3.0-or-later
// What a recording consists of: texts, tasks, workers, tracks.
#include "engine/storage/recording_tables.h"
#include "engine/storage/table_values.h"

namespace interleave::storage {

namespace {

using recording::Recording;
using recording::Track;
using recording::TrackKind;

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
    case SectionKind::Messages:
        return sizeof(recording::MessageEvent);
    case SectionKind::Bindings:
        return sizeof(recording::Binding);
    case SectionKind::Consumers:
        return sizeof(recording::Consumer);
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
        isSound = isSound && texts.take(values[0], name) && takeNumber(values[1], worker.pid) &&
                  takeNumber(values[2], worker.tid) &&
                  takeNumber(values[6], worker.voluntarySwitches) &&
                  takeNumber(values[7], worker.involuntarySwitches) &&
                  takeNumber(values[8], worker.migrations);
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
        isSound = isSubject(recording, track.kind, values[1]) &&
                  takeNumber(values[1], track.subject) && values[3] >= 0 && values[4] >= 0 &&
                  values[4] % 8 == 0 && takeNumber(values[5], image.checksum);
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

} // namespace interleave::storage
