// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contracts/contract_checks.h"

#include "engine/record/segment_format.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>

namespace interleave::models {

using record::EventKind;
using scenario::Action;

namespace {

/// Faults beyond these say nothing new.
constexpr std::size_t kMostFaults = 5;

void add(Faults& faults, std::string text) {
    if (faults.size() < kMostFaults) {
        faults.push_back(std::move(text));
    }
}

/// Steps that leave a span whenever they are executed; the others may pass in no time.
bool alwaysShows(const Action& action) {
    return action.kind == Action::Kind::Compute || action.kind == Action::Kind::Io ||
           action.kind == Action::Kind::Sleep;
}

/// Walks a task's actions along the steps that were recorded.
class StepWalk {
public:
    explicit StepWalk(const scenario::Task& task)
        : m_task(task) {}

    /// False: this step can't come here.
    bool see(StepId step) {
        if (step == m_last) {
            return true;
        }
        for (std::size_t i = m_next; i < m_task.actions.size(); ++i) {
            const Action& action = m_task.actions[i];
            if (action.step == step) {
                m_next = i + 1;
                m_last = step;
                return true;
            }
            if (alwaysShows(action) && action.step != m_last) {
                return false; // it was passed over
            }
        }
        return false;
    }
    bool isAtEnd() const {
        return std::all_of(
            m_task.actions.begin() + static_cast<std::ptrdiff_t>(m_next), m_task.actions.end(),
            [this](const Action& action) { return !alwaysShows(action) || action.step == m_last; });
    }
    void beginAgain() {
        m_next = 0;
        m_last = {};
    }

private:
    const scenario::Task& m_task;
    std::size_t m_next = 0;
    StepId m_last;
};

bool isInStep(State state) {
    return state == State::Running || state == State::WaitingIo || state == State::Sleeping ||
           state == State::WaitingLock || state == State::Blocked;
}

bool occupies(State state, bool isDetached) {
    return !isDetached && !isEnd(state) && state != State::Queued && state != State::Starting &&
           state != State::Reserved;
}

/// The locks of real interpreters, one or more a process, held by threads.
class InterpreterLocks {
public:
    void see(const RecordedEvent& event, Faults& faults) {
        std::uint32_t& holder = m_holders[{event.pid, event.b & 0xffff}];
        if (event.kind == EventKind::LockAcquired) {
            if (holder != 0) {
                add(faults, fmt::format("the GIL of {} has two holders", event.pid));
            }
            holder = event.streamId;
        } else {
            if (holder != event.streamId) {
                add(faults, fmt::format("the GIL of {} is released by another thread", event.pid));
            }
            holder = 0;
        }
    }

private:
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> m_holders; // 0: nobody
};

const std::string& nameOfTask(const ModelRun& run, std::uint32_t task) {
    return run.program.task(TaskId{task}).name;
}

} // namespace

Faults endFaults(const ModelRun& run) {
    Faults faults;
    const std::vector<State> ends = endsOf(run);
    for (std::size_t i = 0; i < ends.size(); ++i) {
        if (!isEnd(ends[i])) {
            add(faults, fmt::format("{} ends as {}", run.program.tasks[i].name, nameOf(ends[i])));
        }
    }
    std::vector<int> done(ends.size());
    for (const RecordedEvent& event : run.events) {
        if (event.kind == record::kindOf(State::Done) && ++done[event.a - 1] > 1) {
            add(faults, nameOfTask(run, event.a) + " is done twice");
        }
    }
    return faults;
}

Faults stepFaults(const ModelRun& run) {
    Faults faults;
    std::vector<StepWalk> walks;
    for (const scenario::Task& task : run.program.tasks) {
        walks.emplace_back(task);
    }
    std::multimap<std::uint32_t, std::uint32_t> carried; // tasks, by message
    for (const RecordedEvent& event : run.events) {
        if (event.kind == EventKind::MessageCarries) {
            carried.emplace(event.a, event.b);
        } else if (event.kind == EventKind::MessageRequeued) {
            // Given back: whoever gets it next does its tasks from the start.
            const auto [first, last] = carried.equal_range(event.a);
            std::for_each(first, last,
                          [&](const auto& each) { walks[each.second - 1].beginAgain(); });
        }
        if (!record::isState(event.kind)) {
            continue;
        }
        const State state = record::stateOf(event.kind);
        const StepId step = record::StateDetail::unpack(event.b).step;
        StepWalk& walk = walks[event.a - 1];
        if (state == State::Retrying) {
            walk.beginAgain();
        } else if (state == State::Done && !walk.isAtEnd()) {
            add(faults, nameOfTask(run, event.a) + " is done without having done all its steps");
        } else if (isInStep(state) && step && step.value <= run.program.stepNames.size() &&
                   !walk.see(step)) {
            add(faults, fmt::format("{} is in step \"{}\" out of order", nameOfTask(run, event.a),
                                    run.program.stepNames[step.value - 1]));
        }
    }
    return faults;
}

Faults workerFaults(const ModelRun& run) {
    Faults faults;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> taskOf;   // by (pid, stream)
    std::map<std::uint32_t, std::pair<std::uint32_t, std::uint32_t>> workerOf; // by task
    for (const RecordedEvent& event : run.events) {
        if (!record::isState(event.kind) || event.isControl) {
            continue;
        }
        const std::pair worker(event.pid, event.streamId);
        const bool isIn =
            occupies(record::stateOf(event.kind), record::StateDetail::unpack(event.b).isDetached);
        const auto known = workerOf.find(event.a);
        if (known != workerOf.end() && (!isIn || known->second != worker)) {
            taskOf.erase(known->second);
            workerOf.erase(known);
        }
        if (!isIn) {
            continue;
        }
        const auto [other, isFree] = taskOf.try_emplace(worker, event.a);
        if (!isFree && other->second != event.a) {
            add(faults, fmt::format("{} is in {} and in {} at once", event.stream,
                                    nameOfTask(run, other->second), nameOfTask(run, event.a)));
        }
        workerOf[event.a] = worker;
    }
    return faults;
}

Faults lockFaults(const ModelRun& run) {
    Faults faults;
    const std::size_t objects = run.program.objects.size() + 1; // and the GIL
    std::vector<std::multiset<std::uint32_t>> holders(objects + 1);
    InterpreterLocks interpreterLocks;
    for (const RecordedEvent& event : run.events) {
        const bool isAcquired = event.kind == EventKind::LockAcquired;
        if (!isAcquired && event.kind != EventKind::LockReleased) {
            continue;
        }
        const std::uint32_t object = event.b & 0xffff;
        if (object >= record::kFirstOwnObject) {
            interpreterLocks.see(event, faults);
            continue;
        }
        if (object == 0 || object > objects) {
            add(faults, fmt::format("object {} does not exist", object));
            continue;
        }
        const bool isGil = object == objects;
        const std::size_t permits = isGil ? 1 : run.program.object(ObjectId{object}).capacity;
        auto& holding = holders[object];
        if (isAcquired) {
            holding.insert(event.a);
            if (holding.size() > permits) {
                add(faults, fmt::format("object {} has {} holders", object, holding.size()));
            }
        } else if (const auto held = holding.find(event.a); held != holding.end()) {
            holding.erase(held);
        } else if (isGil ||
                   run.program.object(ObjectId{object}).kind == scenario::ObjectKind::Lock) {
            add(faults, fmt::format("{} releases object {} without having it",
                                    nameOfTask(run, event.a), object));
        }
    }
    return faults;
}

Faults queueFaults(const ModelRun& run) {
    Faults faults;
    std::map<std::uint32_t, std::uint32_t> queueOf; // of items that were put
    std::set<std::uint32_t> got;
    // A put may be recorded a little after the get of its item on another worker: both are
    // recorded after the fact. So the two are matched over the whole run.
    for (const RecordedEvent& event : run.events) {
        if (event.kind == EventKind::QueuePut && !queueOf.try_emplace(event.a, event.b).second) {
            add(faults, fmt::format("item {} was put twice", event.a));
        }
    }
    for (const RecordedEvent& event : run.events) {
        if (event.kind != EventKind::QueueGot) {
            continue;
        }
        const auto put = queueOf.find(event.a);
        if (put == queueOf.end() || put->second != event.b || !got.insert(event.a).second) {
            add(faults, fmt::format("item {} was got twice or never put", event.a));
        }
    }
    return faults;
}

Faults spawnFaults(const ModelRun& run) {
    Faults faults;
    std::set<std::uint32_t> spawned;
    std::set<std::uint32_t> begun;
    for (const RecordedEvent& event : run.events) {
        if (event.kind == EventKind::Spawned) {
            if (!spawned.insert(event.a).second) {
                add(faults, nameOfTask(run, event.a) + " is spawned twice");
            }
            if (begun.contains(event.a)) {
                add(faults, nameOfTask(run, event.a) + " has begun before it was spawned");
            }
            if (TaskId{event.b} != run.program.task(TaskId{event.a}).parent) {
                add(faults, nameOfTask(run, event.a) + " is spawned by somebody else");
            }
        } else if (event.kind == record::kindOf(State::Running)) {
            begun.insert(event.a);
        }
    }
    return faults;
}

Faults allFaults(const ModelRun& run) {
    Faults all = run.illegalTransitions();
    for (const auto& check :
         {endFaults, stepFaults, workerFaults, lockFaults, queueFaults, spawnFaults}) {
        const Faults faults = check(run);
        all.insert(all.end(), faults.begin(), faults.end());
    }
    return all;
}

std::vector<State> endsOf(const ModelRun& run) {
    std::vector<State> ends(run.program.tasks.size(), State::Queued);
    for (const RecordedEvent& event : run.events) {
        if (record::isState(event.kind)) {
            ends[event.a - 1] = record::stateOf(event.kind);
        }
    }
    return ends;
}

bool isSequential(const std::string& model) {
    return model == "sequential" || model == "python-sequential";
}

std::string testNameOf(const std::string& id) {
    std::string name = id;
    std::ranges::replace_if(
        name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

} // namespace interleave::models
