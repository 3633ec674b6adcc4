// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/unsaved_runs.h"

#include "engine/storage/recording_file.h"
#include "ui/theme/text.h"
#include "ui/window/recent_files.h"

#include <QDir>
#include <QFileDialog>
#include <QMessageBox>
#include <QPushButton>

namespace interleave::ui {

namespace {

constexpr qsizetype kMostNamed = 8;

/// A file of the folder that does not exist yet.
QString freeName(const QDir& folder, const RunEntry& entry) {
    QString name = QStringLiteral("%1-%2").arg(entry.setup.scenarioName, entry.setup.model);
    name = name.toLower().replace(QLatin1Char(' '), QLatin1Char('-'));
    name.replace(QLatin1Char('/'), QLatin1Char('-'));
    QString file = folder.filePath(name + QStringLiteral(".ilv"));
    for (int number = 2; QFileInfo::exists(file); ++number) {
        file = folder.filePath(QStringLiteral("%1-%2.ilv").arg(name).arg(number));
    }
    return file;
}

QString listOf(const RunListItemModel& runs, const std::vector<RunId>& unsaved) {
    QStringList lines;
    for (const RunId id : unsaved) {
        const RunEntry& entry = *runs.find(id);
        QString line = QStringLiteral("%1, %2").arg(entry.setup.scenarioName, entry.setup.model);
        if (entry.state == RunState::Running) {
            line += tr(" (still running; closing stops it)");
        }
        lines << QStringLiteral("•  ") + line;
    }
    const qsizetype count = lines.size();
    if (count > kMostNamed) {
        lines = lines.mid(0, kMostNamed);
        lines << tr("and %1 more").arg(count - kMostNamed);
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace

std::vector<RunId> unsavedRuns(const RunListItemModel& runs) {
    std::vector<RunId> unsaved;
    for (const RunEntry& entry : runs.entries()) {
        if (entry.isUnsaved() || entry.state == RunState::Running) {
            unsaved.push_back(entry.id);
        }
    }
    return unsaved;
}

Result<void> saveRuns(RunListItemModel& runs, const std::vector<RunId>& unsaved,
                      const QString& folder) {
    for (const RunId id : unsaved) {
        const RunEntry& entry = *runs.find(id);
        if (!entry.recording) {
            continue; // it has only begun
        }
        const QString file = freeName(QDir(folder), entry);
        if (auto saved = storage::writeRecording(*entry.recording, file.toStdString()); !saved) {
            return saved;
        }
        runs.setFile(id, file);
        addRecentFile(file);
    }
    return {};
}

bool mayClose(RunListItemModel& runs, QWidget* parent) {
    const std::vector<RunId> unsaved = unsavedRuns(runs);
    if (unsaved.empty()) {
        return true;
    }
    QMessageBox box(QMessageBox::Question, tr("Unsaved runs"),
                    unsaved.size() == 1 ? tr("A run has not been saved.")
                                        : tr("%1 runs have not been saved.").arg(unsaved.size()),
                    QMessageBox::NoButton, parent);
    box.setInformativeText(listOf(runs, unsaved));
    QPushButton* save = box.addButton(unsaved.size() == 1 ? tr("&Save…") : tr("&Save all…"),
                                      QMessageBox::AcceptRole);
    QPushButton* discard = box.addButton(QMessageBox::Discard);
    box.addButton(QMessageBox::Cancel);
    box.setDefaultButton(save);
    box.exec();
    if (box.clickedButton() == discard) {
        return true;
    }
    if (box.clickedButton() != save) {
        return false;
    }
    const QString folder =
        QFileDialog::getExistingDirectory(parent, tr("Save the runs in"), lastFolder());
    if (folder.isEmpty()) {
        return false;
    }
    if (const auto saved = saveRuns(runs, unsaved, folder); !saved) {
        QMessageBox::warning(parent, tr("Unsaved runs"),
                             QString::fromStdString(saved.error().message));
        return false;
    }
    return true;
}

} // namespace interleave::ui
