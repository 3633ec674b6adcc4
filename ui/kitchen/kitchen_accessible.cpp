// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kitchen/kitchen_accessible.h"

#include "ui/kitchen/kitchen_canvas.h"
#include "ui/kitchen/kitchen_text.h"
#include "ui/view_state/painted_list.h"

namespace interleave::ui {

namespace {

/// Chefs come first, then rooms.
class KitchenItem : public PaintedItem {
public:
    KitchenItem(KitchenCanvas& canvas, std::uint32_t index)
        : PaintedItem(canvas)
        , m_canvas(canvas)
        , m_index(index) {}

    bool isValid() const override {
        return hasList() && !m_canvas.isEmpty() && m_index < chefs() + rooms();
    }
    QRect rect() const override {
        if (!isValid()) {
            return {};
        }
        const KitchenLayout& layout = m_canvas.layout();
        const QRectF place =
            isChef() ? layout.stations[m_index].rect : layout.rooms[m_index - chefs()].rect;
        return m_canvas.placeOf(place).toRect().translated(
            m_canvas.viewport()->mapToGlobal(QPoint(0, 0)));
    }
    QAccessible::State state() const override {
        QAccessible::State state;
        state.selectable = true;
        state.focusable = isValid() && isChef();
        state.invalid = !isValid();
        state.selected = isValid() && m_canvas.currentChef() == m_index;
        state.focused = state.selected && m_canvas.hasFocus();
        return state;
    }

private:
    std::size_t chefs() const { return m_canvas.kitchen()->chefs().size(); }
    std::size_t rooms() const { return m_canvas.kitchen()->rooms().size(); }
    bool isChef() const { return m_index < chefs(); }
    QString sentence() const override {
        const auto moment = m_canvas.moment();
        QString text = isChef() ? chefText(*m_canvas.kitchen(), moment, m_index)
                                : roomText(*m_canvas.kitchen(), moment,
                                           m_index - static_cast<std::uint32_t>(chefs()));
        return text.replace(u'\n', QStringLiteral(", "));
    }

    KitchenCanvas& m_canvas; // while hasList()
    std::uint32_t m_index;
};

class KitchenList : public PaintedList {
public:
    explicit KitchenList(KitchenCanvas& canvas)
        : PaintedList(canvas, canvas.accessibleName())
        , m_canvas(canvas) {
        m_followed = QObject::connect(&canvas, &KitchenCanvas::currentChefChanged, &canvas,
                                      [this] { announce(); });
    }
    ~KitchenList() override { QObject::disconnect(m_followed); }
    KitchenList(const KitchenList&) = delete;
    KitchenList& operator=(const KitchenList&) = delete;

    int childCount() const override {
        const analysis::Kitchen* kitchen = m_canvas.kitchen();
        return kitchen == nullptr
                   ? 0
                   : static_cast<int>(kitchen->chefs().size() + kitchen->rooms().size());
    }
    QAccessibleInterface* childAt(int x, int y) const override {
        for (int i = 0; i < childCount(); ++i) { // a chef lies over the room
            if (QAccessibleInterface* item = child(i); item->rect().contains(x, y)) {
                return item;
            }
        }
        return nullptr;
    }
    QAccessibleInterface* focusChild() const override {
        const auto& current = m_canvas.currentChef();
        return current ? child(static_cast<int>(*current)) : nullptr;
    }

private:
    QAccessibleInterface* makeItem(int index) const override {
        return new KitchenItem(m_canvas, static_cast<std::uint32_t>(index));
    }
    void announce() const {
        if (QAccessibleInterface* chef = focusChild(); chef != nullptr && m_canvas.hasFocus()) {
            QAccessibleEvent event(chef, QAccessible::Focus);
            QAccessible::updateAccessibility(&event);
        }
    }

    KitchenCanvas& m_canvas;
    QMetaObject::Connection m_followed;
};

QAccessibleInterface* makeKitchenAccessible(const QString&, QObject* object) {
    auto* canvas = qobject_cast<KitchenCanvas*>(object);
    return canvas != nullptr ? new KitchenList(*canvas) : nullptr;
}

} // namespace

void installKitchenAccessible() {
    QAccessible::installFactory(makeKitchenAccessible); // installs each function once
}

} // namespace interleave::ui
