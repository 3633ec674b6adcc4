// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/export_head.h"

#include "engine/chrome_trace/export_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <set>
#include <type_traits>

namespace interleave::chrome_trace {

using recording::Recording;

namespace {

/// Writes objects and lists; knows where commas belong.
class HeadWriter {
public:
    void open(char bracket) {
        separate();
        m_json += bracket;
        m_isFirst = true;
    }
    void close(char bracket) {
        m_json += bracket;
        m_isFirst = false;
    }
    void key(std::string_view name) {
        separate();
        m_json += '"';
        m_json += name;
        m_json += "\":";
        m_isFirst = true; // no comma before its value
    }
    void value(std::string_view text) {
        separate();
        appendExactString(m_json, text);
    }
    void value(const std::string& text) { value(std::string_view(text)); }
    void value(const char*) = delete; // would become a bool
    template <class Number>
    requires std::is_integral_v<Number>
    void value(Number number) {
        separate();
        if constexpr (std::is_same_v<Number, bool>) {
            m_json += number ? "true" : "false";
        } else {
            m_json += std::to_string(number);
        }
    }
    void value(double number) {
        separate();
        std::array<char, 32> digits;
        const auto [end, error] =
            std::to_chars(digits.data(), digits.data() + digits.size(), number);
        m_json.append(std::isfinite(number) ? std::string_view(digits.data(), end) : "0");
    }
    template <class Value>
    void field(std::string_view name, const Value& content) {
        key(name);
        value(content);
    }
    template <class... Values>
    void list(const Values&... values) {
        open('[');
        (value(values), ...);
        close(']');
    }
    std::string take() { return std::move(m_json); }

private:
    void separate() {
        if (!m_isFirst) {
            m_json += ',';
        }
        m_isFirst = false;
    }

