// SPDX-License-Identifier: GPL-3.0-or-later
// LibraryModel: what the models have in common whose tasks a real library executes in real Python
// processes, over a real broker.
#pragma once

#include "engine/models/model.h"

#include <memory>
#include <optional>
#include <string>

namespace interleave::models {

class LibraryModel : public Model {
public:
    /// `package`: the library's name in Python; `install`: the command that installs it.
    LibraryModel(ModelInfo info, std::string package, std::string install);

    const ModelInfo& info() const override { return m_info; }
    Result<void> canRun(const scenario::Program& program,
                        const Parameters& parameters) const override;
    Result<RunOutcome> run(const RunContext& context) const override;

protected:
    /// Why a step can't be executed; nothing: it can.
    virtual std::optional<std::string> objection(const scenario::Program& program,
                                                 const Parameters& parameters,
                                                 const scenario::Action& action) const = 0;
    virtual Result<void> refuseProgram(const scenario::Program& program,
                                       const Parameters& parameters) const = 0;

private:
    Result<void> refuseFaults(const scenario::Program& program) const;

    ModelInfo m_info;
    std::string m_package, m_install;
};

/// Steps that need objects which processes share, or another way to wait.
bool isShared(scenario::Action::Kind kind);

/// Work that no library call of Python does without the interpreter lock.
std::optional<std::string> releasedPrimes(const scenario::Action& action);

/// The parameter of every such model.
ParameterInfo pythonParameter(const char* library);

std::unique_ptr<const Model> makeCelery();
std::unique_ptr<const Model> makePika();
std::unique_ptr<const Model> makeRq();

} // namespace interleave::models
