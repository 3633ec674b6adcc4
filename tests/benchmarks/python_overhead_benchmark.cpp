// SPDX-License-Identifier: GPL-3.0-or-later
// What being recorded costs a Python program: each script runs with and without the agent in turn,
// and says itself what it used. On an idle machine the ratio of the medians is what counts. Beside
// other programs, which share caches and cores with it, the ratio of the least is nearer the truth.
// Then the cost of one event of the GIL, beside the two conditions it is on, in a program that does
// nothing else.
//
// python_overhead_benchmark [ROUNDS [PYTHON]]
#include "tests/engine/python/agent/recorded_program.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <sstream>

namespace interleave::agent {
namespace {

struct Script {
    const char* name;
    const char* source;
    double budget; // ratio with to without
};

/// Prints CPU and elapsed ns of what `go` does.
constexpr const char* kFrame = R"(
import os, threading, time
def work(rounds):
    x = 1
    for _ in range(rounds):
        x = (x * 3 + 1) & 0xffffff
def compute(): work(3_000_000)
def four():
    threads = [threading.Thread(target=work, args=(800_000,)) for _ in range(4)]
    [t.start() for t in threads]
    [t.join() for t in threads]
def releases():
    zero = os.open('/dev/zero', os.O_RDONLY)
    for _ in range(40_000):
        work(250)
        os.read(zero, 1)
cpu, begin = time.process_time_ns(), time.monotonic_ns()
)";
constexpr const char* kEnd = "\nprint(time.process_time_ns() - cpu, time.monotonic_ns() - begin)\n";

constexpr Script kScripts[] = {{"computes", "compute()", 1.01},
                               {"four threads compute", "four()", 1.02},
                               {"releases the GIL 100 000 times a second", "releases()", 1.01}};

struct Use {
    std::vector<double> cpuMs, elapsedMs;
};

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values.empty() ? 0 : values[values.size() / 2];
}

bool run(const Script& script, const std::string& python, bool isRecorded, Use& use) {
    ProgramRequest request;
    request.command = {python, "-c", std::string(kFrame) + script.source + kEnd};
    request.isRecorded = isRecorded;
    request.session.maximumBytes = std::size_t{1} << 30;
    const RecordedProgram program = runRecorded(request);
    std::istringstream numbers(program.output);
    double cpuNs = 0, elapsedNs = 0;
    if (!(numbers >> cpuNs >> elapsedNs) || (isRecorded && program.processes.empty())) {
        std::printf("no session could be made: %s\n", program.errors.c_str());
        return false;
    }
    use.cpuMs.push_back(cpuNs / 1e6);
    use.elapsedMs.push_back(elapsedNs / 1e6);
    return true;
}

/// ns of taking and dropping a lock that is made like the GIL.
double takeAndDrop(bool isRecorded) {
    ProgramRequest request;
    request.command = {PROGRAM_BINARIES "/fake_interpreter", "measure", "1000000"};
    request.environment["INTERLEAVE_RECORD"] = "gil";
    request.isRecorded = isRecorded;
    return std::atof(runRecorded(request).output.c_str());
}

int measure(int rounds, const std::string& python) {
    std::printf("%-42s %10s %10s %8s %8s %8s %8s\n", "script", "without ms", "with ms", "CPU",
                "elapsed", "least", "budget");
    for (const Script& script : kScripts) {
        Use without, with;
        for (int round = 0; round < rounds; ++round) {
            // Who goes first changes: the second finds warm caches.
            const bool isFirst = round % 2 == 0;
            if (!run(script, python, isFirst, isFirst ? with : without) ||
                !run(script, python, !isFirst, isFirst ? without : with)) {
                return 1;
            }
        }
        std::printf("%-42s %10.1f %10.1f %8.3f %8.3f %8.3f %8.3f\n", script.name,
                    median(without.cpuMs), median(with.cpuMs),
                    median(with.cpuMs) / median(without.cpuMs),
                    median(with.elapsedMs) / median(without.elapsedMs),
                    std::ranges::min(with.cpuMs) / std::ranges::min(without.cpuMs), script.budget);
    }
    std::vector<double> without, with;
    for (int round = 0; round < rounds; ++round) {
        without.push_back(takeAndDrop(false));
        with.push_back(takeAndDrop(true));
    }
    std::printf(
        "one event of the GIL: %.1f ns (take and drop: %.1f ns, recorded %.1f; budget 20)\n",
        (median(with) - median(without)) / 2, median(without), median(with));
    return 0;
}

} // namespace
} // namespace interleave::agent

int main(int count, char** arguments) {
    const int rounds = count > 1 ? std::max(1, std::atoi(arguments[1])) : 9;
    return interleave::agent::measure(rounds,
                                      count > 2 ? arguments[2] : interleave::agent::systemPython());
}
