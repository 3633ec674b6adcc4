// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/order_field.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace interleave::ui {

namespace {

QToolButton* arrow(Qt::ArrowType type, const QString& name) {
    auto* button = new QToolButton;
    button->setArrowType(type);
    button->setToolTip(name);
    button->setAccessibleName(name);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

} // namespace

OrderField::OrderField(const lesson::Question& question, QWidget* parent)
    : AnswerField(parent)
    , m_list(new QListWidget)
    , m_isMine(new QCheckBox(tr("This is &my order"))) {
    m_list->setAccessibleName(tr("Your order, the least first"));
    m_list->setDragDropMode(QAbstractItemView::InternalMove);
    m_list->setDefaultDropAction(Qt::MoveAction);
    m_list->setWordWrap(true);
    m_list->setSpacing(2);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    for (std::size_t i = 0; i < question.items.size(); ++i) {
        auto* item = new QListWidgetItem(QString::fromStdString(question.items[i].text), m_list);
        item->setData(Qt::UserRole, static_cast<int>(i));
    }
    m_list->setCurrentRow(0);
    auto* up = arrow(Qt::UpArrow, tr("Move up"));
    auto* down = arrow(Qt::DownArrow, tr("Move down"));
    auto* buttons = new QVBoxLayout;
    buttons->addWidget(up);
    buttons->addWidget(down);
    buttons->addStretch(1);
    auto* row = new QHBoxLayout;
    row->addWidget(m_list, 1);
    row->addLayout(buttons);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    auto* hint = new QLabel(tr("The least first; drag, or use the arrows."));
    hint->setForegroundRole(QPalette::PlaceholderText);
    hint->setWordWrap(true);
    column->addWidget(hint);
    column->addLayout(row);
    column->addWidget(m_isMine);
    setFocusProxy(m_list);
    fitHeight();
    connect(up, &QToolButton::clicked, this, [this] { moveCurrent(-1); });
    connect(down, &QToolButton::clicked, this, [this] { moveCurrent(1); });
    connect(m_list->model(), &QAbstractItemModel::rowsMoved, this, &OrderField::onMoved);
    connect(m_list->model(), &QAbstractItemModel::rowsRemoved, this, &OrderField::onMoved);
    connect(m_isMine, &QCheckBox::toggled, this, &AnswerField::changed);
}

void OrderField::fitHeight() {
    const int row = m_list->sizeHintForRow(0) + 2 * m_list->spacing();
    m_list->setFixedHeight(m_list->count() * row + 2 * m_list->frameWidth() + 4);
}

void OrderField::moveCurrent(int by) {
    const int row = m_list->currentRow();
    const int target = row + by;
    if (row < 0 || target < 0 || target >= m_list->count()) {
        return;
    }
    QListWidgetItem* item = m_list->takeItem(row);
    m_list->insertItem(target, item);
    m_list->setCurrentRow(target);
    onMoved();
}

void OrderField::onMoved() {
    m_isMine->setChecked(true);
    Q_EMIT changed();
}

std::optional<lesson::Answer> OrderField::answer() const {
    if (!m_isMine->isChecked()) {
        return std::nullopt;
    }
    lesson::Answer answer;
    for (int i = 0; i < m_list->count(); ++i) {
        answer.order.push_back(
            static_cast<std::size_t>(m_list->item(i)->data(Qt::UserRole).toInt()));
    }
    return answer;
}

} // namespace interleave::ui
