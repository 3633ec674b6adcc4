// SPDX-License-Identifier: GPL-3.0-or-later
// From a proof of a finding to its place in the views.
#pragma once

#include "ui/view_state/view_state.h"

#include "engine/findings/finding.h"

#include <optional>

namespace interleave::ui {

/// The span of the proof's track that covers most of its range; none where nothing is there.
std::optional<SpanRef> spanOf(const recording::Recording& recording, const findings::Proof& proof);

/// Selects the proof's span, and its range where that is not the span's; zooms to it and brings its
/// row into sight, with other rows where these have none for it.
void showProof(ViewState& state, const findings::Proof& proof);

} // namespace interleave::ui
