// SPDX-License-Identifier: GPL-3.0-or-later
// RunProcess: the runner gets a process group of its own, so that worker processes which a killed
// runner leaves behind can be killed with it, and dies with the window.
#include "ui/session/run_process.h"

#include "engine/models/faults/command_pipe.h"

#include <QProcessEnvironment>

#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace interleave::ui {

namespace {

constexpr int kMissingPartCode = 3; // as the command line says it
constexpr int kKillAfterMs = 2000;
constexpr int kKillAfterAtCloseMs = 400;

/// Called in the child between fork and exec: only async-signal-safe calls.
void prepareChild() {
    setpgid(0, 0);
    // Sent once for every thread of the window that dies: a second SIGINT would end the runner at
    // once, a second SIGHUP is no news.
    prctl(PR_SET_PDEATHSIG, SIGHUP);
    signal(SIGHUP, SIG_DFL); // these may be ignored in whatever started the window
    signal(SIGINT, SIG_DFL);
    signal(SIGPIPE, SIG_IGN); // a notice to a window that was killed must not end what it can save
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// The last line that says something, without the program's name in front.
QString lastSentence(const QString& errorOutput) {
    const QStringList lines = errorOutput.split('\n', Qt::SkipEmptyParts);
    if (lines.isEmpty()) {
        return {};
    }
    QString line = lines.last().trimmed();
    for (const QString& prefix : {QStringLiteral("interleave: "), QStringLiteral("error: ")}) {
        if (line.startsWith(prefix)) {
            line.remove(0, prefix.size());
        }
    }
    return line;
}

/// How a recorded program ended, and what it said last; empty if all went well.
QString endingOf(const recording::Recording& recording, const QString& lastWords) {
    for (const recording::Diagnostic& diagnostic : recording.diagnostics) {
        const QString sentence = QString::fromStdString(diagnostic.message);
        if (diagnostic.kind == "exit" && !sentence.endsWith(QStringLiteral("code 0."))) {
            return lastWords.isEmpty() ? sentence : sentence + QLatin1Char(' ') + lastWords;
        }
    }
    return {};
}

} // namespace

QString failureMessage(int exitCode, QProcess::ExitStatus status, const QString& errorOutput) {
    if (status == QProcess::CrashExit) {
        return RunProcess::tr("The runner ended unexpectedly (%1). What it had recorded is kept.")
            .arg(QString::fromLocal8Bit(strsignal(exitCode)));
    }
    if (exitCode == 0) {
        return {};
    }
    if (const QString sentence = lastSentence(errorOutput); !sentence.isEmpty()) {
        return sentence;
    }
    switch (exitCode) {
    case 1:
        return RunProcess::tr("The run failed a check that it was given.");
    case 2:
        return RunProcess::tr("The runner refused what it was asked to do and gave no reason.");
    case kMissingPartCode:
        return RunProcess::tr("A part that this run needs is missing on this system.");
    default:
        return RunProcess::tr("The runner ended with exit code %1 and gave no reason.")
            .arg(exitCode);
    }
}

RunProcess::RunProcess(QString program, RunSetup setup, QObject* parent)
    : QObject(parent)
    , m_program(std::move(program))
    , m_setup(std::move(setup)) {
    if (m_setup.program) { // what it writes appears where the window was started
        m_process.setProcessChannelMode(QProcess::ForwardedOutputChannel);
    } else {
        m_process.setStandardOutputFile(QProcess::nullDevice());
    }
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_killTimer.setSingleShot(true);
    m_killTimer.setInterval(kKillAfterMs);
    connect(&m_killTimer, &QTimer::timeout, this, [this] { signalGroup(SIGKILL); });
    connect(&m_process, &QProcess::started, this, [this] {
        m_group = static_cast<pid_t>(m_process.processId());
        if (m_isStopRequested) { // asked for before there was anything to stop
            signalGroup(SIGINT);
        }
    });
    connect(&m_process, &QProcess::finished, this, &RunProcess::onEnded);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) {
            finishWith(RunResult::Outcome::Failed,
                       tr("The runner %1 could not be started: %2.")
                           .arg(m_program, m_process.errorString()),
                       nullptr);
        }
    });
}

RunProcess::~RunProcess() {
    m_process.disconnect(this);
    if (m_process.state() != QProcess::NotRunning) {
        signalGroup(SIGINT);
        m_process.waitForFinished(kKillAfterAtCloseMs);
        if (m_process.state() != QProcess::NotRunning) {
            signalGroup(SIGKILL);
            m_process.waitForFinished();
        }
    }
    m_tail.reset(); // before the folder that it reads
}

void RunProcess::start() {
    m_isRunning = true;
    auto folder = SessionFolder::create();
    if (!folder) {
        const QString message = QString::fromStdString(folder.error().message);
        QMetaObject::invokeMethod(
            this, [this, message] { finishWith(RunResult::Outcome::Failed, message, nullptr); },
            Qt::QueuedConnection);
        return;
    }
    m_folder = std::make_shared<SessionFolder>(std::move(*folder));
    // The runner shares the lock: as long as it writes, nobody takes the folder for left behind.
    m_process.setChildProcessModifier([lock = m_folder->lockFd()] {
        prepareChild();
        fcntl(lock, F_SETFD, 0);
    });
    startTail();
    if (m_setup.program) {
        m_process.setWorkingDirectory(m_setup.program->folder);
    }
    if (const QString broker = m_setup.brokerUrl(); !broker.isEmpty()) {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("INTERLEAVE_BROKER"), broker);
        m_process.setProcessEnvironment(environment);
    }
    m_process.start(m_program,
                    m_setup.arguments(QString::fromStdString(m_folder->session().string()),
                                      QString::fromStdString(m_folder->recordingFile().string())));
}

