// SPDX-License-Identifier: GPL-3.0-or-later
// RunDelegate: paints from the roles of RunListItemModel.
#include "ui/panels/run_delegate.h"

#include "ui/session/run_list.h"
#include "ui/theme/contrast.h"
#include "ui/theme/text.h"

#include <QPainter>

#include <algorithm>

namespace interleave::ui {

namespace {

constexpr int kPaddingPx = 8;
constexpr int kLineGapPx = 1;
constexpr int kBarPx = 3;

QString rightText(const QModelIndex& index) {
    const auto state = static_cast<RunState>(index.data(RunListItemModel::StateRole).toInt());
    const QVariant makespan = index.data(RunListItemModel::MakespanRole);
    const QString length = makespan.isValid() ? durationText(makespan.toLongLong()) : QString();
    switch (state) {
    case RunState::Waiting:
        return RunDelegate::tr("waiting");
    case RunState::Running:
        return makespan.isValid() ? length : RunDelegate::tr("starting");
    case RunState::Stopped:
        return RunDelegate::tr("stopped");
    case RunState::Failed:
        return RunDelegate::tr("failed");
    case RunState::Done:
    case RunState::Opened:
        break;
    }
    return length;
}

} // namespace

RunDelegate::RunDelegate(QObject* parent)
    : QStyledItemDelegate(parent)
    , m_theme(themeOf(ThemeKind::Light)) {}

QSize RunDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
    const int line = option.fontMetrics.height();
    return {120, 2 * line + kLineGapPx + kBarPx + 4 + 10};
}

void RunDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const {
    painter->save();
    const std::uint32_t id = index.data(RunListItemModel::IdRole).toUInt();
    const bool isShown = std::ranges::find(m_shown, id) != m_shown.end();
    const auto state = static_cast<RunState>(index.data(RunListItemModel::StateRole).toInt());
    const QColor base = option.palette.color(QPalette::Base);
    const bool isHot = option.state.testFlag(QStyle::State_MouseOver);
    painter->fillRect(option.rect, isShown ? mixed(base, m_theme.accent, 0.18)
                                   : isHot ? mixed(base, m_theme.accent, 0.07)
                                           : base);
    if (isShown) {
        painter->fillRect(QRect(option.rect.topLeft(), QSize(3, option.rect.height())),
                          m_theme.accent);
    }
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(m_theme.accent);
        painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }

    const QRect area = option.rect.adjusted(kPaddingPx + 2, 5, -kPaddingPx, -5);
    const int line = option.fontMetrics.height();
    QFont bold = option.font;
    bold.setBold(true);
    painter->setFont(bold);
    const QString right = rightText(index);
    const int rightWidth = painter->fontMetrics().horizontalAdvance(right);
    const QRect first(area.left(), area.top(), area.width(), line);
    painter->setPen(state == RunState::Failed ? m_theme.error : m_theme.text);
    painter->drawText(first, Qt::AlignRight | Qt::AlignVCenter, right);
    painter->setPen(m_theme.text);
    painter->drawText(
        first.adjusted(0, 0, -rightWidth - kPaddingPx, 0), Qt::AlignLeft | Qt::AlignVCenter,
        painter->fontMetrics().elidedText(index.data(RunListItemModel::ModelRole).toString(),
                                          Qt::ElideRight, area.width() - rightWidth - kPaddingPx));
    painter->setFont(option.font);
    painter->setPen(m_theme.mutedText);
    const QRect second(area.left(), area.top() + line + kLineGapPx, area.width(), line);
    const QString source = index.data(RunListItemModel::SourceRole).toString();
    painter->drawText(second, Qt::AlignRight | Qt::AlignVCenter, source);
    const int factsWidth = area.width() - option.fontMetrics.horizontalAdvance(source) - kPaddingPx;
    const QString facts = index.data(RunListItemModel::SummaryRole).toString();
    const QString title = index.data(Qt::DisplayRole).toString();
    painter->drawText(second, Qt::AlignLeft | Qt::AlignVCenter,
                      option.fontMetrics.elidedText(
                          facts.isEmpty() ? title : facts + QStringLiteral(" · ") + title,
                          Qt::ElideRight, factsWidth));

    const QRectF groove(area.left(), area.bottom() - kBarPx + 1, area.width(), kBarPx);
    painter->fillRect(groove, mixed(base, m_theme.text, 0.10));
    const double share = std::clamp(index.data(RunListItemModel::ShareRole).toDouble(), 0.0, 1.0);
    painter->fillRect(QRectF(groove.topLeft(), QSizeF(groove.width() * share, kBarPx)),
                      state == RunState::Running ? m_theme.accent
                                                 : m_theme.of(State::Running).fill);
    painter->restore();
}

} // namespace interleave::ui
