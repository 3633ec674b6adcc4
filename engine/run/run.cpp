// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/run/run.h"

#include "engine/broker/broker.h"
#include "engine/collector/collector.h"
#include "engine/collector/manifest.h"
#include "engine/models/refusal.h"
#include "engine/models/registry.h"
#include "engine/record/observer.h"
#include "engine/record/session.h"
#include "engine/run/run_facts.h"
#include "engine/run/session_folder.h"
#include "engine/scenario/compute.h"
#include "engine/scenario/loopback.h"
#include "engine/scenario/program.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace interleave::run {

namespace {

constexpr int kMostWorkers = 1024;

/// Everything about a request that can be wrong, found before anything starts.
struct Plan {
    const models::Model* model = nullptr;
    models::Parameters parameters;
    scenario::Program program;
    int workers = 1;
};

Result<int> workersOf(const RunRequest& request, const models::ModelInfo& info) {
    const int workers =
        request.workers.value_or(request.scenario.workers.value_or(coresOfThisProcess()));
    if (workers < 1 || workers > kMostWorkers) {
        return fail(
            fmt::format("--workers {} is out of range; give 1 to {}.", workers, kMostWorkers));
    }
    return info.usesWorkers ? workers : 1;
}

/// What a model needs that only a real broker has.
Result<void> checkBroker(const RunRequest& request, const models::ModelInfo& info) {
    const std::string& scheme = info.brokerScheme;
    if (scheme.empty() || request.broker.starts_with(scheme)) {
        return {};
    }
    const bool isAmqp = scheme == "amqp";
    return fail(fmt::format("The model {} needs a real broker, which its workers reach from their "
                            "processes: give --broker {} ({} starts one; it is in the package {}).",
                            info.id,
                            isAmqp ? "amqp://user:password@host/vhost" : "redis://host:6379/0",
                            isAmqp ? "packaging/broker start" : "redis-server",
                            isAmqp ? "rabbitmq-server" : "redis-server"),
                ErrorKind::MissingPart);
}

/// Those of the scenario are the model's to refuse: it knows where they stand.
Result<void> checkFaults(const RunRequest& request, const models::ModelInfo& info) {
    if (request.faults.empty() || info.makesFaults) {
        return {};
    }
    return fail(fmt::format("--fault {}: the model {} makes no faults on purpose; take task-queue "
                            "or pubsub.",
                            scenario::textOf(request.faults.front()), info.id));
}

Result<Plan> planOf(const RunRequest& request) {
    Plan plan;
    const auto model = models::findModel(request.model);
    if (!model) {
        return std::unexpected(model.error());
    }
    plan.model = *model;
    auto parameters = models::resolveParameters(plan.model->info(), request.settings);
    if (!parameters) {
        return std::unexpected(parameters.error());
    }
    plan.parameters = std::move(*parameters);
    const auto workers = workersOf(request, plan.model->info());
    if (!workers) {
        return std::unexpected(workers.error());
    }
    plan.workers = *workers;
    auto program = scenario::expand(std::make_shared<const scenario::Scenario>(request.scenario),
                                    request.seed.value_or(request.scenario.seed));
    if (!program) {
        return std::unexpected(program.error());
    }
    plan.program = std::move(*program);
    if (auto has = checkBroker(request, plan.model->info()); !has) {
        return std::unexpected(has.error());
    }
    if (auto makes = checkFaults(request, plan.model->info()); !makes) {
        return std::unexpected(makes.error());
    }
    if (auto able = plan.model->canRun(plan.program, plan.parameters); !able) {
        return std::unexpected(able.error());
    }
    return plan;
}

/// The key of a binding; of a headers exchange what it asks for.
std::string textOf(const routing::Binding& binding, routing::ExchangeKind kind) {
    if (kind != routing::ExchangeKind::Headers) {
        return kind == routing::ExchangeKind::Fanout ? std::string() : binding.key;
    }
    std::string text = binding.match == routing::HeaderMatch::All ? "all of" : "any of";
    const char* separator = " ";
    for (const auto& [name, value] : binding.headers) {
        const auto written = [](const auto& plain) { return fmt::format("{}", plain); };
        text += fmt::format("{}{}={}", separator, name, std::visit(written, value));
        separator = ", ";
    }
    return text;
}

std::vector<collector::ManifestBinding> bindingsOf(const scenario::Program& program) {
    const scenario::Scenario& scenario = *program.scenario;
    std::vector<collector::ManifestBinding> bindings;
    for (std::size_t queue = 0; queue < scenario.messageQueues.size(); ++queue) {
        for (const auto& bind : scenario.messageQueues[queue].bindings) {
            bindings.push_back({program.exchangeId(bind.exchange).value,
                                program.messageQueueId(queue).value,
                                textOf(bind.binding, scenario.exchanges[bind.exchange].kind)});
        }
    }
    return bindings;
}

/// Workers that execute tasks at once. Where a scenario's tables leave it to --workers it is that:
/// what a recording is run again with.
int workersAtOnce(const Plan& plan) {
    const auto& tables = plan.program.scenario->taskWorkers;
    const auto hasSlots = [](const auto& table) { return table.slotCount.has_value(); };
    if (!plan.model->info().usesWorkerTables || tables.empty() ||
        !std::ranges::all_of(tables, hasSlots)) {
        return plan.workers;
    }
    const auto add = [](int sum, const auto& table) {
        return sum + static_cast<int>(*table.slotCount);
    };
    return std::accumulate(tables.begin(), tables.end(), 0, add);
}

collector::Manifest manifestOf(const RunRequest& request, const Plan& plan) {
    collector::Manifest manifest;
    recording::RunInfo& info = manifest.info;
    info = factsOfNow();
    info.scenario = plan.program.scenario->name;
    info.about = plan.program.scenario->about;
    info.model = plan.model->info().id;
    info.workers = workersAtOnce(plan);
    info.seed = plan.program.seed;
    info.parameters = request.settings;
    if (plan.model->info().usesBroker) {
        info.parameters.emplace_back("broker", broker::withoutPassword(request.broker));
        for (const scenario::Fault& fault : request.faults) {
            info.parameters.emplace_back("fault", scenario::textOf(fault));
        }
    }
    for (const scenario::Task& task : plan.program.tasks) {
        manifest.tasks.push_back({task.name, task.group});
    }
    for (const scenario::Object& object : plan.program.objects) {
        manifest.objects.push_back(
            {object.name, scenario::kindTextOf(plan.program, object.id), object.capacity});
    }
    manifest.bindings = bindingsOf(plan.program);
    if (!plan.model->info().namesOwnGil) {
        manifest.objects.push_back({"GIL", "gil", 1});
    }
    if (plan.model->info().usesBroker) {
        for (const char* name : models::kExtraQueueNames) {
            manifest.objects.push_back({name, "message-queue", 0});
        }
    }
    manifest.steps = plan.program.stepNames;
    for (const char* name : models::kExtraStepNames) {
        manifest.steps.emplace_back(name);
    }
    manifest.counters.assign(std::begin(models::kCounterNames), std::end(models::kCounterNames));
    manifest.marks.assign(std::begin(models::kMarkNames), std::end(models::kMarkNames));
    return manifest;
}

/// The names that became known as hosts joined the run.
void tellOfHosts(record::SessionWriter& session, collector::Manifest manifest,
                 const std::vector<models::HostFacts>& hosts) {
    for (const models::HostFacts& host : hosts) {
        manifest.info.cores += static_cast<int>(host.cores);
        manifest.counters.push_back(host.name + " connected");
    }
    if (const auto written = session.writeManifest(collector::toJson(manifest)); !written) {
        session.diagnose("manifest", "warning", 1, written.error().message);
    }
}

/// Executes the plan inside an open session. The observer is started before the model makes its
/// first thread, so that the kernel's events cover every thread and child process.
Result<void> executeIn(record::SessionWriter& session, const collector::Manifest& manifest,
                       const Plan& plan, const scenario::ComputeSpeed& speed,
                       scenario::Endpoint endpoint, const RunRequest& request,
                       std::stop_token stop) {
    std::vector<scenario::Fault> faults = plan.program.scenario->faults;
    faults.insert(faults.end(), request.faults.begin(), request.faults.end());
    auto observer = record::Observer::start(session, {});
    if (!observer) {
        return std::unexpected(observer.error());
    }
    if (const auto ignored = models::ignoredDelivery(plan.program, plan.model->info().id);
        ignored && !plan.model->info().usesBroker) {
        session.diagnose("delivery-ignored", "info", 1, *ignored);
    }
    Result<models::RunOutcome> outcome;
    {
        record::Writer control =
            session.openStream({record::StreamRole::Control, session.clock().kind, "control"});
        outcome = plan.model->run({
            .program = plan.program,
            .workers = plan.workers,
            .parameters = plan.parameters,
            .speed = speed,
            .loopback = endpoint,
            .session = session,
            .control = control,
            .gil = ObjectId{static_cast<std::uint32_t>(plan.program.objects.size() + 1)},
            .firstExtraQueue = ObjectId{static_cast<std::uint32_t>(
                plan.program.objects.size() + (plan.model->info().namesOwnGil ? 1 : 2))},
            .firstExtraStep = StepId{static_cast<std::uint32_t>(plan.program.stepNames.size() + 1)},
            .stop = stop,
            .programPath = request.programPath,
            .broker = request.broker,
            .brokerControl = request.brokerControl,
            .faults = std::move(faults),
            .tellHosts = [&](const auto& hosts) { tellOfHosts(session, manifest, hosts); },
        });
    }
    observer->stop();
    if (!outcome) {
        return std::unexpected(outcome.error());
    }
    if (!outcome->deadlock.empty()) {
        session.diagnose("deadlock", "warning", 1,
                         "The run ended in a deadlock: " + outcome->deadlock);
    }
    if (stop.stop_requested()) {
        session.diagnose("stopped", "info", 1,
                         "The run was stopped before its end; what it had done by then is shown.");
    }
    return {};
}

} // namespace

