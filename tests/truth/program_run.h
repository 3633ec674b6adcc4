// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the real program and reads what it prints for scripts; knows nothing of the engine, so that
// the claims are checked from outside.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace interleave::truth {

/// The CPython that Debian's packages are for.
inline const std::string kPython = "/usr/bin/python3";

struct ProgramResult {
    int exitCode = -1;
    std::string out;
    std::string err;
};
/// Runs a command to its end; 128 + n where it was ended by signal n.
ProgramResult runCommand(const std::vector<std::string>& words, const std::string& input = {});
/// Runs `interleave ARGUMENTS...` to its end.
ProgramResult runProgram(const std::vector<std::string>& arguments);

/// A line of `spans --csv`.
struct SpanRow {
    std::string trackKind, track, task, worker, core, state, name, cause;
    std::int64_t beginNs = 0;
    std::int64_t endNs = 0;
    int depth = 0;

    std::int64_t durationNs() const { return endNs - beginNs; }
};

/// What `spans --csv` prints.
std::vector<SpanRow> spansOf(const std::string& csv);

struct MeasuredRun {
    nlohmann::json stats;
    std::vector<SpanRow> spans;

    double makespan() const { return stats.at("makespan_s"); }
    std::vector<SpanRow> select(const std::function<bool(const SpanRow&)>& wanted) const;
};

/// Executes a shipped scenario under a model and reads its statistics and spans.
MeasuredRun measure(const std::string& scenario, const std::string& model,
                    const std::vector<std::string>& extraArguments = {});

/// The share of the cores that was busy meanwhile, with anything, from /proc/stat: printed beside
/// each try, because the machine is shared.
class LoadMeter {
public:
    LoadMeter();
    double busyShare() const;

private:
    std::int64_t m_busy = 0;
    std::int64_t m_total = 0;
};

/// Fails unless `attempt` returns an empty complaint in one of three tries; prints every try.
void expectWithinThreeTries(const std::function<std::string()>& attempt);

double median(std::vector<double> values);

} // namespace interleave::truth
