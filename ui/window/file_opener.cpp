// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/file_opener.h"

#include "engine/chrome_trace/importer.h"
#include "engine/scenario/scenario.h"
#include "engine/storage/recording_file.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <atomic>
#include <stop_token>

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

/// A trace that is being read. Its numbers are written by the threads that read it.
struct FileOpener::Import {
    QString file;
    std::stop_source stop;
    std::atomic<std::uint64_t> doneBytes = 0;
    std::atomic<std::uint64_t> totalBytes = 0;
    bool hasPicture = false;
};

FileOpener::FileOpener(QObject* parent)
    : QObject(parent) {}

FileOpener::~FileOpener() {
    cancel();
    m_closing.request_stop();
    m_pool.waitForDone();
}

void FileOpener::open(const QString& file) {
    const QFileInfo info(file);
    if (!info.exists()) {
        Q_EMIT failed(tr("%1: there is no such file.").arg(file));
        return;
    }
    if (info.isFile() && chrome_trace::isTraceFile(file.toStdString())) {
        openTrace(file);
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
        check(file);
    });
}

void FileOpener::check(const QString& file) {
    const auto damage = storage::verifyRecording(file.toStdString(), m_closing.get_token());
    if (!damage) {
        return; // opening has said why
    }
    for (const recording::Diagnostic& diagnostic : *damage) {
        QMetaObject::invokeMethod(
            this,
            [this, sentence = QString::fromStdString(diagnostic.message)] {
                Q_EMIT failed(sentence);
            },
            Qt::QueuedConnection);
    }
}

void FileOpener::openTrace(const QString& file) {
    const auto import = std::make_shared<Import>();
    import->file = file;
    m_imports.push_back(import);
    ++m_pending;
    Q_EMIT busyChanged();
    m_pool.start([this, import] {
        chrome_trace::ImportOptions options;
        options.stop = import->stop.get_token();
        options.progress = [import](std::uint64_t done, std::uint64_t total) {
            import->doneBytes = done;
            import->totalBytes = total;
        };
        options.firstPicture = [this, import](RecordingPtr picture) {
            QMetaObject::invokeMethod(
                this,
                [this, import, picture = std::move(picture)] {
                    if (!import->stop.stop_requested()) {
                        import->hasPicture = true;
                        Q_EMIT pictureOpened(import->file, picture);
                    }
                },
                Qt::QueuedConnection);
        };
        auto recording = chrome_trace::importTrace(import->file.toStdString(), options);
        QMetaObject::invokeMethod(
            this,
            [this, import, recording = std::move(recording)] { deliverTrace(import, recording); },
            Qt::QueuedConnection);
    });
}

void FileOpener::deliverTrace(const std::shared_ptr<Import>& import,
                              const Result<RecordingPtr>& recording) {
    std::erase(m_imports, import);
    const bool isCancelled = import->stop.stop_requested();
    if (import->hasPicture && (isCancelled || !recording)) {
        Q_EMIT pictureWithdrawn(import->file);
    }
    if (!isCancelled) {
        deliverRecording(import->file, recording);
        return;
    }
    --m_pending;
    Q_EMIT busyChanged();
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

std::optional<OpeningProgress> FileOpener::progress() const {
    OpeningProgress all;
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    for (const auto& import : m_imports) {
        if (import->stop.stop_requested()) {
            continue;
        }
        if (all.count++ == 0) {
            all.file = import->file;
        }
        done += import->doneBytes;
        total += import->totalBytes;
    }
    if (all.count == 0) {
        return std::nullopt;
    }
    all.percent = total == 0 ? 0 : static_cast<int>(std::min(done, total) * 100 / total);
    return all;
}

void FileOpener::cancel() {
    for (const auto& import : m_imports) {
        import->stop.request_stop();
    }
}

} // namespace interleave::ui
