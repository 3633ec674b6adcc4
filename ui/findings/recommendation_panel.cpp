// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/findings/recommendation_panel.h"

#include "ui/panels/state_totals_view.h"
#include "ui/theme/text.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedLayout>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace interleave::ui {

using recommendation::Candidate;
using recommendation::Recommendation;
using recommendation::Sureness;
using recommendation::Workload;

namespace {

enum Column { kModel, kWorkers, kEstimate, kLimit, kColumns };

QScrollArea* scrolled(QWidget* content) {
    auto* scroll = new QScrollArea;
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setMinimumHeight(30); // the dock may be low
    return scroll;
}

QLabel* sentence() {
    auto* label = new QLabel;
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

QString surenessText(Sureness sureness) {
    switch (sureness) {
    case Sureness::High:
        return RecommendationPanel::tr("quite sure");
    case Sureness::Medium:
        return RecommendationPanel::tr("fairly sure");
    case Sureness::Low:
        break;
    }
    return RecommendationPanel::tr("not sure");
}

QString headlineOf(const Recommendation& found) {
    const Candidate& best = found.best();
    const QString model = QString::fromStdString(best.model);
    const QString what =
        best.workers > 1
            ? RecommendationPanel::tr("%1 with %2 workers").arg(model).arg(best.workers)
            : model;
    return RecommendationPanel::tr("%1 (%2; estimated from what was measured)")
        .arg(what, surenessText(found.sureness));
}

/// What the bars don't say.
QString factsOf(const Workload& work) {
    QStringList facts{
        RecommendationPanel::tr("%1 tasks, %2 cores")
            .arg(countText(work.tasks), countText(static_cast<std::uint64_t>(work.cores))),
        RecommendationPanel::tr("Computes %1 %")
            .arg(QLocale().toString(work.computeShare() * 100, 'f', 0)),
        RecommendationPanel::tr("Longest chain %1").arg(durationText(work.criticalPathNs))};
    if (work.lockHeldNs > 0) {
        facts << RecommendationPanel::tr("One lock held %1").arg(durationText(work.lockHeldNs));
    }
    facts
        << (work.transferNs
                ? RecommendationPanel::tr("Payload sent in %1").arg(durationText(*work.transferNs))
                : RecommendationPanel::tr("Payload: nothing was sent, so what it "
                                          "would take is not known"));
    return facts.join(QStringLiteral("\n"));
}

analysis::StateTotals totalsOf(const Workload& work) {
    analysis::StateTotals totals;
    totals.ns[static_cast<std::size_t>(State::Running)] = work.computeNs;
    totals.ns[static_cast<std::size_t>(State::WaitingIo)] = work.waitNs;
    totals.ns[static_cast<std::size_t>(State::Transfer)] = work.transferNs.value_or(0);
    return totals;
}

} // namespace

RecommendationPanel::RecommendationPanel(QWidget* parent)
    : QWidget(parent)
    , m_pages(new QStackedLayout(this))
    , m_notice(sentence())
    , m_content(new QWidget)
    , m_shares(new StateTotalsView)
    , m_facts(sentence())
    , m_table(new QTableWidget)
    , m_headline(sentence())
    , m_reasons(sentence())
    , m_prove(new QPushButton(tr("&Prove it")))
    , m_proof(sentence())
    , m_copy(new QToolButton) {
    setAccessibleName(tr("Which model?"));
    build();
    connect(m_prove, &QPushButton::clicked, this, &RecommendationPanel::askForProof);
    connect(m_copy, &QToolButton::clicked, this,
            [this] { QApplication::clipboard()->setText(toText()); });
    refresh();
}

void RecommendationPanel::build() {
    m_notice->setForegroundRole(QPalette::PlaceholderText);
    m_notice->setContentsMargins(10, 8, 10, 8);
    m_table->setObjectName(QStringLiteral("candidates"));
    m_table->setAccessibleName(tr("Models, best first"));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setColumnCount(kColumns);
    m_table->setHorizontalHeaderLabels(
        {tr("Model"), tr("Workers"), tr("Estimated"), tr("Can't be faster than")});
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->installEventFilter(this);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 6);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(kLimit, QHeaderView::Stretch);
    auto* row = new QHBoxLayout(m_content);
    row->setContentsMargins(10, 6, 8, 4);
    row->setSpacing(12);
    row->addWidget(buildWork(), 3);
    row->addWidget(m_table, 4);
    row->addWidget(buildReasons(), 4);
    m_pages->addWidget(m_notice);
    m_pages->addWidget(m_content);
}

QWidget* RecommendationPanel::buildWork() {
    m_facts->setAccessibleName(tr("What was measured"));
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_shares);
    column->addWidget(m_facts);
    column->addStretch(1);
    return scrolled(content);
}

QWidget* RecommendationPanel::buildReasons() {
    QFont bold = m_headline->font();
    bold.setBold(true);
    m_headline->setFont(bold);
    m_headline->setObjectName(QStringLiteral("recommended"));
    m_reasons->setObjectName(QStringLiteral("reasons"));
    m_prove->setObjectName(QStringLiteral("prove"));
    m_proof->setObjectName(QStringLiteral("proofText"));
    m_copy->setText(tr("&Copy"));
    m_copy->setToolTip(tr("Copy the recommendation as text"));
    m_copy->setAutoRaise(true);
    auto* reasons = new QWidget;
    auto* lines = new QVBoxLayout(reasons);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(3);
    lines->addWidget(m_headline);
    lines->addWidget(m_reasons);
    lines->addStretch(1);
    auto* foot = new QHBoxLayout;
    foot->setSpacing(8);
    foot->addWidget(m_prove);
    foot->addWidget(m_proof, 1);
    foot->addWidget(m_copy);
    auto* whole = new QWidget;
    auto* column = new QVBoxLayout(whole);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(scrolled(reasons), 1);
    column->addLayout(foot);
    return whole;
}

