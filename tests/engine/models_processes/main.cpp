// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the tests, or is a worker process that one of them has spawned.
#include "engine/models/processes/worker_process.h"

#include <gtest/gtest.h>
#include <string_view>

int main(int argc, char** argv) {
    if (argc > 1 && std::string_view(argv[1]) == interleave::models::kWorkerProcessFlag) {
        return interleave::models::workerProcessMain(argc, argv);
    }
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
