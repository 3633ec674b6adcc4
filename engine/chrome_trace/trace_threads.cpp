// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/trace_threads.h"

#include "engine/chrome_trace/json_scan.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <tuple>
#include <unordered_set>

namespace interleave::chrome_trace {

namespace {

constexpr std::size_t kMostShownNames = 3;

std::string textOf(const Identity& identity) {
    return identity.text.empty() ? std::to_string(identity.number) : decodeString(identity.text);
}

/// A name that the file gives, or for a number what it is the number of.
std::string joinedOr(const std::vector<std::string>& names, const std::string& other) {
    if (names.empty()) {
        return other;
    }
    std::string joined = names.front();
    for (std::size_t i = 1; i < std::min(names.size(), kMostShownNames); ++i) {
        joined += " / " + names[i];
    }
    return joined;
}

void addName(std::vector<std::string>& names, std::string name) {
    if (!name.empty() && names.size() <= kMostShownNames &&
        std::ranges::find(names, name) == names.end()) {
        names.push_back(std::move(name));
    }
}

/// Numbers of 32 bits for identities: their own where they have one, else one that is free.
class Numbering {
public:
    std::uint32_t numberOf(const Identity& identity) {
        constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
        if (identity.text.empty() && identity.number >= 0 && identity.number <= most) {
            return static_cast<std::uint32_t>(identity.number);
        }
        // The low bits of a large one are what tools show of it.
        auto number = static_cast<std::uint32_t>(identity.number);
        while (number == 0 || m_used.contains(number)) {
            ++number;
        }
        m_used.insert(number);
        return number;
    }
    void reserve(const Identity& identity) {
        m_used.insert(static_cast<std::uint32_t>(identity.number));
    }

private:
    std::unordered_set<std::uint32_t> m_used;
};

} // namespace

std::string TraceProcess::shownName() const {
    std::string name =
        joinedOr(names, pid.text.empty() ? fmt::format("process {}", pid.number) : textOf(pid));
    if (!labels.empty()) {
        name += fmt::format(" ({})", labels);
    }
    return name;
}

std::string TraceThread::shownName() const {
    return joinedOr(names, key.tid.text.empty() ? fmt::format("thread {}", key.tid.number)
                                                : textOf(key.tid));
}

std::size_t TraceThreads::indexOf(const ThreadKey& key) {
    const std::string pid = textOf(key.pid);
    const auto [thread, isNew] =
        m_threadIndices.try_emplace(pid + '\0' + textOf(key.tid), m_threads.size());
    if (isNew) {
        const auto [process, isNewProcess] = m_processIndices.try_emplace(pid, m_processes.size());
        if (isNewProcess) {
            m_processes.push_back({.pid = key.pid});
        }
        m_threads.push_back({.key = key, .process = process->second});
    }
    return thread->second;
}

void TraceThreads::takeMetadata(std::size_t thread, std::string_view name, std::string_view args) {
    TraceThread& target = m_threads[thread];
    TraceProcess& process = m_processes[target.process];
    forEachField(args, [&](std::string_view key, std::string_view value) {
        if (key == "name" && name == "process_name") {
            addName(process.names, decodeString(unquoted(value)));
        } else if (key == "name" && name == "thread_name") {
            addName(target.names, decodeString(unquoted(value)));
        } else if (key == "labels" && name == "process_labels") {
            process.labels = decodeString(unquoted(value));
        } else if (key == "sort_index") {
            const std::int64_t index = parseInteger(unquoted(value)).value_or(0);
            if (name == "process_sort_index") {
                process.sortIndex = index;
            } else if (name == "thread_sort_index") {
                target.sortIndex = index;
            }
        }
    });
}

void TraceThreads::number() {
    Numbering processNumbers;
    for (const TraceProcess& process : m_processes) {
        processNumbers.reserve(process.pid);
    }
    for (TraceProcess& process : m_processes) {
        process.number = processNumbers.numberOf(process.pid);
    }
    Numbering threadNumbers;
    for (const TraceThread& thread : m_threads) {
        threadNumbers.reserve(thread.key.tid);
    }
    for (TraceThread& thread : m_threads) {
        thread.number = threadNumbers.numberOf(thread.key.tid);
    }
}

std::uint64_t TraceThreads::addTo(recording::RecordingBuilder& builder) {
    number();
    for (std::size_t i = 0; i < m_threads.size(); ++i) {
        if (m_threads[i].sliceCount != 0 || m_threads[i].isMentioned) {
            m_shown.push_back(i);
        }
    }
    const auto order = [&](std::size_t index) {
        const TraceThread& thread = m_threads[index];
        const TraceProcess& process = m_processes[thread.process];
        return std::tuple(process.sortIndex, process.number, thread.sortIndex, thread.number,
                          index);
    };
    std::ranges::sort(m_shown, {}, order);
    std::uint64_t reused = 0;
    std::vector<char> isAdded(m_processes.size(), 0);
    for (const std::size_t index : m_shown) {
        TraceThread& thread = m_threads[index];
        const TraceProcess& process = m_processes[thread.process];
        if (isAdded[thread.process] == 0) {
            isAdded[thread.process] = 1;
            reused += process.names.size() > 1 ? 1U : 0U;
            builder.addProcess({.pid = process.number, .name = process.shownName()});
        }
        reused += thread.names.size() > 1 ? 1U : 0U;
        recording::WorkerInfo worker;
        worker.name = thread.shownName();
        worker.pid = process.number;
        worker.tid = thread.number;
        thread.worker = builder.addWorker(std::move(worker));
    }
    return reused;
}

} // namespace interleave::chrome_trace
