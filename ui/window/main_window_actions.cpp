// SPDX-License-Identifier: GPL-3.0-or-later
// MainWindow's files and view actions: opening, saving, exporting, zooming, themes.
#include "ui/window/main_window.h"

#include "engine/analysis/span_csv.h"
#include "engine/scenario/scenario.h"
#include "engine/storage/atomic_file.h"
#include "engine/storage/recording_file.h"
#include "ui/panels/guide_panel.h"
#include "ui/panels/message_strip.h"
#include "ui/panels/setup_panel.h"
#include "ui/panels/statistics_panel.h"
#include "ui/window/help_dialogs.h"
#include "ui/window/image_actions.h"
#include "ui/window/pane_stack.h"
#include "ui/window/recent_files.h"
#include "ui/window/window_actions.h"

#include <QComboBox>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMimeData>
#include <QTabBar>
#include <QTabWidget>

namespace interleave::ui {

namespace {

QString recordingFilter() {
    return MainWindow::tr("Recordings (*.ilv)");
}
QString csvFilter() {
    return MainWindow::tr("Comma-separated values (*.csv)");
}
QString scenarioFilter() {
    return MainWindow::tr("Scenarios (*.toml)");
}

/// "ten-dishes-threads" from "Ten dishes" under threads.
QString suggestedName(const recording::Recording& recording) {
    QString name = QString::fromStdString(recording.info.scenario + "-" + recording.info.model);
    return name.toLower().replace(' ', '-').replace('/', '-');
}

} // namespace

void MainWindow::connectFileActions() {
    connect(m_actions->open, &QAction::triggered, this, &MainWindow::chooseFiles);
    connect(m_actions->openScenario, &QAction::triggered, this, &MainWindow::chooseScenario);
    connect(m_actions->save, &QAction::triggered, this, &MainWindow::saveRecording);
    connect(m_actions->exportImage, &QAction::triggered, this, &MainWindow::exportImage);
    connect(m_actions->exportSpans, &QAction::triggered, this, &MainWindow::exportSpans);
    connect(m_actions->exportStatistics, &QAction::triggered, this, &MainWindow::exportStatistics);
    connect(m_actions->clearRecent, &QAction::triggered, this, [] { clearRecentFiles(); });
    connect(m_actions->quit, &QAction::triggered, this, &MainWindow::close);
    connect(m_actions->recentMenu, &QMenu::aboutToShow, this, &MainWindow::refillRecentMenu);
    connect(m_actions->about, &QAction::triggered, this, [this] { showAbout(this); });
    connect(m_actions->guide, &QAction::triggered, this,
            [this] { m_bottom->setCurrentWidget(m_guide); });
    connect(&m_opener, &FileOpener::recordingOpened, this, &MainWindow::addOpened);
    connect(&m_opener, &FileOpener::pictureOpened, this, &MainWindow::addOpened);
    connect(&m_opener, &FileOpener::pictureWithdrawn, this, [this](const QString& file) {
        if (const RunId id = pictureOf(file)) {
            remove(id);
        }
    });
    connect(&m_opener, &FileOpener::scenarioOpened, this,
            [this](const QString& file, const scenario::Scenario& scenario) {
                m_setup->addScenario(scenario);
                m_setup->selectScenario(referenceOf(scenario));
                addRecentFile(file);
            });
    connect(&m_opener, &FileOpener::failed, this,
            [this](const QString& sentence) { m_messages->show(MessageKind::Error, sentence); });
    connect(&m_opener, &FileOpener::busyChanged, this, &MainWindow::updateStatus);
}

void MainWindow::connectViewActions() {
    for (int i = 0; i < kViewKinds; ++i) {
        connect(m_actions->views[static_cast<std::size_t>(i)], &QAction::triggered, this,
                [this, i] { setView(static_cast<ViewKind>(i)); });
    }
    connect(m_tabs, &QTabBar::currentChanged, this,
            [this](int index) { setView(static_cast<ViewKind>(index)); });
    for (int i = 0; i < 3; ++i) {
        connect(m_actions->groupings[static_cast<std::size_t>(i)], &QAction::triggered, this,
                [this, i] {
                    m_hasChosenRows = true;
                    m_rows->setCurrentIndex(i);
                });
        connect(m_actions->themes[static_cast<std::size_t>(i)], &QAction::triggered, this,
                [this, i] { m_theme.setWish(static_cast<ThemeChoice::Wish>(i)); });
    }
    connect(m_rows, &QComboBox::activated, this, [this] { m_hasChosenRows = true; });
    connect(m_rows, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_actions->groupings[static_cast<std::size_t>(index)]->setChecked(true);
        m_panes->setGrouping(static_cast<Grouping>(index));
    });
    const auto zoom = [this](double factor) {
        ViewState& state = m_panes->primary();
        const TimeRange visible = state.visible();
        state.zoomAt(state.hoverTimeNs().value_or(visible.beginNs + visible.durationNs() / 2),
                     factor);
    };
    connect(m_actions->zoomIn, &QAction::triggered, this, [zoom] { zoom(0.5); });
    connect(m_actions->zoomOut, &QAction::triggered, this, [zoom] { zoom(2.0); });
    connect(m_actions->fit, &QAction::triggered, this, [this] { m_panes->primary().fit(); });
    connect(m_actions->follow, &QAction::toggled, this,
            [this](bool isOn) { m_panes->primary().setFollowing(isOn); });
    ViewState& state = m_panes->primary();
    connect(&state, &ViewState::followingChanged, m_actions->follow, &QAction::setChecked);
    connect(&state, &ViewState::historyChanged, this, &MainWindow::updateActions);
    connect(m_actions->clearSelection, &QAction::triggered, this,
            [this] { m_panes->primary().clearSelection(); });
    connect(m_actions->showAllStates, &QAction::triggered, this,
            [this] { m_panes->primary().setHiddenStates({}); });
    connect(m_actions->fullScreen, &QAction::toggled, this, [this](bool isOn) {
        setWindowState(windowState().setFlag(Qt::WindowFullScreen, isOn));
    });
}

