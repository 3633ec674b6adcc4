// SPDX-License-Identifier: GPL-3.0-or-later
// Sweeps of real runs.
#include "tests/truth/program_run.h"

#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

namespace interleave::truth {
namespace {

namespace fs = std::filesystem;

class SweepFolder : public testing::Test {
protected:
    ~SweepFolder() override { fs::remove_all(m_folder); }
    fs::path m_folder = fs::temp_directory_path() / ("sweep-" + std::to_string(::getpid()));
};

TEST_F(SweepFolder, HoldsARecordingOfEachRunAndWhatCameOut) {
    const ProgramResult result =
        runProgram({"run", "beat", "--model", "threads,event-loop", "--sweep", "workers=1,4",
                    "--repeat", "2", "-o", m_folder.string(), "--json"});
    ASSERT_EQ(result.exitCode, 0) << result.err;
    for (const char* name :
         {"threads-workers-1.ilv", "threads-workers-4-2.ilv", "event-loop-workers-1-2.ilv",
          "event-loop-workers-4.ilv", "sweep.txt", "sweep.json"}) {
        EXPECT_TRUE(fs::exists(m_folder / name)) << name;
    }
    const auto json = nlohmann::json::parse(result.out);
    EXPECT_EQ(json, nlohmann::json::parse(std::ifstream(m_folder / "sweep.json")));
    ASSERT_EQ(json.at("points").size(), 2u);
    for (const auto& point : json["points"]) {
        for (const auto& model : point.at("models")) {
            EXPECT_EQ(model.at("runs"), 2);
            EXPECT_LE(model.at("makespan_min_s"), model.at("makespan_median_s"));
            EXPECT_LE(model.at("makespan_median_s"), model.at("makespan_max_s"));
            EXPECT_LE(model.at("bound_s"), model.at("makespan_min_s"));
        }
    }
}

TEST_F(SweepFolder, HoldsTheChartToo) {
    const ProgramResult result = runProgram({"run", "two-burners", "--model", "threads", "--sweep",
                                             "workers=1,2", "-o", m_folder.string()});
    ASSERT_EQ(result.exitCode, 0) << result.err;
    std::ifstream file(m_folder / "sweep.svg");
    const std::string svg((std::istreambuf_iterator<char>(file)), {});
    for (const char* text : {"Two burners", "threads", "bound of theory", "workers"}) {
        EXPECT_NE(svg.find(text), std::string::npos) << text;
    }
}

TEST_F(SweepFolder, IsNotMadeWhereOnlyTheChartIsWanted) {
    fs::create_directories(m_folder);
    for (const char* name : {"chart.png", "chart.pdf"}) {
        const ProgramResult result =
            runProgram({"run", "two-burners", "--model", "threads,sequential", "--sweep",
                        "task_size=50,100", "-o", (m_folder / name).string()});
        ASSERT_EQ(result.exitCode, 0) << result.err;
        EXPECT_NE(result.out.find("fastest"), std::string::npos); // the table all the same
        std::ifstream file(m_folder / name, std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(file)), {});
        EXPECT_GT(bytes.size(), 5000u);
        EXPECT_EQ(bytes.substr(1, 3), name == std::string("chart.png") ? "PNG" : "PDF");
    }
    EXPECT_EQ(std::distance(fs::directory_iterator(m_folder), {}), 2); // no recordings
}

TEST(Sweep, FindsABadPlaceForItsChartBeforeTheFirstRun) {
    const ProgramResult result = runProgram({"run", "ten-dishes", "--model", "threads", "--sweep",
                                             "workers=1,2", "-o", "/no/such/place/chart.png"});
    EXPECT_EQ(result.exitCode, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_NE(result.err.find("/no/such/place"), std::string::npos) << result.err;
}

/// Twelve jobs of 70 ms, one every 30 ms: one thread is too slow, four are not, a loop never is.
TEST(Sweep, ShowsThatMoreWorkersHelpWhatWaits) {
    expectWithinThreeTries([]() -> std::string {
        const ProgramResult result =
            runProgram({"run", "beat", "--model", "threads", "--sweep", "workers=1,4", "--json"});
        const auto json = nlohmann::json::parse(result.out);
        const double one = json.at("points").at(0).at("models").at(0).at("makespan_median_s");
        const double four = json.at("points").at(1).at("models").at(0).at("makespan_median_s");
        return four < 0.8 * one ? "" : std::to_string(four) + " s against " + std::to_string(one);
    });
}

/// All computing: cores win. All waiting: one thread that waits for many wins over two that wait.
TEST(Sweep, FindsWhereTheWinnerChangesWithTheShareOfIo) {
    expectWithinThreeTries([]() -> std::string {
        const ProgramResult result =
            runProgram({"run", "ten-dishes", "--model", "threads,event-loop", "--workers", "2",
                        "--sweep", "io_share=0,50,100", "--json"});
        const auto json = nlohmann::json::parse(result.out);
        const auto& crossings = json.at("crossings");
        if (crossings.size() != 1 || crossings[0].at("to") != "event-loop") {
            return result.out;
        }
        const double x = crossings[0].at("x");
        return x > 0 && x < 100 ? "" : "at " + std::to_string(x);
    });
}

TEST(Sweep, RefusesWhatNobodyKnowsBeforeTheFirstRun) {
    const ProgramResult unknown =
        runProgram({"run", "ten-dishes", "--model", "threads", "--sweep", "prefetch=1,2"});
    EXPECT_EQ(unknown.exitCode, 2);
    EXPECT_NE(unknown.err.find("prefetch"), std::string::npos) << unknown.err;
    const ProgramResult wrong =
        runProgram({"run", "ten-dishes", "--model", "threads", "--sweep", "workers=4..1"});
    EXPECT_EQ(wrong.exitCode, 2);
    EXPECT_NE(wrong.err.find("write it KEY="), std::string::npos) << wrong.err;
}

} // namespace
} // namespace interleave::truth
