// SPDX-License-Identifier: GPL-3.0-or-later
// FileOpener: reads recordings, scenarios and other programs' traces off the window's thread and
// says what came of it. What a file is, is told by its content, not by its name.
#pragma once

#include "engine/base/result.h"
#include "ui/session/session_tail.h"

#include <QObject>
#include <QThreadPool>

#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace interleave::scenario {
struct Scenario;
}

namespace interleave::ui {

/// How far the traces that are being read are, all together.
struct OpeningProgress {
    QString file; // the one that was asked for first
    int count = 0;
    int percent = 0;
};

class FileOpener : public QObject {
    Q_OBJECT

public:
    explicit FileOpener(QObject* parent = nullptr);
    /// Cancels what is under way.
    ~FileOpener() override;

    void open(const QString& file);
    bool isBusy() const { return m_pending > 0; }
    /// None while nothing is being read that takes long enough to say how far it is.
    std::optional<OpeningProgress> progress() const;
    /// Ends the reading of all traces; nothing more is heard of them but pictureWithdrawn.
    void cancel();

Q_SIGNALS:
    void recordingOpened(const QString& file, interleave::ui::RecordingPtr recording);
    /// What the first part of a long trace shows. recordingOpened or pictureWithdrawn follows.
    void pictureOpened(const QString& file, interleave::ui::RecordingPtr recording);
    void pictureWithdrawn(const QString& file);
    void scenarioOpened(const QString& file, const interleave::scenario::Scenario& scenario);
    void failed(const QString& sentence);
    void busyChanged();

private:
    struct Import;

    void openTrace(const QString& file);
    void deliverTrace(const std::shared_ptr<Import>& import, const Result<RecordingPtr>& recording);
    void deliverRecording(const QString& file, const Result<RecordingPtr>& recording);
    void openScenario(const QString& file);
    /// What opening left for later: every byte against its checksum. On the calling thread.
    void check(const QString& file);

    QThreadPool m_pool;
    int m_pending = 0;
    std::stop_source m_closing; // ends the checking of files that are shown already
    std::vector<std::shared_ptr<Import>> m_imports; // under way
};

} // namespace interleave::ui
