// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/processes/processes.h"
#include "engine/models/processes/program_image.h"
#include "tests/engine/models_async/model_run.h"

#include <filesystem>
#include <gtest/gtest.h>
#include <unistd.h>

namespace interleave::models {

namespace {

const char* const kText = R"(
    name = "t"
    [[lock]]
    name = "stove"
    [[task]]
    name = "dish"
    count = 3
    payload = "64 kB"
    retries = 2
    retry_delay = "3 ms"
    steps = [ { compute = "20 ms ± 50 %" }, { lock = "stove", steps = [ { io = "1 ms", bytes = "77 B" } ] },
              { fail = "first-try" } ]
    [[task]]
    name = "chef"
    steps = [ { spawn = "side", count = 2 }, { await = "side" } ]
    [[task]]
    name = "side"
    count = 0
    steps = [ { sleep = "1 ms", blocking = true } ]
)";

class ProgramImage : public testing::Test {
protected:
    ProgramImage()
        : m_program(programOf(kText))
        , m_folder(std::filesystem::temp_directory_path() /
                   ("interleave-image-" + std::to_string(getpid())))
        , m_session(std::move(record::SessionWriter::create(m_folder).value())) {}
    ~ProgramImage() override {
        std::error_code ignored;
        std::filesystem::remove_all(m_folder, ignored);
    }

    int write() {
        const scenario::ComputeSpeed speed{{1, 2, 3, 4.5}};
        record::Writer control;
        const RunContext context{.program = m_program,
                                 .workers = 1,
                                 .parameters = m_parameters,
                                 .speed = speed,
                                 .loopback = {1234},
                                 .session = m_session,
                                 .control = control,
                                 .gil = {},
                                 .firstExtraStep = StepId{99},
                                 .stop = {},
                                 .programPath = {}};
        return writeProgramImage(context).value();
    }

    scenario::Program m_program;
    Parameters m_parameters;
    std::filesystem::path m_folder;
    record::SessionWriter m_session;
};

} // namespace

TEST_F(ProgramImage, CarriesTheVeryProgramThatTheRunnerHas) {
    const int fd = write();
    const auto settings = readProgramImage(fd);
    close(fd);
    ASSERT_TRUE(settings.has_value()) << settings.error().message;
    EXPECT_EQ(settings->speed.slicesPerSecond[3], 4.5);
    EXPECT_EQ(settings->loopback.port, 1234);
    EXPECT_EQ(settings->firstExtraStep, StepId{99});
    EXPECT_EQ(settings->sessionFolder, m_folder.string());
    ASSERT_EQ(settings->program.tasks.size(), m_program.tasks.size());
    ASSERT_EQ(settings->program.objects.size(), m_program.objects.size());
    EXPECT_EQ(settings->program.objects[0].kind, m_program.objects[0].kind);
    for (std::size_t i = 0; i < m_program.tasks.size(); ++i) {
        const scenario::Task& sent = m_program.tasks[i];
        const scenario::Task& got = settings->program.tasks[i];
        EXPECT_EQ(got.id, sent.id);
        EXPECT_EQ(got.name, sent.name);
        EXPECT_EQ(got.payloadBytes, sent.payloadBytes);
        EXPECT_EQ(got.retries, sent.retries);
        EXPECT_EQ(got.retryDelayNs, sent.retryDelayNs);
        ASSERT_EQ(got.actions.size(), sent.actions.size());
        for (std::size_t k = 0; k < sent.actions.size(); ++k) {
            EXPECT_EQ(got.actions[k].kind, sent.actions[k].kind);
            EXPECT_EQ(got.actions[k].step, sent.actions[k].step);
            EXPECT_EQ(got.actions[k].durationNs, sent.actions[k].durationNs);
            EXPECT_EQ(got.actions[k].bytes, sent.actions[k].bytes);
            EXPECT_EQ(got.actions[k].object, sent.actions[k].object);
            EXPECT_EQ(got.actions[k].tasks, sent.actions[k].tasks);
            EXPECT_EQ(got.actions[k].strikes, sent.actions[k].strikes);
            EXPECT_EQ(got.actions[k].isBlocking, sent.actions[k].isBlocking);
        }
    }
}

TEST_F(ProgramImage, IsRefusedWhenItIsCutAtAnyPlace) {
    const int fd = write();
    const off_t size = lseek(fd, 0, SEEK_END);
    for (off_t cut = size - 1; cut > 0; cut -= std::max<off_t>(1, size / 97)) {
        ASSERT_EQ(ftruncate(fd, cut), 0);
        EXPECT_FALSE(readProgramImage(fd).has_value()) << cut << " of " << size;
    }
    close(fd);
}

} // namespace interleave::models
