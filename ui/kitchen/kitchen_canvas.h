// SPDX-License-Identifier: GPL-3.0-or-later
// The kitchen in the window: scrolls where it is higher than the window, follows the cursor, tells
// in words what the pointer is on, and selects in the other views what is clicked on. What stays
// the same is painted once and kept.
#pragma once

#include <QAbstractScrollArea> // first: moc 6.4 stumbles over <concepts> otherwise

#include "ui/kitchen/kitchen_layout.h"
#include "ui/kitchen/kitchen_scene.h"
#include "ui/view_state/view_state.h"

#include <QPixmap>

#include <memory>
#include <optional>

namespace interleave::ui {

class KitchenCanvas : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit KitchenCanvas(ViewState& state, QWidget* parent = nullptr);

    /// Null: nothing is recorded yet.
    void setKitchen(std::shared_ptr<const analysis::Kitchen> kitchen);
    const analysis::Kitchen* kitchen() const { return m_kitchen.get(); }
    bool isEmpty() const { return !m_kitchen || m_kitchen->isEmpty(); }
    const KitchenLayout& layout();
    Nanoseconds momentNs() const;
    analysis::KitchenMoment moment() const;
    KitchenScene scene();
    /// Where a rectangle of the layout is seen.
    QRectF placeOf(const QRectF& rect) const;
    std::optional<std::uint32_t> currentChef() const { return m_current; }
    void setCurrentChef(std::optional<std::uint32_t> chef);
    /// What is under a place of the viewport, in words.
    QString textAt(QPointF viewportPosition);

Q_SIGNALS:
    void currentChefChanged();

protected:
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void forgetLayout();
    void updateScrollBar();
    void paintBackdrop();
    std::optional<std::uint32_t> chefAt(QPointF position);
    TaskId dishAt(QPointF position);
    TaskId selectedTask() const;
    void selectChef(std::uint32_t chef);
    void selectOn(recording::TrackKind kind, std::uint32_t subject);
    void moveCurrent(int key);

    ViewState& m_state;
    std::shared_ptr<const analysis::Kitchen> m_kitchen;
    std::optional<KitchenLayout> m_layout;
    QPixmap m_backdrop; // of what is in sight
    std::optional<std::uint32_t> m_current;
};

} // namespace interleave::ui
