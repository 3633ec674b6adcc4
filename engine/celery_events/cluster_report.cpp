// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/celery_events/cluster_report.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace interleave::celery_events {

namespace {

constexpr std::size_t kMostClocksNamed = 50;
constexpr const char* kTurnOn =
    "start it with `celery worker -E`, run `celery -A APP control enable_events`, or attach with "
    "--enable-events";

std::string listOf(const std::set<std::string>& names) {
    std::string list;
    std::size_t count = 0;
    for (const std::string& name : names) {
        if (++count > 5) {
            return list + fmt::format(" and {} more", names.size() - 5);
        }
        list += (list.empty() ? "" : ", ") + name;
    }
    return list;
}

/// "12.3 s behind ours, plus or minus 0.40 ms, and loses 40 ppm"
std::string clockSentence(const ClusterNode& node, const ClockEstimate& clock,
                          Nanoseconds wallOffsetNs) {
    const Nanoseconds behind = clock.offsetNs + wallOffsetNs;
    std::string sentence =
        fmt::format("The clock of {} is {} {} ours", node.name, formatDuration(std::abs(behind)),
                    behind < 0 ? "ahead of" : "behind");
    sentence += clock.errorNs
                    ? fmt::format(", plus or minus {}", formatDuration(*clock.errorNs))
                    : std::string(", less what its fastest message took: it was not asked");
    if (clock.drift != 0) {
        sentence += fmt::format("; it {} {:.0f} ppm", clock.drift > 0 ? "loses" : "gains",
                                std::abs(clock.drift) * 1e6);
    }
    if (clock.steps != 0) {
        sentence += fmt::format("; it was set {} times meanwhile", clock.steps);
    }
    return sentence + ".";
}

void addClocks(const ClusterState& state, Nanoseconds wallOffsetNs, std::vector<Notice>& notices) {
    std::size_t count = 0;
    std::size_t clients = 0;
    for (const auto& [name, node] : state.nodes()) {
        if (!node->isWorker) {
            ++clients;
        } else if (++count <= kMostClocksNamed) {
            const ClockEstimate clock = node->clock.estimate();
            notices.push_back({"clock-offset", clock.steps == 0 ? "info" : "warning", 1,
                               clockSentence(*node, clock, wallOffsetNs)});
        }
    }
    if (count > kMostClocksNamed) {
        notices.push_back({"clock-offset", "info", count - kMostClocksNamed,
                           fmt::format("The clocks of {} more workers were corrected, too.",
                                       count - kMostClocksNamed)});
    }
    if (clients > 0) {
        notices.push_back(
            {"clock-offset", "info", clients,
             fmt::format(
                 "{} clients sent tasks; they can't be asked for the time, so the tasks may "
                 "have been sent earlier by what a client's fastest message took.",
                 clients)});
    }
}

} // namespace

std::vector<Notice> silentWorkers(const ClusterState& state) {
    std::vector<Notice> notices;
    for (const auto& [name, node] : state.nodes()) {
        if (node->processedUnseen > 0 && node->taskEvents == 0 && !node->isSilenceTold) {
            node->isSilenceTold = true;
            notices.push_back(
                {"task-events-off", "warning", node->processedUnseen,
                 fmt::format(
                     "{} executes tasks but sends no events of them, so they are not shown; "
                     "{}.",
                     name, kTurnOn)});
        }
    }
    return notices;
}

Notice nothingHeard(const std::set<std::string>& answered) {
    if (answered.empty()) {
        return {"no-workers", "warning", 1,
                "No Celery worker answers at this broker; is it the right URL, and the right "
                "virtual host?"};
    }
    return {"task-events-off", "warning", answered.size(),
            fmt::format("{} answers but sends no events at all; {}.", listOf(answered), kTurnOn)};
}

std::vector<Notice> closingNotices(const ClusterState& state, const ClusterSession& session,
                                   const Foreign& foreign, Nanoseconds wallOffsetNs) {
    std::vector<Notice> notices;
    const auto add = [&](const char* kind, const char* severity, std::uint64_t count,
                         const std::string& rest) {
        if (count != 0) {
            notices.push_back({kind, severity, count, fmt::format("{} {}", count, rest)});
        }
    };
    const TaskCounts& tasks = state.tasks().counts();
    addClocks(state, wallOffsetNs, notices);
    notices.push_back(
        {"as-told", "info", 1,
         "What is shown is what the workers told: `running` means that a worker "
         "executed the task, not that the kernel saw it on a core. When a worker acknowledges "
         "a message nobody tells: shown is the end of its task, by when it has."});
    add("queue-time-unknown", "warning", tasks.unsent,
        fmt::format("of {} tasks came without word of when they were sent, so their time in the "
                    "queue isn't known; set task_send_sent_event = True where they are sent.",
                    tasks.received));
    add("redelivered", "info", tasks.redelivered,
        "tasks were given to a worker again, because another one was lost or gave them back.");
    add("ends-unseen", "info", tasks.endsUnseen,
        "tasks had begun before, and how long they took isn't known; they are left out.");
    add("workers-vanished", "warning", state.vanished(),
        "times a worker went without a word: it was killed, cut off, or lost its broker. What its "
        "tasks did then isn't known.");
    add("foreign-messages", "warning", foreign.faults,
        "messages among the events are none of Celery's; they are left out.");
    add("other-events", "info", foreign.unknowns, "events are the application's own; left out.");
    add("too-many-to-follow", "data-loss", tasks.unfollowed + state.unfollowed(),
        "events are of more tasks or hosts than can be followed at once; they are left out.");
    add("unmarked", "info", session.unmarked(), "ends of tasks have no mark: there were too many.");
    return notices;
}

} // namespace interleave::celery_events
