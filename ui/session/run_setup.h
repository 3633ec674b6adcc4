// SPDX-License-Identifier: GPL-3.0-or-later
// RunSetup: what the user chose, before it is a run. It becomes the runner's command line, so the
// window can ask for nothing that the command line can't.
#pragma once

#include <QString>
#include <QStringList>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace interleave::ui {

/// A program of the user's own that is recorded, in place of a scenario under a model.
struct ProgramSetup {
    QStringList command;
    QString folder; // where it runs; empty: where the window was started
    std::optional<double> seconds;
    std::optional<int> limitMb;
    bool recordsGil = true;
    bool seesLocks = false;

    /// The options of `interleave record` that say so.
    QStringList options() const;
};

/// A Celery cluster that is followed, in place of a scenario under a model.
struct ClusterSetup {
    QString broker; // its URL, which may hold a password
    std::optional<double> seconds;
    bool enablesEvents = false;

    /// The options of `interleave attach celery` that say so, but for the broker.
    QStringList options() const;
};

struct RunSetup {
    std::optional<ProgramSetup> program; // then the rest says only what it is called
    std::optional<ClusterSetup> cluster; // likewise
    QString scenario;                    // a file, or the id of a shipped scenario
    QString scenarioName;                // what people call it
    QString model;                       // its id
    std::optional<int> workers;
    std::vector<std::pair<std::string, std::string>>
        settings;           // only those that differ from the default
    QStringList faults;     // that go wrong on purpose, in the words of --fault
    QString broker;         // of models with one: "memory", or an address without its password
    QString brokerPassword; // kept in memory only

    /// The arguments of `interleave` that carry this out.
    QStringList arguments(const QString& sessionFolder, const QString& recordingFile) const;
    /// What the arguments don't say, as any user of the machine may read them: the broker with its
    /// password, by the name under which `run` and `attach` look for it. Empty for the program's
    /// own broker.
    QString brokerUrl() const;
    /// "Ten dishes under threads"; of a program or a cluster its name alone.
    QString description() const;
};

/// Words as a shell would read them again: python3 -c 'print(1)'
QString commandText(const QStringList& words);

/// The setup that records a program: called `name`, or by its command line.
RunSetup setupFor(const ProgramSetup& program, const QString& name = {});

/// The setup that follows a cluster.
RunSetup setupFor(const ClusterSetup& cluster);

/// "1 task", "10 tasks".
QString counted(qlonglong count, const QString& one, const QString& many);

/// "threads, 4 workers, switch_interval = 1 ms"
QString summaryOf(const RunSetup& setup);

} // namespace interleave::ui
