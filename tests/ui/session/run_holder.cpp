// SPDX-License-Identifier: GPL-3.0-or-later
// A program that runs a scenario as the window does and prints a line for each snapshot; made to be
// killed by the tests of recovery.
//   run_holder PROGRAM SCENARIO MODEL
#include "ui/session/run_process.h"

#include <QCoreApplication>

#include <cstdio>

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    if (argc != 4) {
        return 2;
    }
    interleave::ui::RunSetup setup;
    setup.scenario = QString::fromLocal8Bit(argv[2]);
    setup.model = QString::fromLocal8Bit(argv[3]);
    interleave::ui::RunProcess run(QString::fromLocal8Bit(argv[1]), setup);
    // The folder of a run that has ended is kept, as the window keeps it until it is saved.
    interleave::ui::RunResult kept;
    QObject::connect(&run, &interleave::ui::RunProcess::snapshotTaken, [](const auto& recording) {
        std::size_t spans = 0;
        for (const auto& track : recording->tracks) {
            spans += track.spans.size();
        }
        std::printf("%zu\n", spans);
        std::fflush(stdout);
    });
    QObject::connect(&run, &interleave::ui::RunProcess::finished,
                     [&](const interleave::ui::RunResult& result) {
                         kept = result;
                         std::puts("finished");
                         std::fflush(stdout);
                     });
    run.start();
    return QCoreApplication::exec();
}
