// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/lesson_list.h"

#include "ui/lessons/lesson_delegate.h"
#include "ui/lessons/lesson_progress.h"

#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace interleave::ui {

namespace {

constexpr int kListMarginPx = 12;

} // namespace

LessonList::LessonList(QWidget* parent)
    : QWidget(parent)
    , m_list(new QListWidget)
    , m_problem(new QLabel) {
    auto* title = new QLabel(QStringLiteral("<b>%1</b>").arg(tr("Lessons")));
    auto* hint = new QLabel(tr("Each asks what you expect, makes real runs on this machine, and "
                               "shows how near you were."));
    hint->setWordWrap(true);
    hint->setForegroundRole(QPalette::PlaceholderText);
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_problem->hide();
    m_list->setItemDelegate(new LessonDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAccessibleName(tr("Lessons"));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setResizeMode(QListView::Adjust);
    m_list->setMouseTracking(true);
    auto* open = new QPushButton(tr("&Open lesson folder…"));
    open->setObjectName(QStringLiteral("openLesson"));
    open->setToolTip(tr("A lesson that a teacher has written: a folder with a lesson.toml"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kListMarginPx, 10, kListMarginPx, 10);
    column->addWidget(title);
    column->addWidget(hint);
    column->addWidget(m_problem);
    column->addWidget(m_list, 1);
    column->addWidget(open);
    setFocusProxy(m_list);
    // Not "activated" alone: with some styles that takes a double click.
    connect(m_list, &QListWidget::itemClicked, this,
            [this](const QListWidgetItem* item) { Q_EMIT chosen(m_list->row(item)); });
    connect(m_list, &QListWidget::itemActivated, this,
            [this](const QListWidgetItem* item) { Q_EMIT chosen(m_list->row(item)); });
    connect(open, &QPushButton::clicked, this, &LessonList::openFolderRequested);
}

void LessonList::setLessons(const std::vector<lesson::Lesson>& lessons) {
    m_list->clear();
    for (const lesson::Lesson& lesson : lessons) {
        auto* item = new QListWidgetItem(QString::fromStdString(lesson.name), m_list);
        item->setData(LessonDelegate::GoalRole, QString::fromStdString(lesson.goal));
    }
    refresh(lessons);
}

void LessonList::refresh(const std::vector<lesson::Lesson>& lessons) {
    for (int i = 0; i < m_list->count(); ++i) {
        const lesson::Lesson& lesson = lessons[static_cast<std::size_t>(i)];
        const QString progress = progressText(progressOf(lesson));
        QListWidgetItem* item = m_list->item(i);
        item->setData(LessonDelegate::ProgressRole, progress);
        item->setData(Qt::AccessibleTextRole,
                      tr("%1: %2 %3")
                          .arg(QString::fromStdString(lesson.name),
                               QString::fromStdString(lesson.goal), progress));
    }
}

void LessonList::select(int index) {
    m_list->setCurrentRow(index);
}

void LessonList::setProblem(const QString& sentence) {
    m_problem->setText(sentence);
    m_problem->setVisible(!sentence.isEmpty());
}

QString LessonList::problem() const {
    return m_problem->text();
}

void LessonList::setErrorColour(const QColor& colour) {
    QPalette palette = m_problem->palette();
    palette.setColor(QPalette::WindowText, colour);
    m_problem->setPalette(palette);
}

} // namespace interleave::ui
