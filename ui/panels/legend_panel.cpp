// SPDX-License-Identifier: GPL-3.0-or-later
// LegendPanel: one button for each state, with the swatch that the painters use.
#include "ui/panels/legend_panel.h"

#include "engine/analysis/statistics.h"
#include "ui/panels/flow_layout.h"
#include "ui/theme/hatch.h"

#include <QPainter>
#include <QToolButton>

namespace interleave::ui {

namespace {

constexpr QSize kSwatch{26, 13};

QIcon swatchOf(State state, const Theme& theme, qreal ratio) {
    QPixmap pixmap(kSwatch * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    drawStateSwatch(painter, QRectF(0.5, 0.5, kSwatch.width() - 1, kSwatch.height() - 1), state,
                    theme);
    painter.end();
    return QIcon(pixmap);
}

StateSet statesIn(const recording::Recording& recording) {
    StateSet result;
    for (const auto kind : {recording::TrackKind::Task, recording::TrackKind::Worker}) {
        const auto totals = analysis::stateTotals(recording, kind, recording.range);
        for (std::size_t i = 0; i < totals.ns.size(); ++i) {
            result[i] = result[i] || totals.ns[i] > 0;
        }
    }
    return result;
}

} // namespace

QString labelOf(State state) {
    const std::string_view name = nameOf(state);
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

LegendPanel::LegendPanel(QWidget* parent)
    : QWidget(parent)
    , m_layout(new FlowLayout(this, 2)) {
    setAccessibleName(tr("Legend"));
    m_layout->setContentsMargins(8, 2, 8, 0);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void LegendPanel::setViewStates(const std::vector<ViewState*>& states) {
    for (const auto& old : m_states) {
        if (old) {
            old->disconnect(this);
        }
    }
    m_states.assign(states.begin(), states.end());
    if (!m_states.empty()) {
        connect(m_states.front(), &ViewState::hiddenStatesChanged, this,
                &LegendPanel::updateButtons);
        connect(m_states.front(), &ViewState::themeChanged, this, &LegendPanel::updateButtons);
    }
    refresh();
}

void LegendPanel::refresh() {
    StateSet occurring;
    for (const auto& state : m_states) {
        if (state && state->recording()) {
            occurring |= statesIn(*state->recording());
        }
    }
    if (occurring != m_occurring) {
        rebuild(occurring);
    }
    updateButtons();
}

void LegendPanel::rebuild(const StateSet& occurring) {
    m_occurring = occurring;
    while (QLayoutItem* item = m_layout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_buttons.clear();
    for (int i = 0; i < kStateCount; ++i) {
        if (!occurring[static_cast<std::size_t>(i)]) {
            continue;
        }
        const auto state = static_cast<State>(i);
        auto* button = new QToolButton(this);
        button->setObjectName(QStringLiteral("legend-") + labelOf(state));
        button->setCheckable(true);
        button->setAutoRaise(true);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setIconSize(kSwatch);
        const std::string_view meaning = meaningOf(state);
        button->setToolTip(
            tr("%1\nClick to hide or show it.")
                .arg(QString::fromUtf8(meaning.data(), static_cast<qsizetype>(meaning.size()))));
        connect(button, &QToolButton::clicked, this, [this, state] {
            if (!m_states.empty() && m_states.front()) {
                m_states.front()->toggleState(state);
            }
        });
        m_layout->addWidget(button);
        m_buttons.emplace_back(state, button);
    }
    updateGeometry();
}

void LegendPanel::updateButtons() {
    if (m_states.empty() || !m_states.front()) {
        return;
    }
    const ViewState& view = *m_states.front();
    for (const auto& [state, button] : m_buttons) {
        const bool isHidden = view.isHidden(state);
        button->setIcon(swatchOf(state, view.theme(), devicePixelRatioF()));
        button->setChecked(false);
        button->setText(isHidden ? tr("%1 (hidden)").arg(labelOf(state)) : labelOf(state));
        QFont font = this->font();
        font.setStrikeOut(isHidden);
        button->setFont(font);
        button->setChecked(isHidden);
    }
}

} // namespace interleave::ui
