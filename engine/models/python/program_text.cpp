// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/python/program_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>
#include <map>
#include <unordered_map>

namespace interleave::models {

namespace {

using scenario::Action;

std::string listOf(const std::vector<TaskId>& tasks) {
    std::string text = "[";
    for (const TaskId task : tasks) {
        fmt::format_to(std::back_inserter(text), "{}{}", text.size() > 1 ? "," : "", task.value);
    }
    return text + "]";
}

/// Only where they differ from try to try.
std::string listOf(const std::vector<Nanoseconds>& delays) {
    return fmt::format("[{}]", fmt::join(delays, ","));
}

std::string textOf(const Action& action) {
    std::string strikes;
    for (const bool strike : action.strikes) {
        strikes += strikes.empty() ? "" : ",";
        strikes += strike ? '1' : '0';
    }
    return fmt::format("[{},{},{},\"{}\",{},{},{},{},{},[{}]]", static_cast<int>(action.kind),
                       action.step.value, action.durationNs, scenario::nameOf(action.kernel),
                       action.releasesGil ? 1 : 0, action.isBlocking ? 1 : 0, action.bytes,
                       action.object.value, listOf(action.tasks), strikes);
}

std::string textOf(const std::vector<Action>& actions) {
    std::string text = "[";
    for (const Action& action : actions) {
        text += text.size() > 1 ? "," : "";
        text += textOf(action);
    }
    return text + "]";
}

/// Texts that repeat, each with a number: from 0 in order of first appearance.
class Texts {
public:
    std::size_t numberOf(std::string text) {
        const auto [place, isNew] = m_numbers.try_emplace(std::move(text), m_numbers.size());
        if (isNew) {
            m_all += m_all.empty() ? "" : ",\n";
            m_all += place->first;
        }
        return place->second;
    }
    const std::string& all() const { return m_all; }

private:
    std::unordered_map<std::string, std::size_t> m_numbers;
    std::string m_all;
};

} // namespace

std::string programText(const scenario::Program& program, const ProgramTextSettings& settings) {
    Texts actions;
    Texts afters;
    // Tasks of one template follow the same tasks; that list may be long.
    std::map<std::size_t, std::size_t> afterOfTemplate;
    std::string tasks;
    for (const scenario::Task& task : program.tasks) {
        std::size_t after = 0;
        if (!task.after.empty()) {
            const auto known = afterOfTemplate.find(task.templateIndex);
            after = known != afterOfTemplate.end() ? known->second
                                                   : afters.numberOf(listOf(task.after)) + 1;
            afterOfTemplate[task.templateIndex] = after;
        }
        tasks += tasks.empty() ? "" : ",\n";
        fmt::format_to(std::back_inserter(tasks), "[{},{},{},{},{},{},{},{},{},{},{}]",
                       actions.numberOf(textOf(task.actions)), task.parent.value, task.arrivalNs,
                       task.payloadBytes, task.resultBytes, task.retries, task.retryDelayNs,
                       listOf(task.retryDelays), task.templateIndex, after, task.then.value);
    }
    std::string objects;
    for (const scenario::Object& object : program.objects) {
        objects += objects.empty() ? "" : ",";
        fmt::format_to(std::back_inserter(objects), "[{},{}]", static_cast<int>(object.kind),
                       object.capacity);
    }
    return fmt::format(
        "{{\"model\":\"{}\",\"workers\":{},\"settings\":{},\"port\":{},\"block\":"
        "\"{}\",\"first_extra_step\":{},\"library\":{},\n\"objects\":[{}],\n\"actions\":[{}],\n"
        "\"after\":[{}],\n\"tasks\":[{}]}}\n",
        settings.model, settings.workers, settings.settings, settings.port, settings.blockPath,
        settings.firstExtraStep.value, settings.library.empty() ? "null" : settings.library,
        objects, actions.all(), afters.all(), tasks);
}

} // namespace interleave::models