    std::string m_json;
    bool m_isFirst = true;
};

void describeInfo(const recording::RunInfo& info, HeadWriter& to) {
    to.key("info");
    to.open('{');
    to.field("scenario", info.scenario);
    to.field("about", info.about);
    to.field("model", info.model);
    to.field("source", recording::nameOf(info.source));
    to.field("workers", info.workers);
    to.field("cores", info.cores);
    to.field("seed", info.seed);
    to.key("parameters");
    to.open('[');
    for (const auto& [key, value] : info.parameters) {
        to.list(key, value);
    }
    to.close(']');
    to.field("started_at", info.startedAt);
    to.field("machine", info.machine);
    to.field("kernel_truth", info.kernelTruth);
    to.field("makespan_s", info.makespanSeconds);
    to.close('}');
}

void describeWorkers(const Recording& recording, HeadWriter& to) {
    to.key("workers");
    to.open('[');
    for (const recording::WorkerInfo& worker : recording.workers) {
        to.open('{');
        to.field("name", worker.name);
        to.field("pid", worker.pid);
        to.field("tid", worker.tid);
        to.field("begin_ns", worker.life.beginNs);
        to.field("end_ns", worker.life.endNs);
        if (worker.cpuTimeNs) {
            to.field("cpu_ns", *worker.cpuTimeNs);
        }
        to.field("voluntary", worker.voluntarySwitches);
        to.field("involuntary", worker.involuntarySwitches);
        to.field("migrations", worker.migrations);
        to.field("control", worker.isControl);
        to.close('}');
    }
    to.close(']');
}

void describeSubjects(const Recording& recording, HeadWriter& to) {
    to.key("tasks");
    to.open('[');
    for (const recording::TaskInfo& task : recording.tasks) {
        to.list(task.name, task.group, nameOf(task.end), task.submittedNs, task.endNs);
    }
    to.close(']');
    describeWorkers(recording, to);
    to.key("objects");
    to.open('[');
    for (const recording::ObjectInfo& object : recording.objects) {
        to.list(object.name, object.kind, object.capacity);
    }
    to.close(']');
    to.key("cores");
    to.open('[');
    for (const recording::Track& track : recording.tracks) {
        if (track.kind == recording::TrackKind::Core) {
            to.value(track.subject);
        }
    }
    to.close(']');
    to.key("processes");
    to.open('[');
    for (const recording::ProcessInfo& process : recording.processes) {
        to.list(process.pid, process.name, process.peakRssBytes);
    }
    to.close(']');
    to.key("diagnostics");
    to.open('[');
    for (const recording::Diagnostic& item : recording.diagnostics) {
        to.list(item.kind, recording::nameOf(item.severity), item.count, item.message);
    }
    to.close(']');
}

void describeBroker(const Recording& recording, HeadWriter& to) {
    to.key("bindings");
    to.open('[');
    for (const recording::Binding& binding : recording.bindings) {
        to.list(binding.exchange.value, binding.queue.value, binding.key);
    }
    to.close(']');
    to.key("consumers");
    to.open('[');
    for (const recording::Consumer& consumer : recording.consumers) {
        to.list(consumer.queue.value, consumer.worker.value, consumer.prefetch,
                consumer.life.beginNs, consumer.life.endNs);
    }
    to.close(']');
}

void describeThreads(const ExportLayout& layout, HeadWriter& to) {
    to.key("threads");
    to.open('[');
    for (const LaneGroup& group : layout.groups) {
        if (!group.isAsync) {
            to.list(group.place.pid, group.place.tid, recording::nameOf(group.track->kind),
                    group.track->subject);
        }
    }
    to.close(']');
}

void describeCounters(const Recording& recording, const std::vector<CounterPlace>& places,
                      HeadWriter& to) {
    to.key("counters");
    to.open('[');
    for (std::size_t i = 0; i < recording.counters.size(); ++i) {
        const recording::Counter& counter = recording.counters[i];
        to.list(counter.name, counter.unit, counter.subject, places[i].pid, places[i].name);
    }
    to.close(']');
}

/// Texts that events can't hold, with the number by which those refer to them.
void describeRawTexts(const Recording& recording, HeadWriter& to) {
    to.key("texts");
    to.open('[');
    std::string json;
    for (std::uint32_t id = 1; id < recording.strings.size(); ++id) {
        const std::string_view text = recording.strings.text(StringId{id});
        json.clear();
        if (!appendJsonString(json, text)) {
            to.list(id, text);
        }
    }
    to.close(']');
}

bool isMemory(const recording::Counter& counter) {
    return counter.name == "rss" || counter.name == "pss";
}

bool isOfMessages(const Recording& recording, const recording::Counter& counter) {
    const bool isNamedSo =
        counter.name == recording::kReadyMessages || counter.name == recording::kUnackedMessages;
    return isNamedSo && counter.subject != 0 && counter.subject <= recording.objects.size();
}

} // namespace

std::vector<CounterPlace> placeCounters(const Recording& recording, const ExportLayout& layout) {
    std::vector<CounterPlace> places;
    std::set<std::pair<std::uint32_t, std::string>> used;
    for (const recording::Counter& counter : recording.counters) {
        const bool isOfQueue = isOfMessages(recording, counter);
        const bool isOfProcess =
            counter.subject != 0 && !isOfQueue &&
            (isMemory(counter) ||
             std::ranges::find(recording.processes, counter.subject,
                               &recording::ProcessInfo::pid) != recording.processes.end());
        CounterPlace place{isOfProcess ? counter.subject
                           : isOfQueue ? layout.pseudo.queues
                                       : layout.pseudo.cores,
                           {}};
        const std::string wanted =
            isOfQueue ? fmt::format("{} in {}", counter.name,
                                    recording.object(ObjectId{counter.subject}).name)
                      : counter.name;
        // As it can stand in an event, which holds no invalid UTF-8.
        std::string json;
        const bool isExact = appendJsonString(json, wanted);
        const std::string name = isExact && !wanted.empty() ? wanted : "counter";
        const bool isPlain =
            isOfProcess || isOfQueue || recording.info.source == recording::Source::Imported;
        place.name = isPlain ? name : fmt::format("{} {}", name, counter.subject);
        for (int number = 2; !used.emplace(place.pid, place.name).second; ++number) {
            place.name = fmt::format("{} ({})", name, number);
        }
        places.push_back(std::move(place));
    }
    return places;
}

std::string describeHead(const Recording& recording, const ExportLayout& layout,
                         const std::vector<CounterPlace>& counters) {
    HeadWriter to;
    to.open('{');
    to.field("version", 1);
    describeInfo(recording.info, to);
    describeSubjects(recording, to);
    describeBroker(recording, to);
    describeThreads(layout, to);
    describeCounters(recording, counters, to);
    describeRawTexts(recording, to);
    to.field("live", recording.isLive);
    to.close('}');
    return to.take();
}

} // namespace interleave::chrome_trace
