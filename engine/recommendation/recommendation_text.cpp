// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recommendation/recommendation.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace interleave::recommendation {

namespace {

/// The command that runs the first two against each other.
std::string proofOf(const Recommendation& recommendation, std::string_view scenario) {
    if (scenario.empty()) {
        return {};
    }
    const Proof proof = proofFor(recommendation);
    const bool hasSpace = scenario.find(' ') != std::string_view::npos;
    const std::string name = hasSpace ? fmt::format("'{}'", scenario) : std::string(scenario);
    return fmt::format("interleave run {} --model {} --workers {} --repeat {} -o proof/", name,
                       fmt::join(proof.models, ","), proof.workers, proof.repeat);
}

} // namespace

Proof proofFor(const Recommendation& recommendation) {
    const Candidate& first = recommendation.candidates[0];
    const Candidate& second = recommendation.candidates[1];
    return {.models = {first.model, second.model},
            .workers = std::max(first.workers, second.workers)};
}

std::string recommendationText(const Recommendation& recommendation, std::string_view scenario) {
    const Candidate& best = recommendation.best();
    std::string text =
        fmt::format("{}{}: sureness {}, estimated from what was measured\n", best.model,
                    best.workers > 1 ? fmt::format(" with {} workers", best.workers) : "",
                    nameOf(recommendation.sureness));
    for (const std::string& reason : recommendation.reasons) {
        text += fmt::format("  {}\n", reason);
    }
    if (!recommendation.doubt.empty()) {
        text += fmt::format("In doubt: {}\n", recommendation.doubt);
    }
    const std::string proof = proofOf(recommendation, scenario);
    text += proof.empty() ? "To prove it, change the program and record it again.\n"
                          : fmt::format("Prove it: {}\n", proof);
    return text;
}

std::string recommendationJson(const Recommendation& recommendation, std::string_view scenario) {
    using Json = nlohmann::ordered_json;
    const Workload& work = recommendation.workload;
    Json measured{{"tasks", work.tasks},
                  {"cores", work.cores},
                  {"compute_s", toSeconds(work.computeNs)},
                  {"wait_s", toSeconds(work.waitNs)},
                  {"compute_share", work.computeShare()},
                  {"critical_path_s", toSeconds(work.criticalPathNs)},
                  {"lock_held_s", toSeconds(work.lockHeldNs)}};
    if (work.transferNs) {
        measured["transfer_s"] = toSeconds(*work.transferNs);
    }
    Json candidates = Json::array();
    for (const Candidate& each : recommendation.candidates) {
        candidates.push_back({{"model", each.model},
                              {"workers", each.workers},
                              {"estimated_makespan_s", toSeconds(each.estimatedNs)},
                              {"limit", each.limit}});
    }
    Json json{{"model", recommendation.best().model},
              {"workers", recommendation.best().workers},
              {"sureness", std::string(nameOf(recommendation.sureness))},
              {"reasons", recommendation.reasons},
              {"doubt", recommendation.doubt},
              {"measured", std::move(measured)},
              {"candidates", std::move(candidates)}};
    if (const std::string proof = proofOf(recommendation, scenario); !proof.empty()) {
        json["prove"] = proof;
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace interleave::recommendation
