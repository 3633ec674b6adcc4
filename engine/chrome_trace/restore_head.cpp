// SPDX-License-Identifier: GPL-3.0-or-later
// What is missing or of the wrong kind becomes a default: an edited head is no reason to lose the
// spans. Only numbers that refer to something are checked.
#include "engine/chrome_trace/restore_head.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <limits>
#include <simdjson.h>

namespace interleave::chrome_trace {

using recording::RecordingBuilder;
using simdjson::dom::element;

namespace {

constexpr std::uint32_t kMostCores = 32'767;

template <class Number>
Number numberOf(simdjson::simdjson_result<element> value, Number fallback = 0) {
    if constexpr (std::is_signed_v<Number>) {
        std::int64_t number = 0;
        if (value.get(number) != simdjson::SUCCESS || number < std::numeric_limits<Number>::min() ||
            number > std::numeric_limits<Number>::max()) {
            return fallback;
        }
        return static_cast<Number>(number);
    } else {
        std::uint64_t number = 0;
        return value.get(number) == simdjson::SUCCESS &&
                       number <= std::numeric_limits<Number>::max()
                   ? static_cast<Number>(number)
                   : fallback;
    }
}

double realOf(simdjson::simdjson_result<element> value) {
    double number = 0;
    return value.get(number) == simdjson::SUCCESS ? number : 0;
}

bool truthOf(simdjson::simdjson_result<element> value) {
    bool truth = false;
    return value.get(truth) == simdjson::SUCCESS && truth;
}

int hexDigit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 0;
}

/// A string, or {"hex": "..."}.
std::string textOf(simdjson::simdjson_result<element> value) {
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) {
        return std::string(text);
    }
    std::string raw;
    if (value["hex"].get(text) == simdjson::SUCCESS) {
        for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
            raw += static_cast<char>(hexDigit(text[i]) * 16 + hexDigit(text[i + 1]));
        }
    }
    return raw;
}

template <class Kind, std::size_t N>
Kind oneOf(const std::array<Kind, N>& kinds, const std::string& name, Kind fallback) {
    const auto found =
        std::ranges::find_if(kinds, [&](Kind kind) { return recording::nameOf(kind) == name; });
    return found == kinds.end() ? fallback : *found;
}

template <class Function>
void forEach(simdjson::simdjson_result<element> list, Function&& function) {
    simdjson::dom::array items;
    if (list.get(items) == simdjson::SUCCESS) {
        for (const element item : items) {
            function(simdjson::simdjson_result<element>(element(item)));
        }
    }
}

void restoreInfo(simdjson::simdjson_result<element> from, recording::RunInfo& info) {
    using recording::Source;
    info.scenario = textOf(from["scenario"]);
    info.about = textOf(from["about"]);
    info.model = textOf(from["model"]);
    info.source = oneOf(std::array{Source::Measured, Source::Simulated, Source::Imported},
                        textOf(from["source"]), Source::Imported);
    info.workers = numberOf<int>(from["workers"]);
    info.cores = numberOf<int>(from["cores"]);
    info.seed = numberOf<std::uint64_t>(from["seed"]);
    forEach(from["parameters"], [&](auto pair) {
        info.parameters.emplace_back(textOf(pair.at(0)), textOf(pair.at(1)));
    });
    info.startedAt = textOf(from["started_at"]);
    info.machine = textOf(from["machine"]);
    info.kernelTruth = textOf(from["kernel_truth"]);
    info.makespanSeconds = realOf(from["makespan_s"]);
}

recording::WorkerInfo workerFrom(simdjson::simdjson_result<element> from) {
    recording::WorkerInfo worker;
    worker.name = textOf(from["name"]);
    worker.pid = numberOf<std::uint32_t>(from["pid"]);
    worker.tid = numberOf<std::uint32_t>(from["tid"]);
    worker.life = {numberOf<Nanoseconds>(from["begin_ns"]), numberOf<Nanoseconds>(from["end_ns"])};
    if (std::int64_t cpu = 0; from["cpu_ns"].get(cpu) == simdjson::SUCCESS) {
        worker.cpuTimeNs = cpu;
    }
    worker.voluntarySwitches = numberOf<std::uint32_t>(from["voluntary"]);
    worker.involuntarySwitches = numberOf<std::uint32_t>(from["involuntary"]);
    worker.migrations = numberOf<std::uint32_t>(from["migrations"]);
    worker.isControl = truthOf(from["control"]);
    return worker;
}