void RecommendationPanel::setViewState(ViewState* state) {
    if (m_state == state) {
        return;
    }
    if (m_state) {
        m_state->disconnect(this);
    }
    m_state = state;
    if (m_state) {
        connect(m_state, &ViewState::recordingChanged, this, &RecommendationPanel::refresh);
        connect(m_state, &ViewState::themeChanged, this, &RecommendationPanel::refresh);
    }
    refresh();
}

void RecommendationPanel::setRerun(const Rerun& rerun) {
    m_rerun = rerun;
    showProof();
}

void RecommendationPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
}

void RecommendationPanel::refresh() {
    if (m_state) {
        m_shares->setTheme(m_state->theme());
    }
    const auto recording = m_state ? m_state->recording() : nullptr;
    if (!recording || recording->isLive) {
        m_task.cancel();
        m_recording = nullptr;
        m_found.reset();
        showNotice(recording ? tr("The run goes on: which model suits it is said at its end.")
                             : tr("Run something, or open a recording: which model suits its work "
                                  "is said here, with the reasons."));
        return;
    }
    if (!isVisible() || m_recording == recording) {
        return;
    }
    m_recording = recording;
    m_found.reset();
    showNotice(tr("Measuring the work…"));
    m_task.start([this, recording](const std::stop_token&) -> NewestTask::Then {
        auto found = recommendation::recommend(*recording);
        return [this, recording, found = std::move(found)] { showFound(recording, found); };
    });
}

void RecommendationPanel::showFound(const ViewState::RecordingPtr& recording,
                                    std::optional<Recommendation> found) {
    if (recording != m_recording) {
        return;
    }
    m_found = std::move(found);
    if (!m_found) {
        showNotice(tr("Nothing ran in this recording, so nothing can be said of its work."));
        return;
    }
    m_notice->clear();
    m_headline->setText(headlineOf(*m_found));
    QStringList reasons;
    for (const std::string& reason : m_found->reasons) {
        reasons << QString::fromStdString(reason);
    }
    if (!m_found->doubt.empty()) {
        reasons << tr("In doubt: %1").arg(QString::fromStdString(m_found->doubt));
    }
    m_reasons->setText(reasons.join(QStringLiteral("\n")));
    showWork(m_found->workload);
    showCandidates();
    showProof();
    m_pages->setCurrentWidget(m_content);
}

void RecommendationPanel::showNotice(const QString& sentence) {
    m_notice->setText(sentence);
    m_pages->setCurrentWidget(m_notice);
}

QString RecommendationPanel::notice() const {
    return m_notice->text();
}

void RecommendationPanel::showWork(const Workload& work) {
    m_shares->setTotals(tr("Measured"), totalsOf(work));
    m_facts->setText(factsOf(work));
}

void RecommendationPanel::showCandidates() {
    const auto& candidates = m_found->candidates;
    m_table->setRowCount(static_cast<int>(candidates.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const Candidate& each = candidates[static_cast<std::size_t>(row)];
        const QStringList cells{QString::fromStdString(each.model), QString::number(each.workers),
                                durationText(each.estimatedNs), QString::fromStdString(each.limit)};
        for (int column = 0; column < kColumns; ++column) {
            auto* item = new QTableWidgetItem(cells[column]);
            item->setToolTip(cells[column]);
            m_table->setItem(row, column, item);
        }
    }
}

void RecommendationPanel::showProof() {
    if (!m_found) {
        return;
    }
    const recommendation::Proof proof = recommendation::proofFor(*m_found);
    m_prove->setVisible(m_rerun.choice.has_value());
    m_prove->setEnabled(!m_rerun.isBusy);
    m_prove->setToolTip(m_rerun.isBusy ? tr("A run goes on; wait for its end")
                                       : tr("Run the first two models, and compare"));
    m_proof->setText(m_rerun.choice ? tr("Runs %1 and %2, %3 times each, with %4 workers.")
                                          .arg(QString::fromStdString(proof.models[0]),
                                               QString::fromStdString(proof.models[1]))
                                          .arg(proof.repeat)
                                          .arg(proof.workers)
                                    : m_rerun.refusal);
    m_prove->setAccessibleDescription(m_proof->text());
}

QString RecommendationPanel::proofText() const {
    return m_proof->text();
}

void RecommendationPanel::askForProof() {
    if (!m_found || !m_rerun.choice) {
        return;
    }
    const recommendation::Proof proof = recommendation::proofFor(*m_found);
    std::vector<models::RunChoice> choices;
    for (const std::string& model : proof.models) {
        choices.push_back({model, proof.workers, {}}); // defaults, as it was estimated
    }
    Q_EMIT proofWanted(choices, proof.repeat);
}

QString RecommendationPanel::toText() const {
    return m_found ? QString::fromStdString(recommendation::recommendationText(*m_found, {}))
                   : QString();
}

bool RecommendationPanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_table && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent*>(event)->matches(QKeySequence::Copy)) {
        QApplication::clipboard()->setText(toText());
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace interleave::ui
