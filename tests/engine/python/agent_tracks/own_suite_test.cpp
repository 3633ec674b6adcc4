// SPDX-License-Identifier: GPL-3.0-or-later
// Tests of the interpreter's own, where it has them: with the agent as without.
#include "tests/engine/python/agent_tracks/interpreters.h"

#include <gmock/gmock.h>

namespace interleave::agent {

namespace {

class OwnSuite : public EachInterpreter {};

/// "Ran 71 tests in 1.234s\n\nOK" without the time.
std::string summaryOf(const std::string& errors) {
    const std::size_t ran = errors.rfind("Ran ");
    const std::size_t in = errors.find(" in ", ran);
    const std::size_t end = errors.find('\n', in);
    if (ran == std::string::npos || in == std::string::npos || end == std::string::npos) {
        return errors;
    }
    return errors.substr(ran, in - ran) + errors.substr(end);
}

TEST_P(OwnSuite, HasTheSameResult) {
    ProgramRequest request;
    request.command = {GetParam().path, "-c", "import test.test_asyncio"};
    request.isRecorded = false;
    if (runRecorded(request).exitCode() != 0) {
        GTEST_SKIP() << "this Python has no tests of its own";
    }
    request.command = {GetParam().path,
                       "-m",
                       "unittest",
                       "test.test_asyncio.test_futures",
                       "test.test_asyncio.test_locks",
                       "test.test_asyncio.test_queues",
                       "test.test_asyncio.test_runners"};
    if (minor() < 11) {
        request.command.back() = "test.test_asyncio.test_context";
    }
    const RecordedProgram plain = runRecorded(request);
    request.isRecorded = true;
    const RecordedProgram recorded = runRecorded(request);
    EXPECT_EQ(recorded.exitCode(), plain.exitCode()) << recorded.errors;
    EXPECT_EQ(summaryOf(recorded.errors), summaryOf(plain.errors)) << recorded.errors;
    EXPECT_FALSE(taskHistory(recorded).inGroup("asyncio").empty());
}

INSTANTIATE_TEST_SUITE_P(Interpreters, OwnSuite, testing::ValuesIn(interpreters()),
                         interpreterName);

} // namespace

} // namespace interleave::agent
