// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/file_opener.h"

#include "engine/scenario/scenario.h"
#include "engine/storage/recording_file.h"

#include <QFile>
#include <QFileInfo>

namespace interleave::ui {

namespace {

constexpr qint64 kSniffedBytes = 4096;
constexpr qint64 kLongestScenario = qint64{16} << 20;

/// Scenarios are text; recordings have zero bytes early on.
bool looksLikeText(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > kLongestScenario) {
        return false;
    }
    const QByteArray head = file.read(kSniffedBytes);
    return !head.isEmpty() && !head.contains('\0');
}

} // namespace

FileOpener::FileOpener(QObject* parent)
    : QObject(parent) {}

FileOpener::~FileOpener() {
    m_pool.waitForDone();
}

void FileOpener::open(const QString& file) {
    const QFileInfo info(file);
    if (!info.exists()) {
        Q_EMIT failed(tr("%1: there is no such file.").arg(file));
        return;
    }
    if (info.isFile() && !info.fileName().endsWith(QLatin1String(".ilv")) && looksLikeText(file)) {
        openScenario(file);
        return;
    }
    ++m_pending;
    Q_EMIT busyChanged();
    m_pool.start([this, file] {
        auto recording = storage::readRecording(file.toStdString());
        QMetaObject::invokeMethod(
            this,
            [this, file, recording = std::move(recording)] { deliverRecording(file, recording); },
            Qt::QueuedConnection);
    });
}

void FileOpener::deliverRecording(const QString& file, const Result<RecordingPtr>& recording) {
    --m_pending;
    if (recording) {
        Q_EMIT recordingOpened(file, *recording);
    } else {
        Q_EMIT failed(QString::fromStdString(recording.error().message));
    }
    Q_EMIT busyChanged();
}

void FileOpener::openScenario(const QString& file) {
    const auto scenario = scenario::readScenario(file.toStdString());
    if (scenario) {
        Q_EMIT scenarioOpened(file, *scenario);
    } else {
        Q_EMIT failed(QString::fromStdString(scenario.error().message));
    }
}

} // namespace interleave::ui
