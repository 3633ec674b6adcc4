// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/lesson_panel.h"

#include "ui/lessons/lesson_list.h"

#include <algorithm>
#include <system_error>

namespace interleave::ui {

LessonPanel::LessonPanel(RunQueue& queue, RunListItemModel& runs, QWidget* parent)
    : QStackedWidget(parent)
    , m_list(new LessonList)
    , m_page(new LessonPage(queue, runs)) {
    addWidget(m_list);
    addWidget(m_page);
    connect(m_list, &LessonList::chosen, this, &LessonPanel::openLesson);
    connect(m_list, &LessonList::openFolderRequested, this, &LessonPanel::folderWanted);
    connect(m_page, &LessonPage::listRequested, this, &LessonPanel::showList);
    connect(m_page, &LessonPage::otherLessonRequested, this, &LessonPanel::openOther);
    connect(m_page, &LessonPage::progressMade, this, [this] { m_list->refresh(m_lessons); });
}

void LessonPanel::load() {
    if (!m_lessons.empty()) {
        return;
    }
    auto lessons = lesson::shippedLessons();
    if (!lessons) {
        m_list->setProblem(QString::fromStdString(lessons.error().message));
        return;
    }
    m_lessons = std::move(*lessons);
    m_list->setLessons(m_lessons);
    const auto next = std::ranges::find_if(
        m_lessons, [](const lesson::Lesson& lesson) { return !progressOf(lesson).isDone; });
    m_list->select(next == m_lessons.end() ? 0 : static_cast<int>(next - m_lessons.begin()));
}

void LessonPanel::openFolder(const QString& folder) {
    load();
    std::filesystem::path path = folder.toStdString();
    if (path.filename() == "lesson.toml") {
        path = path.parent_path();
    }
    auto lesson = lesson::readLesson(path);
    if (!lesson) {
        m_list->setProblem(QString::fromStdString(lesson.error().message));
        showList();
        return;
    }
    m_list->setProblem({});
    std::error_code ignored;
    auto known = std::ranges::find_if(m_lessons, [&](const lesson::Lesson& each) {
        return std::filesystem::equivalent(each.folder, lesson->folder, ignored);
    });
    if (known == m_lessons.end()) {
        known = m_lessons.insert(known, std::move(*lesson));
    } else {
        *known = std::move(*lesson); // as it is now: teachers edit while they try
    }
    const auto index = static_cast<int>(known - m_lessons.begin());
    m_list->setLessons(m_lessons);
    openLesson(index);
}

void LessonPanel::openLesson(int index) {
    if (index < 0 || index >= static_cast<int>(m_lessons.size())) {
        return;
    }
    m_current = index;
    m_list->setProblem({});
    m_list->select(index);
    m_page->open(m_lessons[static_cast<std::size_t>(index)]);
    turnTo(m_page);
}

void LessonPanel::openOther(int by) {
    openLesson(m_current + by);
}

void LessonPanel::showList() {
    turnTo(m_list);
    m_list->setFocus(Qt::OtherFocusReason);
}

void LessonPanel::turnTo(QWidget* widget) {
    setCurrentWidget(widget);
    Q_EMIT openChanged();
}

void LessonPanel::setTheme(const Theme& theme) {
    m_list->setErrorColour(theme.error);
    m_page->setTheme(theme);
}

} // namespace interleave::ui
