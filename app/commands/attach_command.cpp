// SPDX-License-Identifier: GPL-3.0-or-later
// `attach celery`: follows a Celery cluster that is running until the time is up or Ctrl-C, and
// saves what its workers told.
#include "app/commands/commands.h"
#include "app/commands/save_run.h"
#include "app/exit_code.h"
#include "app/stop_on_signals.h"
#include "engine/broker/broker.h"
#include "engine/celery_events/attachment.h"
#include "engine/run/run_facts.h"
#include "engine/run/session_folder.h"
#include "engine/storage/atomic_file.h"

#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace interleave::app {

namespace {

void tell(const std::string& sentence) {
    std::fprintf(stderr, "interleave: %s\n", sentence.c_str());
}

} // namespace

int attachToCelery(const AttachOptions& options) {
    if (options.broker.starts_with("memory")) {
        return report({"A Celery cluster has a broker of its own; give the URL that its workers "
                       "have, such as amqp://user:password@host:5672/vhost."});
    }
    const StopOnSignals stopSignals;
    const bool isKept = !options.output.empty() || options.session.empty();
    const std::filesystem::path output = options.output.empty()
                                             ? fmt::format("celery-cluster-{:%Y-%m-%d-%H%M%S}.ilv",
                                                           fmt::localtime(std::time(nullptr)))
                                             : options.output;
    if (isKept) {
        if (const auto file = storage::AtomicFile::create(output); !file) {
            return report(file.error());
        }
    }
    auto broker = broker::open(options.broker);
    if (!broker) {
        return report(broker.error());
    }
    const auto folder = run::SessionFolder::make(options.session);
    if (!folder) {
        return report(folder.error());
    }
    celery_events::AttachRequest request;
    request.facts = run::factsOfNow();
    request.sessionFolder = folder->path();
    request.enablesEvents = options.enablesEvents;
    if (options.seconds) {
        request.duration = std::chrono::duration_cast<std::chrono::nanoseconds>(
            std::chrono::duration<double>(*options.seconds));
    }
    if (options.limitMb) {
        request.limitBytes = *options.limitMb << 20;
    }
    if (!options.isQuiet) {
        request.tell = tell;
        tell(fmt::format("Following the Celery cluster at {}; Ctrl-C ends it.",
                         broker::withoutPassword(options.broker)));
    }
    const auto recording = celery_events::attach(**broker, request, stopSignals.token());
    if (!recording) {
        return report(recording.error());
    }
    if (!isKept) {
        return kDone;
    }
    if (const auto saved = saveRun(**recording, output); !saved) {
        return report(saved.error());
    }
    if (!options.isQuiet) {
        tell(fmt::format("{} tasks of {} places are in {}.", (*recording)->tasks.size(),
                         (*recording)->info.workers, output.string()));
    }
    return kDone;
}

} // namespace interleave::app
