// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/python/agent_tracks/task_history.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <map>
#include <utility>

namespace interleave::agent {

namespace {

using record::StateDetail;

/// The parts of a text, which a zero byte divides.
std::vector<std::string> partsOf(const std::string& text) {
    std::vector<std::string> parts(1);
    for (const char letter : text) {
        if (letter == '\0') {
            parts.emplace_back();
        } else {
            parts.back().push_back(letter);
        }
    }
    return parts;
}

class ProcessReading {
public:
    ProcessReading(const RecordedProgram& program, const RecordedProcess& process,
                   TaskHistory& history, std::map<std::string, std::size_t>& ofKey)
        : m_program(program)
        , m_process(process)
        , m_history(history)
        , m_ofKey(ofKey) {}

    void read() {
        for (const ReadStream& stream : m_process.streams) {
            for (std::size_t i = 0; i < stream.events.size(); ++i) {
                takeName(stream.events, i);
            }
        }
        for (const ReadStream& stream : m_process.streams) {
            for (const Event& event : stream.events) {
                take(stream, event);
            }
        }
    }

private:
    void takeName(const std::vector<Event>& events, std::size_t index) {
        const Event& event = events[index];
        if (event.kind() == EventKind::StepNamed) {
            m_steps[event.a] = textAt(events, index);
        } else if (event.kind() == EventKind::TaskNamed) {
            auto parts = partsOf(textAt(events, index));
            if (parts.size() != 3) {
                m_history.faults.push_back("a task's name has not three parts");
                return;
            }
            TaskRecord& task = m_history.tasks[indexOf(event.a, parts[2])];
            task.name = parts[0];
            task.group = parts[1];
            task.key = parts[2];
            ++task.namedTimes;
        }
    }

    std::size_t indexOf(std::uint32_t number, const std::string& key) {
        if (const auto known = m_tasks.find(number); known != m_tasks.end()) {
            return known->second;
        }
        std::size_t index = m_history.tasks.size();
        if (!key.empty()) {
            index = m_ofKey.try_emplace(key, index).first->second;
        }
        m_tasks[number] = index;
        if (index == m_history.tasks.size()) {
            TaskRecord& task = m_history.tasks.emplace_back();
            task.pid = m_process.pid;
            task.number = number;
        }
        return index;
    }

    TaskRecord* taskOf(std::uint32_t number) {
        const auto known = m_tasks.find(number);
        if (known == m_tasks.end()) {
            m_history.faults.push_back(fmt::format("task {} has no name", number));
            return nullptr;
        }
        return &m_history.tasks[known->second];
    }

    void take(const ReadStream& stream, const Event& event) {
        const bool isSpawned = event.kind() == EventKind::Spawned;
        if (isSpawned || event.kind() == EventKind::Woken) {
            TaskRecord* task = taskOf(event.a);
            const TaskRecord* other = event.b == 0 ? nullptr : taskOf(event.b);
            if (task != nullptr && isSpawned) {
                task->parent = other == nullptr ? "" : other->name;
            } else if (task != nullptr) {
                task->wakers.push_back(other == nullptr ? "" : other->name);
            }
        }
        if (!record::isState(event.kind())) {
            return;
        }
        TaskRecord* task = taskOf(event.a);
        const StateDetail detail = StateDetail::unpack(event.b);
        const auto step = m_steps.find(detail.step.value);
        if (detail.step && step == m_steps.end()) {
            m_history.faults.push_back(fmt::format("step {} has no name", detail.step.value));
        }
        if (task != nullptr) {
            task->moments.push_back({m_program.monotonicNs(stream, event.stamp()),
                                     record::stateOf(event.kind()),
                                     step == m_steps.end() ? "" : step->second, detail.isDetached,
                                     stream.header.tid, m_process.pid});
        }
    }

    const RecordedProgram& m_program;
    const RecordedProcess& m_process;
    TaskHistory& m_history;
    std::map<std::string, std::size_t>& m_ofKey;
    std::map<std::uint32_t, std::size_t> m_tasks;
    std::map<std::uint32_t, std::string> m_steps;
};

} // namespace

std::vector<TaskSpan> TaskRecord::spans(State state) const {
    std::vector<TaskSpan> found;
    for (std::size_t i = 0; i < moments.size(); ++i) {
        if (moments[i].state == state) {
            const TaskMoment& end = i + 1 < moments.size() ? moments[i + 1] : moments[i];
            found.push_back(
                {state, moments[i].step, moments[i].at, end.at, moments[i].tid, moments[i].pid});
        }
    }
    return found;
}

std::vector<TaskSpan> TaskRecord::steps() const {
    std::vector<TaskSpan> found;
    for (const TaskSpan& span : spans(State::Running)) {
        if (!found.empty() && found.back().end == span.begin) {
            found.back().end = span.end;
        } else {
            found.push_back(span);
        }
    }
    return found;
}

std::string TaskRecord::states() const {
    std::string all;
    for (const TaskMoment& moment : moments) {
        all += (all.empty() ? "" : " ") + std::string(nameOf(moment.state));
    }
    return all;
}

const TaskRecord* TaskHistory::named(std::string_view name) const {
    const TaskRecord* found = nullptr;
    for (const TaskRecord& task : tasks) {
        if (task.name == name) {
            EXPECT_EQ(found, nullptr) << "several tasks are called " << name;
            found = &task;
        }
    }
    EXPECT_NE(found, nullptr) << "no task is called " << name << "\n" << text();
    return found;
}

std::vector<const TaskRecord*> TaskHistory::inGroup(std::string_view group) const {
    std::vector<const TaskRecord*> found;
    for (const TaskRecord& task : tasks) {
        if (task.group == group) {
            found.push_back(&task);
        }
    }
    return found;
}

std::size_t TaskHistory::overlaps() const {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<TaskSpan>> ofThread;
    for (const TaskRecord* task : inGroup("asyncio")) {
        for (const TaskSpan& step : task->spans(State::Running)) {
            ofThread[{step.pid, step.tid}].push_back(step);
        }
    }
    std::size_t count = 0;
    for (auto& [thread, steps] : ofThread) {
        std::ranges::sort(steps, {}, &TaskSpan::begin);
        for (std::size_t i = 1; i < steps.size(); ++i) {
            count += steps[i].begin < steps[i - 1].end ? 1u : 0u;
        }
    }
    return count;
}

std::string TaskHistory::text() const {
    std::string all;
    for (const TaskRecord& task : tasks) {
        all += fmt::format("{} '{}' '{}' of '{}': {}\n", task.number, task.name, task.group,
                           task.parent, task.states());
    }
    return all;
}

TaskHistory taskHistory(const RecordedProgram& program) {
    TaskHistory history;
    std::map<std::string, std::size_t> ofKey;
    for (const RecordedProcess& process : program.processes) {
        ProcessReading(program, process, history, ofKey).read();
    }
    for (TaskRecord& task : history.tasks) {
        std::ranges::stable_sort(task.moments, {}, &TaskMoment::at);
    }
    return history;
}

} // namespace interleave::agent
