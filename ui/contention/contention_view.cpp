// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/contention/contention_view.h"

#include "ui/chart/parts.h"
#include "ui/contention/contention_painter.h"
#include "ui/contention/contention_summary.h"
#include "ui/theme/text.h"

#include <QComboBox>
#include <QSignalBlocker>

namespace interleave::ui {

namespace {

constexpr int kChooserPx = 30;

ObjectId lockOf(const ContentionModel& model) {
    return model.isEmpty() ? ObjectId{} : model.row().statistics.object;
}

ObjectId objectNamed(const recording::Recording* recording, const std::string& name) {
    for (std::uint32_t i = 0; recording != nullptr && i < recording->objects.size(); ++i) {
        if (recording->objects[i].name == name) {
            return ObjectId{i + 1};
        }
    }
    return {};
}

} // namespace

ContentionView::ContentionView(ViewState& state, QWidget* parent)
    : SceneView(state, parent)
    , m_chooser(new QComboBox(this)) {
    setAccessibleName(tr("Lock contention"));
    m_chooser->setAccessibleName(tr("Lock to show"));
    m_chooser->setToolTip(tr("Which lock to show; the one that was waited for most comes first"));
    connect(m_chooser, &QComboBox::activated, this,
            [this](int index) { chooseLock(ObjectId{m_chooser->itemData(index).toUInt()}); });
    fillChooser();
}

// A later snapshot, or another run with a lock of that name, keeps the chosen lock.
void ContentionView::prepare() {
    if (m_recording != state().recording()) {
        const std::string name = m_model.isEmpty() ? "" : m_model.row().statistics.name;
        const ObjectId kept = objectNamed(state().recording().get(), name);
        m_recording = state().recording();
        m_model = m_recording ? contentionModelOf(*m_recording, kept) : ContentionModel{};
        fillChooser();
    }
}

ObjectId ContentionView::chosenLock() {
    prepare();
    return lockOf(m_model);
}

void ContentionView::chooseLock(ObjectId lock) {
    if (lock == chosenLock() || !m_recording) {
        return;
    }
    m_model = contentionModelOf(*m_recording, lock);
    fillChooser();
    refresh();
    Q_EMIT lockChosen(chosenLock());
}

// The table under it has the numbers, and shows the first few locks only.
void ContentionView::fillChooser() {
    const QSignalBlocker blocker(m_chooser);
    m_chooser->clear();
    for (const LockRow& row : m_model.locks) {
        const QString name = QString::fromStdString(row.statistics.name);
        const QString waited = durationText(row.statistics.waitNs);
        m_chooser->addItem(tr("%1: waited for %2 in all").arg(name, waited),
                           row.statistics.object.value);
    }
    m_chooser->setCurrentIndex(static_cast<int>(m_model.chosen));
    m_chooser->setVisible(m_model.locks.size() > kMostTableRows);
    placeChooser();
}

void ContentionView::placeChooser() {
    const bool isShown = m_model.locks.size() > kMostTableRows;
    setViewportMargins(0, isShown ? kChooserPx : 0, 0, 0);
    m_chooser->setGeometry(8, 2, std::min(360, width() - 16), kChooserPx - 4);
}

void ContentionView::resizeEvent(QResizeEvent* event) {
    SceneView::resizeEvent(event);
    placeChooser();
}

std::unique_ptr<ViewPainter> ContentionView::painter() {
    const ObjectId lock = chosenLock();
    return m_recording ? std::make_unique<ContentionPainter>(m_recording, state().visible(), lock)
                       : nullptr;
}

chart::Picture ContentionView::pictureFor(QSizeF size) {
    m_shown = {};
    m_shown.picture.scene.size = size;
    if (!m_recording) {
        chart::addEmptyState(m_shown.picture.scene, tr("Nothing recorded yet"),
                             tr("Choose a scenario and a model, then press Run. Here you will see "
                                "who held which lock, who waited for it, and how long."));
    } else if (m_model.isEmpty()) {
        m_shown.picture.scene = noLockScene(size);
    } else {
        m_shown = contentionPicture(*m_recording, m_model, {state().visible(), size, gutterPx()});
    }
    return m_shown.picture;
}

double ContentionView::preferredHeight() const {
    return preferredContentionHeight(m_model);
}

QString ContentionView::toolTipAt(QPointF position) {
    return m_model.isEmpty() ? QString() : contentionAt(*m_recording, m_model, m_shown, position);
}

void ContentionView::clickAt(QPointF position) {
    for (const PlacedLock& lock : m_shown.locks) {
        if (lock.rect.contains(position)) {
            const ObjectId object = lock.object; // choosing forgets the rows
            chooseLock(object);
            return;
        }
    }
}

} // namespace interleave::ui
