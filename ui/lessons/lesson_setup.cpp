// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/lesson_setup.h"

#include <QFileInfo>

namespace interleave::ui {

RunSetup setupFor(const lesson::LessonRun& run) {
    if (!run.programName.empty()) {
        ProgramSetup program;
        const QFileInfo file(QString::fromStdString(run.program.string()));
        program.command = {QStringLiteral("python3"), file.absoluteFilePath()};
        return setupFor(program, QString::fromStdString(run.title));
    }
    RunSetup setup;
    setup.scenario =
        run.scenario.file.empty()
            ? QString::fromStdString(run.scenario.id)
            : QFileInfo(QString::fromStdString(run.scenario.file.string())).absoluteFilePath();
    setup.scenarioName = QString::fromStdString(run.scenario.name);
    setup.model = QString::fromStdString(run.model);
    setup.workers = run.workers;
    setup.settings = run.settings;
    for (const scenario::Fault& fault : run.faults) {
        setup.faults << QString::fromStdString(scenario::textOf(fault));
    }
    return setup;
}

} // namespace interleave::ui
