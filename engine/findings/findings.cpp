// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/findings/findings.h"

#include "engine/findings/rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <nlohmann/json.hpp>

namespace interleave::findings {

using recording::Recording;

namespace {

using Rule = Findings (*)(const Evidence&);

constexpr Rule kRules[] = {
    deadlock,          lostEarlyAck,       ranTwice,         gilSerialised,     gilConvoy,
    gilLongHold,       cpuBoundInThreads,  lockSerialised,   lockConvoy,        longCriticalSection,
    loopBlocked,       loopNeverYields,    sequentialAwaits, queueUnstable,     retryStorm,
    slowBroker,        prefetchStarvation, unevenFinish,     tooFewWorkers,     oversubscribed,
    priorityInversion, tasksTooSmall,      startupDominates, transferDominates, processesForIo,
    otherPrograms,
};

nlohmann::ordered_json jsonOf(const Recording& recording, const Proof& proof) {
    const recording::Track& track = recording.track(proof.track);
    return {{"track_kind", std::string(recording::nameOf(track.kind))},
            {"track", track.name},
            {"begin_ns", proof.range.beginNs},
            {"end_ns", proof.range.endNs}};
}

} // namespace

std::vector<Finding> findingsOf(const Recording& recording, std::stop_token stop) {
    std::vector<Finding> findings;
    if (recording.tasks.empty()) {
        return findings;
    }
    const Evidence evidence(recording);
    for (const Rule rule : kRules) {
        if (stop.stop_requested()) {
            return findings;
        }
        std::ranges::move(rule(evidence), std::back_inserter(findings));
    }
    std::ranges::stable_sort(findings, std::ranges::greater{}, &Finding::severity);
    if (findings.empty() || findings.front().severity == Severity::Info) {
        std::ranges::move(nearIdeal(evidence), std::back_inserter(findings));
    }
    for (Finding& finding : findings) {
        std::erase_if(finding.evidence, [](const Proof& proof) { return !proof.track; });
        keepLongest(finding.evidence);
    }
    return findings;
}

std::string findingsText(const std::vector<Finding>& findings) {
    if (findings.empty()) {
        return "Nothing stands out.\n";
    }
    std::string text;
    int number = 0;
    for (const Finding& finding : findings) {
        text += fmt::format("{:>2}. {:<8} {}: {}\n", ++number, nameOf(finding.severity),
                            finding.kind, finding.message);
        text += fmt::format("             Why: {}\n             What helps: {}\n", finding.cause,
                            finding.cure);
        std::string change;
        for (const auto& [key, value] : finding.tryIt) {
            const bool isOption = key == "model" || key == "workers";
            change += isOption ? fmt::format(" --{} {}", key, value)
                               : fmt::format(" --set '{}={}'", key, value);
        }
        if (!change.empty()) {
            text += fmt::format("             Try:{} (--try {} runs it)\n", change, number);
        }
    }
    return text;
}

std::string findingsJson(const Recording& recording, const std::vector<Finding>& findings) {
    using Json = nlohmann::ordered_json;
    Json array = Json::array();
    for (const Finding& finding : findings) {
        Json evidence = Json::array();
        for (const Proof& proof : finding.evidence) {
            evidence.push_back(jsonOf(recording, proof));
        }
        Json change = Json::object();
        for (const auto& [key, value] : finding.tryIt) {
            change[key] = value;
        }
        array.push_back({{"kind", finding.kind},
                         {"severity", std::string(nameOf(finding.severity))},
                         {"message", finding.message},
                         {"cause", finding.cause},
                         {"cure", finding.cure},
                         {"value", finding.value},
                         {"unit", finding.unit},
                         {"evidence", std::move(evidence)},
                         {"try", std::move(change)}});
    }
    return array.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace interleave::findings
