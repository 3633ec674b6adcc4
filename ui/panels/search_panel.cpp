// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/search_panel.h"

#include "ui/panels/icons.h"
#include "ui/theme/text.h"
#include "ui/view_state/track_arrangement.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace interleave::ui {

namespace {

constexpr int kTypingMs = 90;
constexpr int kLiveMs = 700;

/// The tracks of all rows, in their order; those that the reader hid are found too.
std::vector<TrackId> searchedTracks(const ViewState& state) {
    std::vector<TrackId> tracks;
    for (const TrackGroup& group : trackGroups(*state.recording(), state.grouping())) {
        tracks.insert(tracks.end(), group.tracks.begin(), group.tracks.end());
    }
    return tracks;
}

QToolButton* arrowButton(Qt::ArrowType arrow, const QString& tip) {
    auto* button = new QToolButton;
    button->setArrowType(arrow);
    button->setAutoRaise(true);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    return button;
}

} // namespace

SearchPanel::SearchPanel(QWidget* parent)
    : QWidget(parent)
    , m_text(new QLineEdit)
    , m_previous(arrowButton(Qt::UpArrow, tr("Previous hit (Shift+Enter, Shift+F3)")))
    , m_next(arrowButton(Qt::DownArrow, tr("Next hit (Enter, F3)")))
    , m_inSight(new QCheckBox(tr("Only in the visible range")))
    , m_message(new QLabel)
    , m_list(new QTableView) {
    setAccessibleName(tr("Search"));
    build();
    m_delay.setSingleShot(true);
    connect(&m_delay, &QTimer::timeout, this, &SearchPanel::start);
    connect(m_text, &QLineEdit::textChanged, this, [this] { m_delay.start(kTypingMs); });
    connect(m_inSight, &QCheckBox::toggled, this, [this] { m_delay.start(0); });
    connect(m_next, &QToolButton::clicked, this, &SearchPanel::goToNext);
    connect(m_previous, &QToolButton::clicked, this, &SearchPanel::goToPrevious);
    connect(&m_runner, &SearchRunner::found, this, &SearchPanel::showHits);
    connect(m_list, &QTableView::clicked, this,
            [this](const QModelIndex& index) { goTo(index.row()); });
    connect(m_list, &QTableView::doubleClicked, this, [this] {
        if (m_state && m_state->selectedSpanValue()) {
            m_state->zoomTo(m_state->selectedSpanValue()->range);
        }
    });
    updateMessage();
}

void SearchPanel::build() {
    m_text->setClearButtonEnabled(true);
    m_text->setPlaceholderText(tr("task, state, name, lock"));
    m_text->setAccessibleName(tr("Search for"));
    m_text->setToolTip(tr("All words must be found. \"state:\", \"task:\", \"name:\", \"cause:\" "
                          "and \"lock:\" look in one place only; \"quotes hold together\"; "
                          ">1ms and <20us ask for a duration."));
    m_text->installEventFilter(this);
    m_message->setWordWrap(true);
    m_message->setTextFormat(Qt::PlainText);
    m_message->setForegroundRole(QPalette::PlaceholderText);
    m_list->setModel(&m_hits);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setShowGrid(false);
    m_list->setAlternatingRowColors(true);
    m_list->setTabKeyNavigation(false);
    m_list->setWordWrap(false);
    m_list->setIconSize({18, 12});
    m_list->setAccessibleName(tr("Hits"));
    m_list->installEventFilter(this);
    m_list->verticalHeader()->hide();
    m_list->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    m_list->horizontalHeader()->setHighlightSections(false);
    m_list->horizontalHeader()->setSectionResizeMode(QHeaderView::Interactive);
    m_list->horizontalHeader()->setStretchLastSection(false);
    const int letter = fontMetrics().horizontalAdvance('0');
    m_list->horizontalHeader()->setSectionResizeMode(SearchHitsItemModel::kWhat,
                                                     QHeaderView::Stretch);
    m_list->setColumnWidth(SearchHitsItemModel::kRow, letter * 10);
    m_list->setColumnWidth(SearchHitsItemModel::kTime, letter * 13);
    m_list->setColumnWidth(SearchHitsItemModel::kDuration, letter * 9);
    auto* top = new QHBoxLayout;
    top->setSpacing(2);
    top->addWidget(m_text, 1);
    top->addWidget(m_previous);
    top->addWidget(m_next);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 4);
    column->setSpacing(6);
    column->addLayout(top);
    column->addWidget(m_inSight);
    column->addWidget(m_message);
    column->addWidget(m_list, 1);
    setMinimumWidth(letter * 34);
}

void SearchPanel::setViewState(ViewState* state) {
    if (m_state == state) {
        return;
    }
    if (m_state) {
        m_state->disconnect(this);
        m_state->setSearchHits(nullptr);
    }
    m_state = state;
    if (m_state) {
        connect(m_state, &ViewState::recordingChanged, this, &SearchPanel::onRecordingChanged);
        connect(m_state, &ViewState::groupingChanged, this, [this] { m_delay.start(0); });
        connect(m_state, &ViewState::themeChanged, this,
                [this] { m_hits.setTheme(m_state->theme()); });
        connect(m_state, &ViewState::visibleChanged, this, [this] {
            if (m_inSight->isChecked()) {
                m_delay.start(kTypingMs);
            }
        });
        m_hits.setTheme(m_state->theme());
    }
    onRecordingChanged();
}

