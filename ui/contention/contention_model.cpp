// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/contention/contention_model.h"

#include <algorithm>
#include <set>

namespace interleave::ui {

namespace {

using recording::Recording;

std::string holderName(const Recording& recording, const analysis::Hold& hold) {
    if (hold.task && hold.task.value <= recording.tasks.size()) {
        return recording.task(hold.task).name;
    }
    if (hold.worker && hold.worker.value <= recording.workers.size()) {
        return recording.worker(hold.worker).name;
    }
    return {};
}

LockRow rowOf(const Recording& recording, const analysis::Statistics& statistics,
              const analysis::LockContention& contention) {
    LockRow row;
    const auto found =
        std::ranges::find(statistics.locks, contention.object, &analysis::LockStatistics::object);
    if (found != statistics.locks.end()) {
        row.statistics = *found;
    }
    row.waitMaximumNs = contention.waitHistogram.maximumNs;
    for (const analysis::Hold& hold : contention.holds) {
        if (hold.range.durationNs() > row.longestHoldNs) {
            row.longestHoldNs = hold.range.durationNs();
            row.longestHolder = holderName(recording, hold);
        }
    }
    return row;
}

std::size_t taskCount(const analysis::LockContention& contention) {
    std::set<TaskId> tasks;
    for (const analysis::Hold& hold : contention.holds) {
        tasks.insert(hold.task);
    }
    for (const analysis::LockWait& wait : contention.waits) {
        tasks.insert(wait.task);
    }
    return tasks.size();
}

} // namespace

double LockRow::contendedShare() const {
    const auto holds = static_cast<double>(statistics.holds);
    return holds > 0 ? std::min(1.0, static_cast<double>(statistics.waits) / holds) : 0;
}

ContentionModel contentionModelOf(const Recording& recording, ObjectId wanted) {
    ContentionModel model;
    const analysis::LockWaits waits(recording);
    const analysis::Statistics statistics = analysis::statisticsOf(recording);
    for (const ObjectId object : analysis::contendedObjects(recording, waits)) {
        analysis::LockContention contention = analysis::contentionOf(recording, waits, object);
        const bool isChosen = wanted ? object == wanted : model.locks.empty();
        model.locks.push_back(rowOf(recording, statistics, contention));
        if (isChosen || model.locks.size() == 1) {
            model.chosen = model.locks.size() - 1;
            model.contention = std::move(contention);
        }
    }
    if (!model.isEmpty()) {
        model.isByGroup = taskCount(model.contention) > kMostMatrixTasks;
        model.matrix = analysis::waitMatrix(recording, model.contention,
                                            model.isByGroup ? analysis::Grouping::Group
                                                            : analysis::Grouping::Task);
    }
    return model;
}

} // namespace interleave::ui
