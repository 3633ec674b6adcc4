// SPDX-License-Identifier: GPL-3.0-or-later
// What an uncontended lock and a call that does not block cost in a recorded program, beside the
// same without the agent: the least of some rounds in turn, in ns. A pair of lock and unlock is two
// events where it is recorded at all.
//
// lock_overhead_benchmark [ROUNDS [PYTHON]]
#include "tests/engine/python/agent/recorded_program.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sstream>

namespace interleave::agent {
namespace {

constexpr const char* kLoops = R"(
import threading, time
def measure(what, lock, count):
    least = 1e9
    for _ in range(7):
        begin = time.perf_counter_ns()
        for _ in range(count):
            with lock: pass
        least = min(least, (time.perf_counter_ns() - begin) / count)
    print("%s\t%.1f" % (what, least))
lock = threading.Lock()
measure("Python: with lock, never waited for", lock, 100_000)
measure("Python: with an RLock", threading.RLock(), 100_000)
inside = threading.Event()
def hold():
    with lock:
        inside.set()
        time.sleep(0.02)
thread = threading.Thread(target=hold)
thread.start()
inside.wait()
with lock: pass
thread.join()
measure("Python: with lock, waited for once", lock, 9_000)
measure("Python: the same, fallen quiet", lock, 100_000)
)";

struct Cost {
    std::string what;
    double without = 1e9;
    double with = 1e9;
};

bool run(ProgramRequest request, bool isRecorded, std::vector<Cost>& costs) {
    request.isRecorded = isRecorded;
    request.session.maximumBytes = std::size_t{1} << 30;
    const RecordedProgram program = runRecorded(request);
    if (program.exitCode() != 0 || (isRecorded && program.processes.empty())) {
        std::printf("no session could be made: %s\n", program.errors.c_str());
        return false;
    }
    std::istringstream lines(program.output);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t tab = line.find('\t');
        const std::string what = line.substr(0, tab);
        auto cost = std::ranges::find(costs, what, &Cost::what);
        if (cost == costs.end()) {
            cost = costs.insert(costs.end(), {what});
        }
        double& least = isRecorded ? cost->with : cost->without;
        least = std::min(least, std::atof(line.c_str() + tab));
    }
    return true;
}

int measure(int rounds, const std::string& python) {
    ProgramRequest native, script;
    native.command = {LOCKS_PROGRAM, "measure"};
    native.library = AGENT_LOCKS_LIBRARY;
    script.command = {python, "-c", kLoops};
    std::vector<Cost> costs;
    for (int round = 0; round < rounds; ++round) {
        for (const ProgramRequest* request : {&native, &script}) {
            if (!run(*request, false, costs) || !run(*request, true, costs)) {
                return 1;
            }
        }
    }
    std::printf("%-42s %10s %10s %10s\n", "ns", "without", "recorded", "more");
    for (const Cost& cost : costs) {
        std::printf("%-42s %10.1f %10.1f %10.1f\n", cost.what.c_str(), cost.without, cost.with,
                    cost.with - cost.without);
    }
    return 0;
}

} // namespace
} // namespace interleave::agent

int main(int count, char** arguments) {
    const int rounds = count > 1 ? std::max(1, std::atoi(arguments[1])) : 5;
    return interleave::agent::measure(rounds,
                                      count > 2 ? arguments[2] : interleave::agent::systemPython());
}