void MainWindow::openFile(const QString& file) {
    m_opener.open(file);
}

void MainWindow::chooseFiles() {
    const QStringList files = QFileDialog::getOpenFileNames(
        this, tr("Open"), lastFolder(),
        tr("Recordings, traces and scenarios (*.ilv *.json *.json.gz *.gz *.toml)") + ";;" +
            recordingFilter() + ";;" + scenarioFilter() + ";;" + tr("All files (*)"));
    for (const QString& file : files) {
        openFile(file);
    }
}

void MainWindow::chooseScenario() {
    const QString file = QFileDialog::getOpenFileName(
        this, tr("Open scenario"), lastFolder(), scenarioFilter() + ";;" + tr("All files (*)"));
    if (!file.isEmpty()) {
        openFile(file);
    }
}

/// The run that shows the first part of a trace whose rest is still being read.
RunId MainWindow::pictureOf(const QString& file) const {
    for (const RunEntry& entry : m_runs.entries()) {
        if (entry.state == RunState::Opened && entry.file == file && entry.recording->isLive) {
            return entry.id;
        }
    }
    return {};
}

void MainWindow::addOpened(const QString& file, const RecordingPtr& recording) {
    if (const RunId id = pictureOf(file)) {
        m_runs.setRecording(id, recording);
        updateCompare();
        return;
    }
    RunEntry entry;
    entry.state = RunState::Opened;
    entry.setup = setupOf(*recording);
    entry.recording = recording;
    entry.file = file;
    const RunId id = m_runs.add(std::move(entry));
    addRecentFile(file);
    show(id);
}

void MainWindow::refillRecentMenu() {
    m_actions->recentMenu->clear();
    for (const QString& file : recentFiles()) {
        QString text = QDir::toNativeSeparators(file);
        QAction* action = m_actions->recentMenu->addAction(text.replace('&', QLatin1String("&&")));
        connect(action, &QAction::triggered, this, [this, file] { openFile(file); });
    }
    const bool isEmpty = m_actions->recentMenu->isEmpty();
    m_actions->recentMenu->addSeparator();
    m_actions->recentMenu->addAction(m_actions->clearRecent);
    m_actions->clearRecent->setEnabled(!isEmpty);
}

void MainWindow::saveRecording() {
    const RecordingPtr recording = shownRecording();
    if (!recording) {
        return;
    }
    QString file = QFileDialog::getSaveFileName(
        this, tr("Save recording"), QDir(lastFolder()).filePath(suggestedName(*recording) + ".ilv"),
        recordingFilter());
    if (file.isEmpty()) {
        return;
    }
    if (QFileInfo(file).suffix().isEmpty()) {
        file += QLatin1String(".ilv");
    }
    const auto written = storage::writeRecording(*recording, file.toStdString());
    tell(written, tr("The recording was saved as %1.").arg(file));
    if (written) {
        m_runs.setFile(m_panes->activePane().runId(), file);
        if (const RunEntry* entry = m_runs.find(m_panes->activePane().runId())) {
            if (const auto kept = m_bookmarks.saved(*entry); !kept) {
                m_messages->show(MessageKind::Error, QString::fromStdString(kept.error().message));
            }
        }
        addRecentFile(file);
    }
}

void MainWindow::exportImage() {
    showExportDialog(*this);
}

void MainWindow::exportSpans() {
    const RecordingPtr recording = shownRecording();
    if (!recording) {
        return;
    }
    const QString file = QFileDialog::getSaveFileName(
        this, tr("Export spans"),
        QDir(lastFolder()).filePath(suggestedName(*recording) + "-spans.csv"), csvFilter());
    if (!file.isEmpty()) {
        tell(storage::writeFileAtomically(file.toStdString(), analysis::spanCsv(*recording)),
             tr("The spans were saved as %1.").arg(file));
    }
}

/// What came of writing a file, in the strip.
void MainWindow::tell(const Result<void>& written, const QString& success) {
    if (written) {
        m_messages->show(MessageKind::Note, success);
    } else {
        m_messages->show(MessageKind::Error, QString::fromStdString(written.error().message));
    }
}

void MainWindow::exportStatistics() {
    const RecordingPtr recording = shownRecording();
    if (!recording) {
        return;
    }
    const QString file = QFileDialog::getSaveFileName(
        this, tr("Export statistics"),
        QDir(lastFolder()).filePath(suggestedName(*recording) + "-statistics.csv"), csvFilter());
    if (!file.isEmpty()) {
        tell(storage::writeFileAtomically(file.toStdString(), m_statistics->toCsv().toStdString()),
             tr("The statistics were saved as %1.").arg(file));
    }
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls()) {
        event->acceptProposedAction();
    }
}

void MainWindow::dropEvent(QDropEvent* event) {
    for (const QUrl& url : event->mimeData()->urls()) {
        if (url.isLocalFile()) {
            openFile(url.toLocalFile());
        } else {
            m_messages->show(MessageKind::Error,
                             tr("%1 isn't a file of this computer; save it here first and drop "
                                "the saved file.")
                                 .arg(url.toDisplayString()));
        }
    }
    event->acceptProposedAction();
}

} // namespace interleave::ui
