// SPDX-License-Identifier: GPL-3.0-or-later
// FileOpener: reads recordings and scenarios off the window's thread and says what came of it.
// What a file is, is told by its content, not by its name.
#pragma once

#include "engine/base/result.h"
#include "ui/session/session_tail.h"

#include <QObject>
#include <QThreadPool>

namespace interleave::scenario {
struct Scenario;
}

namespace interleave::ui {

class FileOpener : public QObject {
    Q_OBJECT

public:
    explicit FileOpener(QObject* parent = nullptr);
    ~FileOpener() override;

    void open(const QString& file);
    bool isBusy() const { return m_pending > 0; }

signals:
    void recordingOpened(const QString& file, interleave::ui::RecordingPtr recording);
    void scenarioOpened(const QString& file, const interleave::scenario::Scenario& scenario);
    void failed(const QString& sentence);
    void busyChanged();

private:
    void deliverRecording(const QString& file, const Result<RecordingPtr>& recording);
    void openScenario(const QString& file);

    QThreadPool m_pool;
    int m_pending = 0;
};

} // namespace interleave::ui
