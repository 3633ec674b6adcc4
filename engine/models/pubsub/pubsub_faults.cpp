// SPDX-License-Identifier: GPL-3.0-or-later
// PubsubRun: what goes wrong on purpose.
#include "engine/models/faults/fault_mark.h"
#include "engine/models/pubsub/pubsub_run.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::models {

using scenario::Fault;

FaultSchedule PubsubRun::faultsOf(const RunContext& context) {
    auto pipe = CommandPipe::create(context.session.folder());
    if (!pipe) {
        context.session.diagnose("faults", "warning", 1, pipe.error().message);
        return FaultSchedule(context.faults);
    }
    return {context.faults, std::move(*pipe)};
}

void PubsubRun::strikeDue(Nanoseconds nowNs) {
    std::vector<std::string> complaints;
    if (auto failure = m_brokerControl->advance(nowNs)) {
        complaints.push_back(std::move(*failure));
    }
    for (const Fault& fault : m_faults.takeDue(nowNs, complaints)) {
        if (auto struck = strike(fault, nowNs); !struck) {
            complaints.push_back(struck.error().message);
        }
    }
    for (const std::string& complaint : complaints) {
        m_context.session.diagnose("fault-refused", "warning", 1, complaint);
    }
}

Result<void> PubsubRun::strike(const Fault& fault, Nanoseconds nowNs) {
    std::string what;
    if (fault.kind == Fault::Kind::KillWorker) {
        return fail(fmt::format("{}: the consumers of the model pubsub are threads of the run "
                                "itself, which can't be killed; cut-connection takes one away from "
                                "its work.",
                                scenario::textOf(fault)));
    }
    if (fault.kind == Fault::Kind::StopBroker) {
        if (const auto objection = m_brokerControl->objection()) {
            return fail(fmt::format("{}: {}", scenario::textOf(fault), *objection));
        }
        m_brokerControl->stop(nowNs, fault.lengthNs);
        what = fmt::format("The broker was stopped, to start again after {}.",
                           formatDuration(fault.lengthNs));
    } else {
        const auto consumer = consumerFor(fault);
        if (!consumer) {
            return fail(fmt::format("{}: there are {} consumers.", scenario::textOf(fault),
                                    m_consumers.size()));
        }
        Consumer& target = *m_consumers[*consumer];
        if (fault.kind == Fault::Kind::CutConnection) {
            target.cut();
            what = fmt::format("The connection of \"{}\" was cut.", target.name());
        } else {
            target.slowDown(fault.lengthNs);
            what = fmt::format("\"{}\" takes {} longer for each message from here on.",
                               target.name(), formatDuration(fault.lengthNs));
        }
    }
    markFault(m_context.control, fault.kind);
    m_context.session.diagnose("fault", "info", 1, "On purpose: " + what);
    return {};
}

std::optional<std::size_t> PubsubRun::consumerFor(const Fault& fault) const {
    if (fault.target > 0) {
        return fault.target <= m_consumers.size() ? std::optional<std::size_t>(fault.target - 1)
                                                  : std::nullopt;
    }
    const auto atWork =
        std::ranges::find_if(m_consumers, [](const auto& each) { return each->isAtWork(); });
    if (atWork != m_consumers.end()) {
        return static_cast<std::size_t>(atWork - m_consumers.begin());
    }
    return m_consumers.empty() ? std::nullopt : std::optional<std::size_t>(0);
}

} // namespace interleave::models
