// SPDX-License-Identifier: GPL-3.0-or-later
// RunsPanel: a list view on RunListItemModel and the buttons under it.
#include "ui/panels/runs_panel.h"

#include "engine/models/registry.h"
#include "ui/panels/flow_layout.h"
#include "ui/panels/run_delegate.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace interleave::ui {

RunsPanel::RunsPanel(RunListItemModel& runs, QWidget* parent)
    : QWidget(parent)
    , m_runs(runs)
    , m_list(new QListView(this))
    , m_delegate(new RunDelegate(this))
    , m_empty(new QLabel(tr("Runs that you make or open are listed here."), m_list->viewport()))
    , m_againTitle(new QLabel(tr("Run again under"), this))
    , m_again(new QWidget(this))
    , m_recordAgain(new QToolButton(this)) {
    m_list->setObjectName(QStringLiteral("runs"));
    m_list->setModel(&m_runs);
    m_list->setItemDelegate(m_delegate);
    m_list->setSelectionMode(QAbstractItemView::NoSelection); // "shown" is the selection
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setMouseTracking(true);
    m_list->setFrameShape(QFrame::StyledPanel);
    m_list->setAccessibleName(tr("Runs"));
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->installEventFilter(this);
    m_list->setMinimumHeight(70);
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex& index) {
        activate(index, QApplication::keyboardModifiers());
    });
    connect(m_list, &QListView::customContextMenuRequested, this, &RunsPanel::showMenu);

    m_empty->setWordWrap(true);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_empty->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* emptyLayout = new QVBoxLayout(m_list->viewport());
    emptyLayout->addWidget(m_empty);
    connect(&m_runs, &QAbstractItemModel::rowsInserted, this, &RunsPanel::updateEmptyText);
    connect(&m_runs, &QAbstractItemModel::rowsRemoved, this, &RunsPanel::updateEmptyText);

    auto* flow = new FlowLayout(m_again, 3);
    for (const auto& model : models::allModels()) {
        const QString id = QString::fromStdString(model->info().id);
        auto* button = new QToolButton(m_again);
        button->setText(id);
        button->setObjectName(QStringLiteral("again-") + id);
        button->setToolTip(tr("Run the shown scenario again under “%1”")
                               .arg(QString::fromStdString(model->info().title)));
        connect(button, &QToolButton::clicked, this, [this, id] { Q_EMIT againRequested(id); });
        flow->addWidget(button);
    }
    auto* title = new QLabel(tr("R&uns"), this);
    QFont bold = title->font();
    bold.setBold(true);
    title->setFont(bold);
    title->setBuddy(m_list);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 6, 10, 8);
    column->setSpacing(4);
    column->addWidget(title);
    column->addWidget(m_list, 1);
    column->addWidget(m_againTitle);
    column->addWidget(m_again);
    m_recordAgain->setText(tr("Record again"));
    m_recordAgain->setObjectName(QStringLiteral("record-again"));
    m_recordAgain->setToolTip(tr("Run the shown program once more and record it"));
    connect(m_recordAgain, &QToolButton::clicked, this, &RunsPanel::recordAgainRequested);
    column->addWidget(m_recordAgain);
    setAgain(Again::Nothing);
    setAgainEnabled(false);
    updateEmptyText();
}

QSize RunsPanel::minimumSizeHint() const {
    return {QWidget::minimumSizeHint().width(), layout()->minimumHeightForWidth(width())};
}

void RunsPanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    updateGeometry(); // the buttons may wrap otherwise now
}

void RunsPanel::updateEmptyText() {
    m_empty->setVisible(m_runs.rowCount() == 0);
}

void RunsPanel::setShown(const std::vector<RunId>& shown) {
    m_shown = shown;
    std::vector<std::uint32_t> ids;
    for (const RunId id : shown) {
        ids.push_back(id.value);
    }
    m_delegate->setShown(std::move(ids));
    m_list->viewport()->update();
    if (!shown.empty()) {
        m_list->setCurrentIndex(m_runs.indexOf(shown.front()));
        m_list->scrollTo(m_runs.indexOf(shown.front()));
    }
}

void RunsPanel::setAgainEnabled(bool isEnabled) {
    m_again->setEnabled(isEnabled);
    m_recordAgain->setEnabled(isEnabled);
}

void RunsPanel::setAgain(Again what) {
    m_againTitle->setVisible(what == Again::Scenario);
    m_again->setVisible(what == Again::Scenario);
    m_recordAgain->setVisible(what == Again::Program);
}

void RunsPanel::setTheme(const Theme& theme) {
    m_delegate->setTheme(theme);
    m_list->viewport()->update();
}

void RunsPanel::activate(const QModelIndex& index, Qt::KeyboardModifiers modifiers) {
    const RunId id = m_runs.idAt(index.row());
    if (id.isNone()) {
        return;
    }
    if (modifiers.testFlag(Qt::ControlModifier)) {
        Q_EMIT stackRequested(id);
    } else {
        Q_EMIT showRequested(id);
    }
}

bool RunsPanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_list || event->type() != QEvent::KeyPress) {
        return QWidget::eventFilter(watched, event);
    }
    const auto* key = static_cast<QKeyEvent*>(event);
    const QModelIndex current = m_list->currentIndex();
    if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter ||
        key->key() == Qt::Key_Space) {
        activate(current, key->modifiers());
        return true;
    }
    if (key->key() == Qt::Key_Delete && current.isValid()) {
        Q_EMIT removeRequested(m_runs.idAt(current.row()));
        return true;
    }
    return false;
}

void RunsPanel::showMenu(const QPoint& position) {
    const RunId id = m_runs.idAt(m_list->indexAt(position).row());
    if (id.isNone()) {
        return;
    }
    QMenu menu;
    const QAction* show = menu.addAction(tr("&Show"));
    const QAction* stack = menu.addAction(tr("S&tack with the one shown"));
    menu.addSeparator();
    const QAction* remove = menu.addAction(tr("&Remove from the list"));
    const QAction* chosen = menu.exec(m_list->viewport()->mapToGlobal(position));
    if (chosen == show) {
        Q_EMIT showRequested(id);
    } else if (chosen == stack) {
        Q_EMIT stackRequested(id);
    } else if (chosen == remove) {
        Q_EMIT removeRequested(id);
    }
}

} // namespace interleave::ui
