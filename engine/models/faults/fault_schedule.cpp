// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/faults/fault_schedule.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace interleave::models {

Result<scenario::Fault> parseFaultCommand(std::string_view line) {
    if (line.find('@') != std::string_view::npos) {
        return scenario::parseFault(line);
    }
    const std::size_t plus = std::min(line.find('+'), line.size());
    return scenario::parseFault(fmt::format("{}@0s{}", line.substr(0, plus), line.substr(plus)));
}

FaultSchedule::FaultSchedule(std::vector<scenario::Fault> faults)
    : m_faults(std::move(faults)) {}

FaultSchedule::FaultSchedule(std::vector<scenario::Fault> faults, CommandPipe pipe)
    : m_faults(std::move(faults))
    , m_pipe(std::move(pipe)) {}

void FaultSchedule::begin(Nanoseconds nowNs) {
    m_beganNs = nowNs;
    for (const scenario::Fault& fault : std::exchange(m_faults, {})) {
        add(nowNs + fault.atNs, fault);
    }
}

void FaultSchedule::add(Nanoseconds atNs, const scenario::Fault& fault) {
    // Behind those of the same time: they are taken from the back.
    const auto place = std::ranges::lower_bound(m_due, atNs, std::ranges::greater(), &Due::atNs);
    m_due.insert(place, {atNs, fault});
}

std::optional<Nanoseconds> FaultSchedule::nextDueNs() const {
    return m_due.empty() ? std::nullopt : std::optional(m_due.back().atNs);
}

std::vector<scenario::Fault> FaultSchedule::takeDue(Nanoseconds nowNs,
                                                    std::vector<std::string>& complaints) {
    for (const std::string& line : m_pipe ? m_pipe->takeLines() : std::vector<std::string>()) {
        if (const auto fault = parseFaultCommand(line)) {
            add(nowNs + fault->atNs, *fault);
        } else {
            complaints.push_back(fault.error().message);
        }
    }
    std::vector<scenario::Fault> due;
    while (m_beganNs && !m_due.empty() && m_due.back().atNs <= nowNs) {
        due.push_back(m_due.back().fault);
        m_due.pop_back();
    }
    return due;
}

} // namespace interleave::models