// A live run has a new recording ten times a second; its hits need not.
void SearchPanel::onRecordingChanged() {
    const bool isLive = m_state && m_state->recording() && m_state->recording()->isLive;
    if (!isLive) {
        m_delay.start(0);
    } else if (!m_delay.isActive()) {
        m_delay.start(kLiveMs);
    }
}

void SearchPanel::focusText() {
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->selectAll();
}

void SearchPanel::setText(const QString& text) {
    m_text->setText(text);
}

QString SearchPanel::message() const {
    return m_message->text();
}

void SearchPanel::clear() {
    m_text->clear();
    m_delay.stop();
    start();
}

void SearchPanel::start() {
    m_error.clear();
    const auto query = analysis::spanQueryFrom(m_text->text().toStdString());
    const bool canSearch = m_state && m_state->recording() && query && !query->isEmpty();
    if (!canSearch) {
        m_error = query ? QString() : QString::fromStdString(query.error().message);
        m_runner.cancel();
        showHits(nullptr);
        return;
    }
    m_searched = m_state->recording();
    SearchRunner::Request request{m_searched, m_text->text(), *query, {}};
    request.scope.tracks = searchedTracks(*m_state);
    request.scope.densityRange = m_searched->range;
    if (m_inSight->isChecked()) {
        request.scope.within = m_state->visible();
    }
    m_runner.search(std::move(request));
    updateMessage();
}

void SearchPanel::showHits(std::shared_ptr<const SearchHits> hits) {
    m_current = -1;
    m_hits.setHits(m_searched, hits);
    if (m_state) {
        m_state->setSearchHits(std::move(hits));
    }
    updateMessage();
}

void SearchPanel::updateMessage() {
    const auto& hits = m_hits.hits();
    QString text;
    if (!m_error.isEmpty()) {
        text = m_error;
    } else if (m_runner.isBusy()) {
        text = tr("Searching…");
    } else if (hits && hits->count == 0) {
        text = tr("Nothing was found.");
    } else if (hits) {
        text = m_current >= 0 ? tr("%1 of %2")
                                    .arg(countText(static_cast<std::uint64_t>(m_current) + 1),
                                         countText(hits->count))
               : hits->count == 1 ? tr("1 hit")
                                  : tr("%1 hits").arg(countText(hits->count));
        if (hits->count > hits->listed.size()) {
            text += tr("; the first %1 are listed").arg(countText(hits->listed.size()));
        }
    } else {
        text = tr("Finds spans by task, state, name, lock and cause.");
    }
    m_message->setText(text);
    const bool hasHits = hits && !hits->listed.empty();
    m_next->setEnabled(hasHits);
    m_previous->setEnabled(hasHits);
}

void SearchPanel::goTo(int row) {
    if (!m_state || !m_hits.hits() || row < 0 || row >= m_hits.rowCount()) {
        return;
    }
    m_current = row;
    m_list->selectRow(row);
    m_list->scrollTo(m_hits.index(row, 0));
    const SpanRef hit = m_hits.hits()->listed[static_cast<std::size_t>(row)];
    m_state->setSelectedSpan(hit);
    m_state->reveal(hit);
    updateMessage();
}

// The first step leads to the first hit in sight or after it; past the end it begins anew.
void SearchPanel::goBy(int step) {
    const int rows = m_hits.rowCount();
    if (rows == 0 || !m_state) {
        return;
    }
    if (m_current < 0) {
        const int first = m_hits.firstFrom(m_state->visible().beginNs);
        goTo(step > 0 ? first % rows : (first + rows - 1) % rows);
        return;
    }
    goTo((m_current + step + rows) % rows);
}

void SearchPanel::goToNext() {
    goBy(1);
}

void SearchPanel::goToPrevious() {
    goBy(-1);
}

bool SearchPanel::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() != QEvent::KeyPress) {
        return QWidget::eventFilter(watched, event);
    }
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool isInText = watched == m_text;
    switch (key->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_delay.isActive()) { // typed and at once entered
            m_delay.stop();
            start();
            return true;
        }
        goBy(key->modifiers().testFlag(Qt::ShiftModifier) ? -1 : 1);
        return true;
    case Qt::Key_Down:
    case Qt::Key_Up:
        goBy(key->key() == Qt::Key_Down ? 1 : -1);
        return true;
    case Qt::Key_PageDown:
    case Qt::Key_PageUp:
        if (isInText) {
            const int page = std::max(1, m_list->height() / m_list->rowHeight(0) - 1);
            goTo(std::clamp(m_current + (key->key() == Qt::Key_PageDown ? page : -page), 0,
                            m_hits.rowCount() - 1));
            return true;
        }
        break;
    case Qt::Key_Escape:
        Q_EMIT closed();
        return true;
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace interleave::ui
