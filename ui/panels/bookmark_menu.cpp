// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/bookmark_menu.h"

#include "ui/theme/text.h"

#include <QInputDialog>

#include <algorithm>

namespace interleave::ui {

namespace {

constexpr int kMostNotePx = 320;

QString lineOf(const Mark& mark) {
    const QString time = durationText(mark.timeNs);
    const QString note = mark.note.section(u'\n', 0, 0);
    return note.isEmpty() ? BookmarkMenu::tr("%1   %2").arg(mark.label, time)
                          : BookmarkMenu::tr("%1   %2   %3").arg(mark.label, time, note);
}

} // namespace

BookmarkMenu::BookmarkMenu(ReplayPlayer& player, QWidget* parent)
    : QMenu(tr("&Bookmarks"), parent)
    , m_player(player)
    , m_ask([this](const QString& title, const QString& now) -> std::optional<QString> {
        bool isAccepted = false;
        const QString text = QInputDialog::getText(parentWidget(), title, tr("&Note"),
                                                   QLineEdit::Normal, now, &isAccepted);
        return isAccepted ? std::optional(text) : std::nullopt;
    }) {
    connect(this, &QMenu::aboutToShow, this, &BookmarkMenu::refill);
}

qsizetype BookmarkMenu::markHere() const {
    if (m_player.viewState() == nullptr) {
        return -1;
    }
    const QList<Mark>& marks = m_player.viewState()->marks();
    const auto found = std::ranges::find(marks, m_player.cursorNs(), &Mark::timeNs);
    return found == marks.end() ? -1 : found - marks.begin();
}

void BookmarkMenu::refill() {
    clear();
    const bool isHere = markHere() >= 0;
    addAction(isHere ? tr("&Note of this bookmark…\tB") : tr("&Bookmark this moment…\tB"), this,
              &BookmarkMenu::addHere);
    addAction(tr("&Remove this bookmark"), this, &BookmarkMenu::removeHere)->setEnabled(isHere);
    addSeparator();
    const QList<Mark> marks = m_player.viewState() ? m_player.viewState()->marks() : QList<Mark>();
    for (const Mark& mark : marks) {
        QString text = fontMetrics().elidedText(lineOf(mark), Qt::ElideRight, kMostNotePx);
        QAction* action =
            addAction(text.replace('&', QLatin1String("&&")), this, [this, when = mark.timeNs] {
                m_player.pause();
                m_player.moveTo(when);
            });
        action->setToolTip(mark.note);
        action->setCheckable(true);
        action->setChecked(mark.timeNs == m_player.cursorNs());
    }
    if (marks.isEmpty()) {
        addAction(tr("No bookmarks yet; they are saved beside the recording"))->setEnabled(false);
    }
}

void BookmarkMenu::addHere() {
    if (!m_player.canPlay()) {
        return;
    }
    m_player.pause();
    ViewState& state = *m_player.viewState();
    const Nanoseconds when = m_player.cursorNs();
    const QString time = durationText(when);
    const qsizetype here = markHere();
    const QString earlier = here >= 0 ? state.marks()[here].note : QString();
    const auto note = m_ask(tr("Bookmark at %1").arg(time), earlier);
    if (!note) {
        return;
    }
    if (here >= 0) {
        Mark mark = state.marks()[here];
        mark.note = *note;
        state.editMark(here, mark);
        return;
    }
    int number = 1;
    for (const Mark& mark : state.marks()) {
        number = std::max(number, mark.label.toInt() + 1);
    }
    state.addMark({when, QString::number(number), *note});
}

void BookmarkMenu::removeHere() {
    if (const qsizetype here = markHere(); here >= 0) {
        m_player.viewState()->removeMark(here);
    }
}

} // namespace interleave::ui
