// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/trace_counters.h"

#include "engine/chrome_trace/json_scan.h"

#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <optional>

namespace interleave::chrome_trace {

namespace {

std::optional<double> valueOf(std::string_view raw) {
    const std::string_view text = unquoted(raw);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool isNumber = error == std::errc{} && end == text.data() + text.size();
    return isNumber && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

} // namespace

void TraceCounters::add(const TracePoint& point, std::uint32_t pid, TraceFaults& faults) {
    Group& group = m_groups[point.key];
    group.idText = point.idText;
    group.name = point.name;
    group.pid = pid;
    forEachField(point.args, [&](std::string_view key, std::string_view raw) {
        const auto value = valueOf(raw);
        if (!value) {
            faults.add(Fault::BadCounterValue);
            return;
        }
        auto series = group.series.find(key);
        if (series == group.series.end()) {
            series = group.series.emplace(key, recording::Counter{}).first;
        }
        recording::Counter& counter = series->second;
        if (!counter.time.empty() && counter.time.back() == point.timeNs) {
            counter.value.back() = *value; // the last word of one moment
            return;
        }
        counter.time.push_back(point.timeNs);
        counter.value.push_back(*value);
    });
}

void TraceCounters::addTo(recording::RecordingBuilder& builder, const TraceNames& names) {
    for (auto& [key, group] : m_groups) {
        std::string name{names.text(group.name)};
        if (!group.idText.empty()) {
            name += fmt::format(" [{}]", decodeString(group.idText));
        }
        for (auto& [series, counter] : group.series) {
            counter.name =
                group.series.size() == 1 ? name : fmt::format("{}: {}", name, decodeString(series));
            counter.subject = group.pid;
            builder.addCounter(std::move(counter));
        }
    }
    m_groups.clear();
}

} // namespace interleave::chrome_trace
