// SPDX-License-Identifier: GPL-3.0-or-later
// LegendPanel: one button for each state, with the swatch that the painters use.
#include "ui/panels/legend_panel.h"

#include "engine/analysis/statistics.h"
#include "ui/panels/flow_layout.h"
#include "ui/theme/hatch.h"
#include "ui/theme/text.h"

#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPainter>
#include <QToolButton>

#include <algorithm>

namespace interleave::ui {

namespace {

constexpr QSize kSwatch{26, 13};
constexpr int kReportDelayMs = 60;

template <class Paint>
QPixmap swatch(qreal ratio, Paint paint) {
    QPixmap pixmap(kSwatch * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paint(painter, QRectF(0.5, 0.5, kSwatch.width() - 1, kSwatch.height() - 1));
    return pixmap;
}

QPixmap swatchOf(State state, const Theme& theme, qreal ratio) {
    return swatch(ratio, [&](QPainter& painter, const QRectF& cell) {
        drawStateSwatch(painter, cell, state, theme);
    });
}

/// Columns of shares over a dotted line, as the Gantt draws spans too narrow to draw.
QPixmap mergedSwatch(const Theme& theme, qreal ratio) {
    return swatch(ratio, [&](QPainter& painter, const QRectF& cell) {
        static constexpr std::array<double, 12> shares{0.5, 0.7, 0.4, 0.9, 0.6, 0.3,
                                                       0.8, 0.5, 0.7, 0.2, 0.6, 0.8};
        const double height = cell.height() - 3;
        for (std::size_t i = 0; i < shares.size(); ++i) {
            const double x = cell.left() + static_cast<double>(i) * 2;
            const double running = std::round(height * shares[i]);
            painter.fillRect(QRectF(x, cell.top(), 2, height - running),
                             theme.of(State::WaitingGil).fill);
            painter.fillRect(QRectF(x, cell.top() + height - running, 2, running),
                             theme.of(State::Running).fill);
        }
        for (double x = cell.left(); x < cell.right(); x += 4) {
            painter.fillRect(QRectF(x, cell.bottom() - 1.5, 2, 1.5), theme.mutedText);
        }
    });
}

QPixmap preemptedSwatch(const Theme& theme, qreal ratio) {
    return swatch(ratio, [&](QPainter& painter, const QRectF& cell) {
        drawStateSwatch(painter, cell, State::Ready, theme);
        painter.setRenderHint(QPainter::Antialiasing, true);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.error);
        const QPointF top = cell.topLeft() + QPointF(1, 1);
        painter.drawPolygon(QPolygonF({top, top + QPointF(7, 0), top + QPointF(3.5, 7)}));
    });
}

/// A bar whose end is torn.
QPixmap unfinishedSwatch(const Theme& theme, qreal ratio) {
    return swatch(ratio, [&](QPainter& painter, const QRectF& cell) {
        const QPointF step(0, cell.height() / 4);
        const QPointF in(-4, 0);
        painter.setRenderHint(QPainter::Antialiasing, true);
        painter.setPen(theme.outline);
        painter.setBrush(theme.of(State::Running).fill);
        painter.drawPolygon(QPolygonF({cell.bottomLeft(), cell.topLeft(), cell.topRight(),
                                       cell.topRight() + step + in, cell.topRight() + 2 * step,
                                       cell.topRight() + 3 * step + in, cell.bottomRight()}));
    });
}

StateSet statesIn(const recording::Recording& recording) {
    StateSet result;
    for (const recording::Track& track : recording.tracks) {
        if (track.kind == recording::TrackKind::Task ||
            track.kind == recording::TrackKind::Worker) {
            for (std::size_t i = 0; i < result.size(); ++i) {
                result[i] = result[i] || track.spans.hasState(static_cast<State>(i));
            }
        }
    }
    return result;
}

QString meaningText(State state) {
    const std::string_view meaning = meaningOf(state);
    return QString::fromUtf8(meaning.data(), static_cast<qsizetype>(meaning.size()));
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
    m_reportTimer.setSingleShot(true);
    m_reportTimer.setInterval(kReportDelayMs);
    connect(&m_reportTimer, &QTimer::timeout, this, &LegendPanel::updateReport);
}

ViewState* LegendPanel::view() const {
    return m_states.empty() ? nullptr : m_states.front().data();
}

void LegendPanel::setViewStates(const std::vector<ViewState*>& states) {
    for (const auto& old : m_states) {
        if (old) {
            old->disconnect(this);
        }
    }
    m_states.assign(states.begin(), states.end());
    if (ViewState* first = view()) {
        connect(first, &ViewState::hiddenStatesChanged, this, &LegendPanel::updateButtons);
        connect(first, &ViewState::themeChanged, this, &LegendPanel::updateButtons);
        const auto later = [this] {
            if (!m_reportTimer.isActive()) {
                m_reportTimer.start();
            }
        };
        connect(first, &ViewState::visibleChanged, this, later);
        connect(first, &ViewState::groupingChanged, this, later);
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
    m_marks.clear();
    m_report = nullptr;
    m_showAll = nullptr;
    for (int i = 0; i < kStateCount; ++i) {
        if (occurring[static_cast<std::size_t>(i)]) {
            addState(static_cast<State>(i));
        }
    }
    if (!m_buttons.empty()) {
        addMarks();
    }
    updateGeometry();
}

void LegendPanel::addState(State state) {
    auto* button = new QToolButton(this);
    button->setObjectName(QStringLiteral("legend-") + labelOf(state));
    button->setCheckable(true);
    button->setAutoRaise(true);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setIconSize(kSwatch);
    button->setFocusPolicy(Qt::StrongFocus);
    button->installEventFilter(this);
    connect(button, &QToolButton::clicked, this, [this, state] {
        if (ViewState* first = view()) {
            const bool isToggle =
                QGuiApplication::keyboardModifiers().testFlag(Qt::ControlModifier);
            isToggle ? first->toggleState(state) : showOnly(state);
            updateButtons(); // the click has checked the button
        }
    });
    m_layout->addWidget(button);
    m_buttons.emplace_back(state, button);
}

void LegendPanel::addMarks() {
    m_showAll = new QToolButton(this);
    m_showAll->setObjectName(QStringLiteral("showAllStates"));
    m_showAll->setAutoRaise(true);
    QFont bold = font();
    bold.setBold(true);
    m_showAll->setFont(bold);
    connect(m_showAll, &QToolButton::clicked, this, [this] {
        if (ViewState* first = view()) {
            first->setHiddenStates({});
        }
    });
    m_layout->addWidget(m_showAll);
    m_report = new QLabel(this);
    m_report->setObjectName(QStringLiteral("stateReport"));
    m_report->setTextFormat(Qt::PlainText);
    m_report->setMargin(4);
    m_layout->addWidget(m_report);
    static const std::array<std::pair<const char*, const char*>, 3> texts{
        std::pair{
            QT_TR_NOOP("merged"),
            QT_TR_NOOP("Spans too narrow to draw: every column shows the share of each state, "
                       "over a dotted line. Zoom in to see them one by one.")},
        std::pair{QT_TR_NOOP("pre-empted"),
                  QT_TR_NOOP("The kernel took the core away at the red mark.")},
        std::pair{QT_TR_NOOP("unfinished"),
                  QT_TR_NOOP("Its end was not recorded: it reaches to the end of what was.")}};
    for (const auto& [text, help] : texts) {
        auto* image = new QLabel(this);
        auto* label = new QLabel(tr(text), this);
        image->setContentsMargins(6, 4, 0, 4);
        label->setContentsMargins(0, 4, 2, 4);
        label->setForegroundRole(QPalette::PlaceholderText);
        for (QLabel* each : {image, label}) {
            each->setToolTip(tr(help));
            m_layout->addWidget(each);
            m_marks.push_back(each);
        }
    }
}

void LegendPanel::updateMarks() {
    if (m_marks.empty()) {
        return;
    }
    const Theme& theme = view()->theme();
    const qreal ratio = devicePixelRatioF();
    m_marks[0]->setPixmap(mergedSwatch(theme, ratio));
    m_marks[2]->setPixmap(preemptedSwatch(theme, ratio));
    m_marks[4]->setPixmap(unfinishedSwatch(theme, ratio));
    const auto recording = view()->recording();
    const bool isForeign = recording && recording->info.source == recording::Source::Imported;
    const bool canBeOpen = recording && (isForeign || recording->isLive);
    for (const std::size_t i : {std::size_t{2}, std::size_t{3}}) {
        m_marks[i]->setVisible(recording && !isForeign &&
                               m_occurring[static_cast<std::size_t>(State::Ready)]);
    }
    for (const std::size_t i : {std::size_t{4}, std::size_t{5}}) {
        m_marks[i]->setVisible(canBeOpen);
    }
}

std::optional<State> LegendPanel::onlyShown() const {
    std::optional<State> only;
    for (const auto& [state, button] : m_buttons) {
        if (!view()->isHidden(state)) {
            if (only) {
                return std::nullopt;
            }
            only = state;
        }
    }
    return m_buttons.size() > 1 ? only : std::nullopt;
}

void LegendPanel::showOnly(State state) {
    ViewState* first = view();
    if (first == nullptr) {
        return;
    }
    StateSet hidden;
    if (onlyShown() != state) {
        hidden.set();
        hidden.reset(static_cast<std::size_t>(state));
        // What locks' and cores' tracks show has no entry here to come back by.
        hidden.reset(static_cast<std::size_t>(State::Held));
        hidden.reset(static_cast<std::size_t>(State::Other));
    }
    first->setHiddenStates(hidden);
}

QString LegendPanel::totalsText(State state) const {
    const ViewState* first = view();
    if (first == nullptr || !first->recording()) {
        return {};
    }
    const TimeRange range = first->visible().intersected(first->recording()->range);
    const auto totals = analysis::stateTotals(
        *first->recording(), mainKindOf(*first->recording(), first->grouping()), range);
    const Nanoseconds ns = totals.ns[static_cast<std::size_t>(state)];
    const double share = 100.0 * static_cast<double>(ns) /
                         static_cast<double>(std::max<Nanoseconds>(1, totals.total()));
    const QString percent = share > 0 && share < 0.05
                                ? QStringLiteral("<0.1")
                                : QLocale().toString(share, 'f', share < 9.95 ? 1 : 0);
    return tr("%1: %2, %3 % of what is in sight").arg(labelOf(state), durationText(ns), percent);
}

void LegendPanel::updateReport() {
    if (m_report == nullptr || view() == nullptr) {
        return;
    }
    const auto only = onlyShown();
    m_report->setVisible(only.has_value());
    if (only) {
        m_report->setText(totalsText(*only));
    }
}

void LegendPanel::updateButtons() {
    if (view() == nullptr) {
        return;
    }
    const auto only = onlyShown();
    int hiddenCount = 0;
    for (const auto& [state, button] : m_buttons) {
        const bool isHidden = view()->isHidden(state);
        hiddenCount += isHidden ? 1 : 0;
        button->setIcon(swatchOf(state, view()->theme(), devicePixelRatioF()));
        QFont font = this->font();
        font.setStrikeOut(isHidden);
        button->setFont(font);
        button->setText(labelOf(state));
        button->setChecked(only == state);
        button->setAccessibleName(isHidden ? tr("%1, hidden").arg(labelOf(state)) : labelOf(state));
        button->setToolTip(
            tr("%1\nClick to see it alone, again to see all. Ctrl+click hides or shows it.")
                .arg(meaningText(state)));
    }
    if (m_showAll != nullptr) {
        m_showAll->setVisible(hiddenCount > 0);
        m_showAll->setText(tr("Show all (%1 hidden)").arg(hiddenCount));
    }
    updateMarks();
    updateReport();
}

void LegendPanel::showMenu(State state, QPoint globalPoint) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QString name = labelOf(state);
    const bool isOnly = onlyShown() == state;
    if (!isOnly) {
        menu->addAction(tr("Show %1 &only").arg(name), this, [this, state] { showOnly(state); });
    }
    menu->addAction(view()->isHidden(state) ? tr("&Show %1").arg(name) : tr("&Hide %1").arg(name),
                    this, [this, state] { view()->toggleState(state); });
    menu->addAction(tr("Show &all"), this, [this] { view()->setHiddenStates({}); })
        ->setEnabled(view()->hiddenStates().any());
    menu->popup(globalPoint);
}

bool LegendPanel::eventFilter(QObject* watched, QEvent* event) {
    const auto entry = std::ranges::find_if(
        m_buttons, [watched](const auto& each) { return each.second == watched; });
    if (entry == m_buttons.end() || view() == nullptr) {
        return QWidget::eventFilter(watched, event);
    }
    switch (event->type()) {
    case QEvent::Enter:
        view()->setHighlightedState(entry->first);
        break;
    case QEvent::Leave:
        view()->setHighlightedState(std::nullopt);
        break;
    case QEvent::ToolTip:
        entry->second->setToolTip(
            tr("%1\n%2\nClick to see it alone, again to see all. Ctrl+click hides or shows it.")
                .arg(totalsText(entry->first), meaningText(entry->first)));
        break;
    case QEvent::ContextMenu:
        showMenu(entry->first, static_cast<QContextMenuEvent*>(event)->globalPos());
        return true;
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace interleave::ui
