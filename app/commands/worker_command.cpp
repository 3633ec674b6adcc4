// SPDX-License-Identifier: GPL-3.0-or-later
// `worker`: waits at a broker for runs on other hosts and executes their tasks, one run after the
// other, until Ctrl-C.
#include "app/commands/commands.h"
#include "app/exit_code.h"
#include "app/stop_on_signals.h"
#include "engine/broker/broker.h"
#include "engine/models/remote/hosted_run.h"
#include "engine/models/remote/idle_worker.h"
#include "engine/run/session_folder.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <unistd.h>

namespace interleave::app {

namespace {

/// Without one neither side would notice a network that is gone.
constexpr const char* kDefaultHeartbeat = "?heartbeat=5";

class Teller {
public:
    explicit Teller(bool isQuiet)
        : m_isQuiet(isQuiet) {}
    void operator()(const std::string& sentence) const {
        if (!m_isQuiet) {
            std::fprintf(stderr, "interleave: %s\n", sentence.c_str());
        }
    }

private:
    bool m_isQuiet;
};

std::string hostName() {
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0' ? name.data() : "host";
}

const char* sentenceOf(models::HostedEnd end) {
    switch (end) {
    case models::HostedEnd::RunOver:
        return "The run is over.";
    case models::HostedEnd::Stopped:
        return "What was begun is done; the rest was left to other workers.";
    case models::HostedEnd::NodeDied:
        return "The process that took tasks was killed; what it had acknowledged is lost.";
    case models::HostedEnd::RunGone:
        return "The run is gone without a word.";
    }
    return "";
}

} // namespace

int serveRuns(const WorkerOptions& options) {
    if (!options.broker.starts_with("amqp://")) {
        return report({fmt::format("A worker on another host needs a broker that both reach, and "
                                   "{} is none; give the URL that the run has, such as "
                                   "amqp://user:password@host:5672/vhost.",
                                   broker::withoutPassword(options.broker))});
    }
    const StopOnSignals signals;
    const Teller tell(options.isQuiet);
    const std::string url = options.broker.find('?') == std::string::npos
                                ? options.broker + kDefaultHeartbeat
                                : options.broker;
    auto broker = broker::open(url);
    if (!broker) {
        return report(broker.error());
    }
    models::WorkerIdentity identity;
    identity.host = options.name.empty() ? hostName() : options.name;
    identity.slots = options.slots.value_or(0);
    identity.cores = static_cast<std::uint32_t>(std::max(1L, sysconf(_SC_NPROCESSORS_CONF)));
    models::IdleWorker idle(**broker, identity, tell);
    tell(fmt::format("Waiting at {} for a run; Ctrl-C ends it.",
                     broker::withoutPassword(options.broker)));
    while (const auto welcome = idle.waitForRun(signals.token())) {
        const auto folder = run::SessionFolder::make({});
        if (!folder) {
            return report(folder.error());
        }
        tell(fmt::format("Working for the run {} as its host {}.", welcome->run, welcome->number));
        const auto end = models::HostedRun::serve(
            **broker, {.welcome = *welcome,
                       .sessionFolder = folder->path(),
                       .programPath = std::filesystem::read_symlink("/proc/self/exe").string(),
                       .stop = signals.token()});
        if (!end) {
            models::HostedRun::decline(**broker, *welcome, end.error().message);
            return report(end.error());
        }
        tell(sentenceOf(*end));
        if (options.isOnce) {
            break;
        }
    }
    return kDone;
}

} // namespace interleave::app
