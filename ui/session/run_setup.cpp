// SPDX-License-Identifier: GPL-3.0-or-later
// RunSetup as a command line and as a line of text.
#include "ui/session/run_setup.h"

#include "engine/program/command_text.h"
#include "ui/session/broker_url.h"
#include "ui/theme/text.h"

#include <QLocale>

namespace interleave::ui {

QStringList ProgramSetup::options() const {
    QStringList result;
    if (seconds) {
        result << "--duration" << QString::number(*seconds, 'g', 10);
    }
    if (limitMb) {
        result << "--limit" << QString::number(*limitMb);
    }
    if (!recordsGil) {
        result << "--no-gil";
    }
    if (seesLocks) {
        result << "--locks";
    }
    return result;
}

QStringList ClusterSetup::options() const {
    QStringList result;
    if (seconds) {
        result << "--duration" << QString::number(*seconds, 'g', 10);
    }
    if (enablesEvents) {
        result << "--enable-events";
    }
    return result;
}

QStringList RunSetup::arguments(const QString& sessionFolder, const QString& recordingFile) const {
    if (program) {
        return QStringList{"record", "-q"} + program->options() +
               QStringList{"--session", sessionFolder, "-o", recordingFile, "--"} +
               program->command;
    }
    if (cluster) {
        return QStringList{"attach", "celery", "-q"} + cluster->options() +
               QStringList{"--session", sessionFolder, "-o", recordingFile};
    }
    QStringList result{"run", scenario, "--model", model};
    if (workers) {
        result << "--workers" << QString::number(*workers);
    }
    for (const auto& [key, value] : settings) {
        result << "--set" << QString::fromStdString(key + "=" + value);
    }
    for (const QString& fault : faults) {
        result << "--fault" << fault;
    }
    result << "--session" << sessionFolder << "-o" << recordingFile;
    return result;
}

QString RunSetup::brokerUrl() const {
    if (cluster) {
        return cluster->broker;
    }
    if (broker.isEmpty() || broker == QLatin1String("memory")) {
        return {};
    }
    return withPassword(broker, brokerPassword);
}

QString RunSetup::description() const {
    return program || cluster ? scenarioName : tr("%1 under %2").arg(scenarioName, model);
}

QString commandText(const QStringList& words) {
    std::vector<std::string> plain;
    for (const QString& word : words) {
        plain.push_back(word.toStdString());
    }
    return QString::fromStdString(program::commandText(plain));
}

RunSetup setupFor(const ProgramSetup& program, const QString& name) {
    RunSetup setup;
    setup.program = program;
    setup.scenarioName = name.isEmpty() ? commandText(program.command) : name;
    const QString first = program.command.value(0).section('/', -1);
    setup.model = first.startsWith("python") || first.endsWith(".py") ? QStringLiteral("python")
                                                                      : QStringLiteral("program");
    return setup;
}

RunSetup setupFor(const ClusterSetup& cluster) {
    RunSetup setup;
    setup.cluster = cluster;
    setup.scenarioName = tr("Celery cluster");
    setup.model = QStringLiteral("celery-cluster");
    return setup;
}

QString counted(qlonglong count, const QString& one, const QString& many) {
    return QStringLiteral("%1 %2").arg(QLocale().toString(count), count == 1 ? one : many);
}

QString summaryOf(const RunSetup& setup) {
    QStringList parts{setup.model};
    if (setup.workers) {
        parts << counted(*setup.workers, tr("worker"), tr("workers"));
    }
    if (!setup.cluster && !setup.brokerUrl().isEmpty()) {
        parts << tr("broker %1").arg(setup.broker);
    }
    for (const auto& [key, value] : setup.settings) {
        parts << QString::fromStdString(key + " = " + value);
    }
    return parts.join(", ");
}

} // namespace interleave::ui