Result<void> check(const RunRequest& request) {
    const auto plan = planOf(request);
    return plan ? Result<void>() : std::unexpected(plan.error());
}

Result<std::shared_ptr<const recording::Recording>> execute(const RunRequest& request,
                                                            std::stop_token stop) {
    const auto plan = planOf(request);
    if (!plan) {
        return std::unexpected(plan.error());
    }
    const auto folder = SessionFolder::make(request.sessionFolder);
    if (!folder) {
        return std::unexpected(folder.error());
    }
    // The server forks before any thread exists and before the kernel's events are watched, so
    // that its work is never taken for the run's.
    std::optional<scenario::LoopbackServer> server;
    if (scenario::usesLoopback(plan->program)) {
        auto started = scenario::LoopbackServer::start();
        if (!started) {
            return std::unexpected(started.error());
        }
        server = std::move(*started);
    }
    const scenario::ComputeSpeed speed = scenario::calibratedSpeed();

    auto session =
        record::SessionWriter::create(folder->path(), {.isEnabled = request.recordsEvents});
    if (!session) {
        return std::unexpected(session.error());
    }
    const collector::Manifest manifest = manifestOf(request, *plan);
    if (auto written = session->writeManifest(collector::toJson(manifest)); !written) {
        return std::unexpected(written.error());
    }
    const Result<void> executed =
        executeIn(*session, manifest, *plan, speed,
                  server ? server->endpoint() : scenario::Endpoint{}, request, stop);
    session->finish();
    if (!executed) {
        return std::unexpected(executed.error());
    }
    auto collector = collector::Collector::open(folder->path());
    if (!collector) {
        return std::unexpected(collector.error());
    }
    collector->poll();
    return collector->snapshot();
}

} // namespace interleave::run
