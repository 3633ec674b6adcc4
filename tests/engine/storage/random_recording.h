// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings with some of everything a file can hold, and whether two of them are the same.
#pragma once

#include "engine/recording/recording.h"

#include <map>
#include <memory>
#include <string>

namespace interleave::storage {

/// Detail texts from a map.
class MappedDetails final : public recording::DetailTexts {
public:
    std::string text(std::uint64_t key) const override {
        const auto found = texts.find(key);
        return found == texts.end() ? std::string() : found->second;
    }
    std::map<std::uint64_t, std::string> texts;
};

/// The same seed always makes the same recording; `spans` of all tracks together, about.
std::shared_ptr<const recording::Recording> randomRecording(unsigned seed, std::size_t spans);

/// What differs first, as a sentence; empty where nothing does. Diagnostics of lost parts aside,
/// which are compared only if `withDiagnostics`.
std::string differenceBetween(const recording::Recording& a, const recording::Recording& b,
                              bool withDiagnostics = true);
/// The same of the spans of one track.
std::string differenceBetween(const recording::Track& a, const recording::Track& b);

} // namespace interleave::storage
