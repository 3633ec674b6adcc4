// SPDX-License-Identifier: GPL-3.0-or-later
// How a model refuses what it can't express: with the place in the file and the reason, never by
// doing something else.
#pragma once

#include "engine/base/result.h"
#include "engine/scenario/program.h"

#include <functional>
#include <optional>
#include <string>

namespace interleave::models {

/// The reason why an action can't be executed, or nothing.
using Objection = std::function<std::optional<std::string>(const scenario::Action&)>;

/// An error "file:line:column: reason" for the first action that is objected to.
Result<void> refuseActions(const scenario::Program& program, const Objection& objection);

/// Crash steps, for models whose workers are threads of the run, which would die with them.
Result<void> refuseCrash(const scenario::Program& program, const std::string& model);

/// Publish steps, for models whose broker carries tasks only.
Result<void> refusePublish(const scenario::Program& program, const std::string& model);

/// Tasks that expire or have a time limit, which changes how they end.
Result<void> refuseLimits(const scenario::Program& program, const std::string& model);

/// What needs a broker and workers that take from it: publish steps, tasks that expire or have a
/// time limit (which changes how they end), faults.
Result<void> refuseMessaging(const scenario::Program& program, const std::string& model);

/// What threads of one process can't do: the same, and crash steps (the run itself would die).
Result<void> refuseCrashAndMessaging(const scenario::Program& program, const std::string& model);

/// What a model without a broker leaves out because it changes no task's end, as a sentence for the
/// recording's diagnostics; nothing where the scenario asks for none of it.
std::optional<std::string> ignoredDelivery(const scenario::Program& program,
                                           const std::string& model);

} // namespace interleave::models
