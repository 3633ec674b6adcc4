// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/findings/findings_panel.h"

#include "engine/findings/findings.h"
#include "ui/findings/finding_card.h"
#include "ui/findings/proof_jump.h"
#include "ui/theme/text.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QSplitter>
#include <QStackedLayout>
#include <QTableView>

namespace interleave::ui {

namespace {

/// "dish 3, 4.98 ms"
QString describe(const recording::Recording& recording, const findings::Proof& proof) {
    return FindingsPanel::tr("%1, %2").arg(
        QString::fromStdString(recording.track(proof.track).name),
        durationText(proof.range.durationNs()));
}

} // namespace

FindingsPanel::FindingsPanel(QWidget* parent)
    : QWidget(parent)
    , m_pages(new QStackedLayout(this))
    , m_notice(new QLabel)
    , m_split(new QSplitter)
    , m_list(new QTableView)
    , m_card(new FindingCard) {
    setAccessibleName(tr("Findings"));
    build();
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) { unfold(current.row()); });
    connect(m_list, &QTableView::clicked, this, [this] { goToProof(0); });
    connect(m_card, &FindingCard::previousWanted, this, &FindingsPanel::goToPreviousProof);
    connect(m_card, &FindingCard::nextWanted, this, &FindingsPanel::goToNextProof);
    connect(m_card, &FindingCard::copyWanted, this,
            [this] { QApplication::clipboard()->setText(toText()); });
    connect(m_card, &FindingCard::tryWanted, this, [this] {
        if (const findings::Finding* finding = chosen()) {
            const models::Changes changes = finding->tryIt; // the list changes with the new run
            Q_EMIT tryWanted(changes);
        }
    });
    refresh();
}

void FindingsPanel::build() {
    m_notice->setWordWrap(true);
    m_notice->setTextFormat(Qt::PlainText);
    m_notice->setForegroundRole(QPalette::PlaceholderText);
    m_notice->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_notice->setContentsMargins(10, 8, 10, 8);
    m_list->setModel(&m_model);
    m_list->setObjectName(QStringLiteral("findings"));
    m_list->setAccessibleName(tr("Findings, worst first"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setShowGrid(false);
    m_list->setAlternatingRowColors(true);
    m_list->setTabKeyNavigation(false); // Tab leaves the list
    m_list->setWordWrap(true);
    m_list->installEventFilter(this);
    m_list->verticalHeader()->hide();
    m_list->horizontalHeader()->hide();
    m_list->horizontalHeader()->setSectionResizeMode(FindingsItemModel::Severity,
                                                     QHeaderView::ResizeToContents);
    m_list->horizontalHeader()->setSectionResizeMode(FindingsItemModel::Message,
                                                     QHeaderView::Stretch);
    connect(m_list->horizontalHeader(), &QHeaderView::sectionResized, m_list,
            &QTableView::resizeRowsToContents);
    m_split->addWidget(m_list);
    m_split->addWidget(m_card);
    m_split->setChildrenCollapsible(false);
    m_split->setStretchFactor(0, 1);
    m_split->setStretchFactor(1, 1);
    m_split->setSizes({500, 500});
    m_pages->addWidget(m_notice);
    m_pages->addWidget(m_split);
}

void FindingsPanel::setViewState(ViewState* state) {
    if (m_state == state) {
        return;
    }
    if (m_state) {
        m_state->disconnect(this);
    }
    m_state = state;
    if (m_state) {
        connect(m_state, &ViewState::recordingChanged, this, &FindingsPanel::refresh);
        connect(m_state, &ViewState::themeChanged, this, &FindingsPanel::refresh);
    }
    refresh();
}

void FindingsPanel::setRerun(const Rerun& rerun) {
    m_card->setRerun(rerun);
}

void FindingsPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
}

void FindingsPanel::refresh() {
    if (m_state) {
        m_model.setTheme(m_state->theme());
        m_card->setTheme(m_state->theme());
    }
    const auto recording = m_state ? m_state->recording() : nullptr;
    if (!recording || recording->isLive) {
        m_task.cancel();
        m_recording = nullptr;
        m_model.setFindings({});
        showNotice(recording ? tr("The run goes on: what stands out is said at its end.")
                             : tr("Run something, or open a recording: what stands out in it is "
                                  "said here, with what proves it and what helps."));
        return;
    }
    if (!isVisible() || m_recording == recording) {
        return;
    }
    m_recording = recording;
    showNotice(tr("Looking for what stands out…"));
    m_task.start([this, recording](const std::stop_token& stop) -> NewestTask::Then {
        auto found = findings::findingsOf(*recording, stop);
        return [this, recording, found = std::move(found)] { showFindings(recording, found); };
    });
}

void FindingsPanel::showFindings(const ViewState::RecordingPtr& recording,
                                 std::vector<findings::Finding> found) {
    if (recording != m_recording) {
        return;
    }
    m_model.setFindings(std::move(found));
    if (m_model.rowCount() == 0) {
        showNotice(tr("Nothing stands out: there is nothing to mend in how this ran."));
        return;
    }
    m_notice->clear();
    m_pages->setCurrentWidget(m_split);
    m_list->resizeRowsToContents();
    m_list->setCurrentIndex(m_model.index(0, FindingsItemModel::Message));
    unfold(0);
}

void FindingsPanel::showNotice(const QString& sentence) {
    m_notice->setText(sentence);
    m_pages->setCurrentWidget(m_notice);
    unfold(-1);
}

QString FindingsPanel::notice() const {
    return m_notice->text();
}

QString FindingsPanel::toText() const {
    return QString::fromStdString(findings::findingsText(m_model.findings()));
}

const findings::Finding* FindingsPanel::chosen() const {
    return m_model.at(m_list->currentIndex().row());
}

void FindingsPanel::unfold(int row) {
    m_proof.reset();
    m_card->setFinding(m_model.at(row));
}

void FindingsPanel::goToProof(std::size_t index) {
    const findings::Finding* finding = chosen();
    if (finding == nullptr || index >= finding->evidence.size() || !m_state ||
        m_state->recording() != m_recording) {
        return;
    }
    const findings::Proof proof = finding->evidence[index];
    m_proof = index;
    m_card->setProof(m_proof, describe(*m_recording, proof));
    showProof(*m_state, proof);
    Q_EMIT proofShown();
}

// Past the last one it begins anew.
void FindingsPanel::goBy(int step) {
    const findings::Finding* finding = chosen();
    if (finding == nullptr || finding->evidence.empty()) {
        return;
    }
    const std::size_t count = finding->evidence.size();
    if (!m_proof) {
        goToProof(step > 0 ? 0 : count - 1);
    } else {
        goToProof((*m_proof + (step > 0 ? 1 : count - 1)) % count);
    }
}

void FindingsPanel::goToNextProof() {
    goBy(1);
}

void FindingsPanel::goToPreviousProof() {
    goBy(-1);
}

bool FindingsPanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_list || event->type() != QEvent::KeyPress) {
        return QWidget::eventFilter(watched, event);
    }
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->matches(QKeySequence::Copy)) {
        QApplication::clipboard()->setText(toText());
        return true;
    }
    switch (key->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        goToProof(0);
        return true;
    case Qt::Key_Right:
        goBy(1);
        return true;
    case Qt::Key_Left:
        goBy(-1);
        return true;
    default:
        return false;
    }
}

} // namespace interleave::ui
