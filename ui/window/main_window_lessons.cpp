// SPDX-License-Identifier: GPL-3.0-or-later
// MainWindow's lessons: beside the views instead of the set-up, which a lesson makes itself. Before
// its runs there is nothing to see; after them the views show what it asks for.
#include "ui/lessons/lesson_panel.h"
#include "ui/lessons/lesson_stage.h"
#include "ui/panels/gallery_panel.h"
#include "ui/window/lesson_dock.h"
#include "ui/window/main_window.h"
#include "ui/window/pane_stack.h"
#include "ui/window/presenter.h"
#include "ui/window/recent_files.h"
#include "ui/window/window_actions.h"

#include <QApplication>
#include <QFileDialog>
#include <QMenu>
#include <QSettings>
#include <QStackedWidget>

namespace interleave::ui {

namespace {

constexpr int kLessonWidthPx = 430;
const QString kLessonFolderKey = QStringLiteral("lessonFolder");

} // namespace

void MainWindow::buildLessons() {
    m_lessons = new LessonPanel(m_queue, m_runs);
    m_lessonStage = new LessonStage;
    m_centre->addWidget(m_lessonStage);
    m_lessonDock = new LessonDock(m_lessons, this);
    addDockWidget(Qt::RightDockWidgetArea, m_lessonDock);
    resizeDocks({m_lessonDock}, {kLessonWidthPx}, Qt::Horizontal);
    m_lessonDock->hide();
}

void MainWindow::connectLessons() {
    connect(m_actions->learn, &QAction::triggered, this, &MainWindow::setLearning);
    connect(m_lessonDock, &QDockWidget::visibilityChanged, this, [this] {
        if (isLearning()) {
            m_lessons->load();
        }
        updateLesson();
    });
    connect(m_actions->openLesson, &QAction::triggered, this, &MainWindow::chooseLesson);
    connect(m_lessons, &LessonPanel::folderWanted, this, &MainWindow::chooseLesson);
    const auto openOther = [this](int by) {
        setLearning(true);
        m_lessons->openOther(by);
    };
    connect(m_actions->nextLesson, &QAction::triggered, this, [openOther] { openOther(1); });
    connect(m_actions->previousLesson, &QAction::triggered, this, [openOther] { openOther(-1); });
    connect(m_gallery, &GalleryPanel::lessonsRequested, this, [this] { setLearning(true); });
    const LessonPage& page = m_lessons->page();
    connect(m_lessons, &LessonPanel::openChanged, this, &MainWindow::updateLesson);
    connect(&page, &LessonPage::stageChanged, this, &MainWindow::updateLesson);
    connect(&page, &LessonPage::showRequested, this, &MainWindow::show);
    connect(&page, &LessonPage::stackRequested, this, &MainWindow::stack);
    connect(&page, &LessonPage::compareRequested, this, [this] { setView(ViewKind::Compare); });
    connect(m_panes, &PaneStack::shownChanged, this, &MainWindow::showFinishLines);
    connect(m_panes, &PaneStack::marksWanted, this, &MainWindow::showFinishLines);
    connect(&m_runs, &RunListItemModel::recordingChanged, this, &MainWindow::showFinishLines);
    connect(&m_runs, &RunListItemModel::stateChanged, this, &MainWindow::showFinishLines);
    m_presenter->setOwnSteps([this](bool isForward) { return presentLessonStep(isForward); });
    connect(m_presenter, &Presenter::presentingChanged, this, &MainWindow::presentLesson);
    connect(m_presenter, &Presenter::enlargementChanged, this, &MainWindow::presentLesson);
}

bool MainWindow::isLearning() const {
    return m_lessonDock->isVisibleTo(this);
}

/// A lesson whose runs are not made: what is seen must not give the answer away.
bool MainWindow::isOnStage() const {
    return isLearning() &&
           (m_lessons->isOpen() ? m_lessons->page().isPredicting() : m_panes->shown().empty());
}

/// Something that was run is in sight: it can be played, presented, exported.
bool MainWindow::showsRuns() const {
    return !m_panes->shown().empty() && !isOnStage();
}

void MainWindow::setLearning(bool isLearning) {
    if (isLearning != this->isLearning()) {
        m_setupDock->setVisible(!isLearning);
        m_lessonDock->setVisible(isLearning);
        resizeDocks({m_lessonDock}, {kLessonWidthPx}, Qt::Horizontal);
    }
    if (isLearning) {
        m_lessons->load();
        m_lessons->currentWidget()->setFocus(Qt::OtherFocusReason);
    }
    updateLesson();
}

void MainWindow::chooseLesson() {
    setLearning(true);
    QSettings settings;
    const QString folder = QFileDialog::getExistingDirectory(
        this, tr("Open lesson folder"), settings.value(kLessonFolderKey, lastFolder()).toString());
    if (!folder.isEmpty()) {
        settings.setValue(kLessonFolderKey, folder);
        m_lessons->openFolder(folder);
    }
}

void MainWindow::updateLesson() {
    const LessonPage& page = m_lessons->page();
    const bool isOpen = m_lessons->isOpen();
    m_actions->learn->setChecked(isLearning());
    m_lessonStage->showLesson(isOpen ? page.lesson() : nullptr,
                              isOpen ? page.finishLine() : nullptr);
    if (isLearning() && isOpen && m_view == ViewKind::Compare && page.isPredicting()) {
        setView(ViewKind::Gantt);
    }
    showFinishLines();
    updateCentre();
    updateReplay();
    updateActions();
    updateStatus();
}

/// The prediction is drawn over the run that it was about, for as long as the lesson is open.
void MainWindow::showFinishLines() {
    const std::vector<RunId> shown = m_panes->shown();
    const std::vector<ViewState*> states = m_panes->viewStates();
    for (std::size_t i = 0; i < shown.size(); ++i) {
        states[i]->setFinishLine(isLearning() ? m_lessons->page().finishLineOf(shown[i])
                                              : std::nullopt);
    }
}

/// A lesson that is open stays in sight of an audience, with larger type.
void MainWindow::presentLesson() {
    QFont font = QApplication::font();
    if (m_presenter->isPresenting()) {
        font.setPointSizeF(font.pointSizeF() * m_presenter->enlargement());
        resizeDocks({m_lessonDock}, {m_lessons->maximumWidth()}, Qt::Horizontal);
    }
    m_lessons->setFont(font);
}

bool MainWindow::presentLessonStep(bool isForward) {
    return isLearning() && m_lessons->isOpen() && m_lessons->page().presentStep(isForward);
}

} // namespace interleave::ui
