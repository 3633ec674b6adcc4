// SPDX-License-Identifier: GPL-3.0-or-later
// Where the program begins: a worker process of the `processes` model, or the command line, which
// opens the window when no command is given.
#include "app/command_line.h"
#include "engine/models/processes/worker_process.h"

#include <string_view>

int main(int argc, char** argv) {
    if (argc > 1 && std::string_view(argv[1]) == "--worker-process") {
        return interleave::models::workerProcessMain(argc, argv);
    }
    return interleave::app::runCommandLine(argc, argv);
}