void restoreSubjects(simdjson::simdjson_result<element> from, RecordingBuilder& builder,
                     RestoredHead& head) {
    forEach(from["tasks"], [&](auto task) {
        builder.addTask({textOf(task.at(0)), textOf(task.at(1)),
                         stateNamed(textOf(task.at(2))).value_or(State::Cancelled),
                         numberOf<Nanoseconds>(task.at(3)), numberOf<Nanoseconds>(task.at(4))});
        ++head.tasks;
    });
    forEach(from["workers"], [&](auto worker) {
        builder.addWorker(workerFrom(worker));
        ++head.workers;
    });
    forEach(from["objects"], [&](auto object) {
        builder.addObject(
            {textOf(object.at(0)), textOf(object.at(1)), numberOf<std::uint32_t>(object.at(2))});
        ++head.objects;
    });
    forEach(from["cores"], [&](auto core) {
        head.cores.push_back(std::min(numberOf<std::uint32_t>(core), kMostCores));
        builder.addCore(head.cores.back());
    });
    forEach(from["processes"], [&](auto process) {
        builder.addProcess({numberOf<std::uint32_t>(process.at(0)), textOf(process.at(1)),
                            numberOf<std::uint64_t>(process.at(2))});
    });
    forEach(from["diagnostics"], [&](auto item) {
        using recording::Severity;
        builder.addDiagnostic(
            {textOf(item.at(0)),
             oneOf(std::array{Severity::Info, Severity::Warning, Severity::DataLoss},
                   textOf(item.at(1)), Severity::Warning),
             numberOf<std::uint64_t>(item.at(2)), textOf(item.at(3))});
    });
}

template <class IdType>
IdType idOf(simdjson::simdjson_result<element> value, std::size_t count) {
    const auto number = numberOf<std::uint32_t>(value);
    return IdType{number <= count ? number : 0};
}

void restoreBroker(simdjson::simdjson_result<element> from, RecordingBuilder& builder,
                   const RestoredHead& head) {
    forEach(from["bindings"], [&](auto binding) {
        builder.addBinding({idOf<ObjectId>(binding.at(0), head.objects),
                            idOf<ObjectId>(binding.at(1), head.objects), textOf(binding.at(2))});
    });
    forEach(from["consumers"], [&](auto consumer) {
        builder.addConsumer(
            {idOf<ObjectId>(consumer.at(0), head.objects),
             idOf<WorkerId>(consumer.at(1), head.workers),
             numberOf<std::uint32_t>(consumer.at(2)),
             {numberOf<Nanoseconds>(consumer.at(3)), numberOf<Nanoseconds>(consumer.at(4))}});
    });
}

bool exists(const RestoredThread& thread, const RestoredHead& head) {
    switch (thread.kind) {
    case recording::TrackKind::Worker:
        return thread.subject >= 1 && thread.subject <= head.workers;
    case recording::TrackKind::Core:
        return thread.subject <= kMostCores;
    case recording::TrackKind::Lock:
        return thread.subject >= 1 && thread.subject <= head.objects;
    default:
        return false; // tasks and queues have no threads
    }
}

} // namespace

Result<RestoredHead> restoreHead(std::string_view json, std::string_view name,
                                 RecordingBuilder& builder) {
    simdjson::dom::parser parser;
    simdjson::dom::element parsed;
    if (parser.parse(json.data(), json.size()).get(parsed) != simdjson::SUCCESS) {
        return fail(
            fmt::format("{} says that it was exported by Interleave, but what it says under "
                        "\"interleave\" is no JSON; remove that part to open the rest as a "
                        "plain trace.",
                        name));
    }
    const simdjson::simdjson_result<element> root(std::move(parsed));
    if (numberOf<std::uint64_t>(root["version"]) != kExportVersion) {
        return fail(fmt::format("{} was exported by another version of Interleave; open it with "
                                "that one.",
                                name));
    }
    RestoredHead head;
    restoreInfo(root["info"], builder.info());
    restoreSubjects(root, builder, head);
    restoreBroker(root, builder, head);
    forEach(root["threads"], [&](auto item) {
        using recording::TrackKind;
        RestoredThread thread;
        thread.place = {numberOf<std::uint32_t>(item.at(0)), numberOf<std::uint32_t>(item.at(1))};
        thread.kind = oneOf(std::array{TrackKind::Worker, TrackKind::Core, TrackKind::Lock},
                            textOf(item.at(2)), TrackKind::Task);
        thread.subject = numberOf<std::uint32_t>(item.at(3));
        if (exists(thread, head)) {
            head.threads.push_back(thread);
        }
    });
    forEach(root["counters"], [&](auto item) {
        head.counters.push_back(
            {textOf(item.at(0)), textOf(item.at(1)), numberOf<std::uint32_t>(item.at(2)), {}, {}});
        head.counterPlaces.push_back({numberOf<std::uint32_t>(item.at(3)), textOf(item.at(4))});
    });
    forEach(root["texts"], [&](auto item) {
        head.rawTexts[numberOf<std::uint64_t>(item.at(0))] = textOf(item.at(1));
    });
    builder.setLive(truthOf(root["live"]));
    return head;
}

} // namespace interleave::chrome_trace
