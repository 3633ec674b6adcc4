// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/command_palette.h"

#include <QApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace interleave::ui {

namespace {

constexpr int kWidthPx = 520;
constexpr int kHeightPx = 380;
constexpr int kTopPx = 56;

/// How well a command fits: all words must be in it; earlier is better. Negative: not at all.
int fitOf(const QString& text, const QStringList& words) {
    int fit = 0;
    for (const QString& word : words) {
        const auto at = text.indexOf(word, 0, Qt::CaseInsensitive);
        if (at < 0) {
            return -1;
        }
        const bool beginsWord = at == 0 || !text[at - 1].isLetter();
        fit += static_cast<int>(at) + (beginsWord ? 0 : 100);
    }
    return fit;
}

} // namespace

CommandPalette::CommandPalette(QWidget* window)
    : QFrame(window)
    , m_text(new QLineEdit(this))
    , m_list(new QTreeWidget(this)) {
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setAccessibleName(tr("Command palette"));
    m_text->setPlaceholderText(tr("What would you like to do?"));
    m_text->setAccessibleName(tr("Command"));
    m_text->installEventFilter(this);
    m_list->setColumnCount(2);
    m_list->setHeaderHidden(true);
    m_list->setRootIsDecorated(false);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setUniformRowHeights(true);
    m_list->setAccessibleName(tr("Commands"));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->addWidget(m_text);
    column->addWidget(m_list, 1);
    connect(m_text, &QLineEdit::textChanged, this, &CommandPalette::refill);
    connect(m_list, &QTreeWidget::itemClicked, this, &CommandPalette::accept);
    hide();
}

void CommandPalette::open(std::vector<Command> commands) {
    m_commands = std::move(commands);
    if (!isVisible()) {
        m_focusBefore = QApplication::focusWidget();
    }
    const QSize room = parentWidget()->size();
    const QSize size(std::min(kWidthPx, room.width() - 20),
                     std::min(kHeightPx, room.height() - kTopPx - 20));
    setGeometry(QRect(QPoint((room.width() - size.width()) / 2, kTopPx), size));
    m_text->clear();
    refill();
    show();
    raise();
    m_text->setFocus(Qt::ShortcutFocusReason);
}

void CommandPalette::refill() {
    const QStringList words = m_text->text().split(' ', Qt::SkipEmptyParts);
    std::vector<std::pair<int, std::size_t>> fitting;
    for (std::size_t i = 0; i < m_commands.size(); ++i) {
        if (const int fit = fitOf(m_commands[i].text, words); fit >= 0) {
            fitting.emplace_back(fit, i);
        }
    }
    std::stable_sort(fitting.begin(), fitting.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    m_list->clear();
    for (const auto& [fit, index] : fitting) {
        const Command& command = m_commands[index];
        auto* item = new QTreeWidgetItem(m_list, {command.text, command.keys});
        item->setData(0, Qt::UserRole, QVariant::fromValue(static_cast<qulonglong>(index)));
        item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        item->setForeground(1, palette().color(QPalette::PlaceholderText));
        item->setDisabled(!command.isEnabled);
    }
    for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
        if (!m_list->topLevelItem(i)->isDisabled()) {
            m_list->setCurrentItem(m_list->topLevelItem(i));
            return;
        }
    }
}

QStringList CommandPalette::listed() const {
    QStringList texts;
    for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
        texts << m_list->topLevelItem(i)->text(0);
    }
    return texts;
}

void CommandPalette::dismiss() {
    if (!isVisible()) {
        return;
    }
    const bool hadFocus = isAncestorOf(QApplication::focusWidget());
    hide();
    if (hadFocus && m_focusBefore && m_focusBefore->isVisible()) {
        m_focusBefore->setFocus(Qt::OtherFocusReason);
    }
    m_focusBefore = nullptr;
}

void CommandPalette::accept() {
    const QTreeWidgetItem* item = m_list->currentItem();
    if (item == nullptr || item->isDisabled()) {
        return;
    }
    const auto run = m_commands[item->data(0, Qt::UserRole).toULongLong()].run;
    dismiss(); // first: the command may ask for the keyboard itself
    run();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::FocusOut) {
        const auto* focus = static_cast<QFocusEvent*>(event);
        if (focus->reason() != Qt::ActiveWindowFocusReason &&
            focus->reason() != Qt::PopupFocusReason) {
            hide();
        }
        return false;
    }
    if (event->type() != QEvent::KeyPress) {
        return QFrame::eventFilter(watched, event);
    }
    auto* key = static_cast<QKeyEvent*>(event);
    switch (key->key()) {
    case Qt::Key_Escape:
        dismiss();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        accept();
        return true;
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        QApplication::sendEvent(m_list, key);
        return true;
    default:
        return false;
    }
}

} // namespace interleave::ui
