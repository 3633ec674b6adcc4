// SPDX-License-Identifier: GPL-3.0-or-later
// The text of `spans --csv`: every span, for scripts. Quoted per RFC 4180, lines end in \n.
#pragma once

#include "engine/analysis/ordered_text.h"
#include "engine/recording/recording.h"

#include <optional>
#include <string>
#include <string_view>

namespace interleave::analysis {

inline constexpr std::string_view kSpanCsvHeader =
    "track_kind,track,task,worker,core,state,name,cause,begin_ns,end_ns,depth\n";

/// Header and all tracks, or those of one kind, piece by piece. As writeInOrder.
Result<bool> writeSpanCsv(const recording::Recording& recording,
                          std::optional<recording::TrackKind> kind, const TextSink& sink);

/// The same as one text, for recordings that aren't large.
std::string spanCsv(const recording::Recording& recording,
                    std::optional<recording::TrackKind> kind = std::nullopt);

/// "task", "worker", ...; none for other words.
std::optional<recording::TrackKind> trackKindNamed(std::string_view name);

} // namespace interleave::analysis
