// SPDX-License-Identifier: GPL-3.0-or-later
// RunProcess: one run in a process of its own. The window never executes the work: it starts the
// runner, tails its session and takes over the recording that it leaves.
#pragma once

#include "ui/session/run_setup.h"
#include "ui/session/session_folder.h"
#include "ui/session/session_tail.h"

#include <QObject>
#include <QProcess>
#include <QTimer>

#include <memory>
#include <mutex>
#include <optional>
#include <sys/types.h>

namespace interleave::ui {

struct RunResult {
    enum class Outcome { Done, Stopped, Failed };
    Outcome outcome = Outcome::Done;
    QString message;             // a sentence for the user; empty where all went well
    std::optional<int> exitCode; // of a recorded program that ended by itself
    RecordingPtr recording;      // may be there even if the run failed
    /// Where it lies until somebody saves it, so that it outlives a killed window.
    std::shared_ptr<SessionFolder> folder;
    bool lacksPart = false; // it failed because something is not installed or not there
};

class RunProcess : public QObject {
    Q_OBJECT

public:
    /// `program` is the interleave program itself.
    RunProcess(QString program, RunSetup setup, QObject* parent = nullptr);
    /// Ends the runner and what it has started, if it still runs.
    ~RunProcess() override;

    void start();
    /// Asks the runner to end (SIGINT) and kills it if it has not after two seconds. A recorded
    /// program gets the SIGINT, as from a terminal.
    void stop();
    /// Something that goes wrong on purpose, in the words of --fault, where a time left out is now.
    Result<void> sendFault(const QString& line);
    bool isRunning() const { return m_isRunning; }
    const RunSetup& setup() const { return m_setup; }

Q_SIGNALS:
    /// The recording so far. Snapshots that nobody had time to look at are skipped.
    void snapshotTaken(interleave::ui::RecordingPtr recording);
    /// Exactly once after start().
    void finished(interleave::ui::RunResult result);

private:
    void startTail();
    void onEnded(int exitCode, QProcess::ExitStatus status);
    void onProgramEnded();
    void onFinal(Result<RecordingPtr> recording);
    void finishWith(RunResult::Outcome outcome, const QString& message, RecordingPtr recording);
    void deliverSnapshot();
    void signalGroup(int signal) const;

    QString m_program;
    RunSetup m_setup;
    std::shared_ptr<SessionFolder> m_folder;
    QProcess m_process;
    QTimer m_killTimer;
    pid_t m_group = 0; // of the runner, which leads it
    bool m_isRunning = false;
    bool m_isStopRequested = false;
    QString m_lastWords; // of a recorded program, on standard error
    bool m_lacksPart = false;
    std::optional<int> m_exitCode;
    QString m_failure; // why the runner failed; empty if it did not
    std::mutex m_snapshotMutex;
    RecordingPtr m_newestSnapshot; // guarded by m_snapshotMutex; taken by deliverSnapshot()
    std::unique_ptr<SessionTail> m_tail;
};

/// The sentence to show for a runner that ended: what it wrote to stderr, else what its exit code
/// means. Empty for success.
QString failureMessage(int exitCode, QProcess::ExitStatus status, const QString& errorOutput);

} // namespace interleave::ui
