// SPDX-License-Identifier: GPL-3.0-or-later
// How a model refuses a step that it can't express: with the step's place in the file and the
// reason, never by doing something else.
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

/// What threads of one process can't do: crash steps, and publish steps (there is no broker).
Result<void> refuseCrashAndPublish(const scenario::Program& program, const std::string& model);

/// Publish steps only, for models that have worker processes.
Result<void> refusePublish(const scenario::Program& program, const std::string& model);

} // namespace interleave::models