void RunProcess::startTail() {
    SessionTailCallbacks callbacks;
    callbacks.snapshot = [this](RecordingPtr recording) {
        bool isFirst = false;
        {
            const std::scoped_lock lock(m_snapshotMutex);
            isFirst = m_newestSnapshot == nullptr;
            m_newestSnapshot = std::move(recording);
        }
        if (isFirst) { // otherwise a delivery is under way and will take this one
            QMetaObject::invokeMethod(this, &RunProcess::deliverSnapshot, Qt::QueuedConnection);
        }
    };
    callbacks.final = [this](Result<RecordingPtr> recording) {
        QMetaObject::invokeMethod(
            this, [this, recording = std::move(recording)] { onFinal(recording); },
            Qt::QueuedConnection);
    };
    m_tail = std::make_unique<SessionTail>(m_folder->session(), m_folder->recordingFile(),
                                           std::move(callbacks));
}

void RunProcess::deliverSnapshot() {
    RecordingPtr recording;
    {
        const std::scoped_lock lock(m_snapshotMutex);
        recording = std::exchange(m_newestSnapshot, nullptr);
    }
    if (recording && m_isRunning) {
        Q_EMIT snapshotTaken(recording);
    }
}

void RunProcess::stop() {
    if (!m_isRunning || m_isStopRequested) {
        return;
    }
    m_isStopRequested = true;
    signalGroup(SIGINT);
    m_killTimer.start();
}

Result<void> RunProcess::sendFault(const QString& line) {
    if (!m_isRunning || !m_folder) {
        return fail("There is no run that something could go wrong in.");
    }
    return models::sendCommand(m_folder->session(), line.toStdString());
}

void RunProcess::signalGroup(int signal) const {
    if (m_group <= 0 || m_process.state() == QProcess::NotRunning) {
        return;
    }
    // SIGINT is for the runner alone, which ends its workers in order; SIGKILL is for them all.
    ::kill(signal == SIGKILL ? -m_group : m_group, signal);
}

void RunProcess::onEnded(int exitCode, QProcess::ExitStatus status) {
    m_killTimer.stop();
    if (m_setup.program) {
        m_exitCode = status == QProcess::NormalExit ? std::optional<int>(exitCode) : std::nullopt;
        onProgramEnded();
        return;
    }
    if (status == QProcess::CrashExit && m_group > 0) {
        ::kill(-m_group, SIGKILL); // workers that the dead runner could not end
    }
    const QString output = QString::fromLocal8Bit(m_process.readAllStandardError());
    m_failure = m_isStopRequested ? QString() : failureMessage(exitCode, status, output);
    m_lacksPart = status == QProcess::NormalExit && exitCode == kMissingPartCode;
    m_tail->finish();
}

/// The recorder ends as the program does, so how it ended says nothing of the recording.
void RunProcess::onProgramEnded() {
    if (m_isStopRequested && m_group > 0) {
        ::kill(-m_group, SIGKILL); // what the program has started and did not end
    }
    m_lastWords = lastSentence(QString::fromLocal8Bit(m_process.readAllStandardError()));
    std::error_code ignored;
    if (!m_isStopRequested && !std::filesystem::exists(m_folder->recordingFile(), ignored)) {
        m_failure =
            m_lastWords.isEmpty() ? tr("The recorder ended and gave no reason.") : m_lastWords;
    }
    m_tail->finish();
}

void RunProcess::onFinal(Result<RecordingPtr> recording) {
    RecordingPtr kept = recording ? *recording : nullptr;
    if (!m_failure.isEmpty()) {
        finishWith(RunResult::Outcome::Failed, m_failure, kept);
    } else if (m_isStopRequested) {
        finishWith(RunResult::Outcome::Stopped,
                   kept ? QString() : tr("The run was stopped before anything was recorded."),
                   kept);
    } else if (!recording) {
        finishWith(RunResult::Outcome::Failed, QString::fromStdString(recording.error().message),
                   nullptr);
    } else {
        finishWith(RunResult::Outcome::Done,
                   m_setup.program ? endingOf(*kept, m_lastWords) : QString(), kept);
    }
}

void RunProcess::finishWith(RunResult::Outcome outcome, const QString& message,
                            RecordingPtr recording) {
    if (!m_isRunning) {
        return;
    }
    m_isRunning = false;
    m_killTimer.stop();
    m_tail.reset();
    auto folder = std::exchange(m_folder, nullptr);
    if (!recording) {
        folder.reset(); // nothing to keep
    } else if (std::error_code ignored;
               folder && std::filesystem::exists(folder->recordingFile(), ignored)) {
        folder->removeEvents();
    }
    Q_EMIT finished(
        {outcome, message, m_exitCode, std::move(recording), std::move(folder), m_lacksPart});
}

} // namespace interleave::ui
