// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/topology_accessible.h"

#include "ui/topology/topology_canvas.h"
#include "ui/topology/topology_text.h"
#include "ui/view_state/painted_list.h"

namespace interleave::ui {

namespace {

class NodeAccessible : public PaintedItem {
public:
    NodeAccessible(TopologyCanvas& canvas, std::uint32_t node)
        : PaintedItem(canvas)
        , m_canvas(canvas)
        , m_node(node) {}

    bool isValid() const override {
        return hasList() && m_canvas.model() != nullptr &&
               m_node < m_canvas.model()->topology().nodes.size();
    }
    QRect rect() const override {
        if (!isValid()) {
            return {};
        }
        const QRectF place = m_canvas.placeOf(m_canvas.layout().nodes[m_node]);
        return place.toRect().translated(m_canvas.viewport()->mapToGlobal(QPoint(0, 0)));
    }
    QAccessible::State state() const override {
        QAccessible::State state;
        state.selectable = true;
        state.focusable = true;
        state.invalid = !isValid();
        state.selected = isValid() && m_canvas.currentNode() == m_node;
        state.focused = state.selected && m_canvas.hasFocus();
        return state;
    }

private:
    QString sentence() const override {
        return nodeText(*m_canvas.model(), m_node, m_canvas.momentNs())
            .replace(u'\n', QStringLiteral(", "));
    }

    TopologyCanvas& m_canvas; // while hasList()
    std::uint32_t m_node;
};

class CanvasAccessible : public PaintedList {
public:
    explicit CanvasAccessible(TopologyCanvas& canvas)
        : PaintedList(canvas, canvas.accessibleName())
        , m_canvas(canvas) {
        m_followed = QObject::connect(&canvas, &TopologyCanvas::currentNodeChanged, &canvas,
                                      [this] { announce(); });
    }
    ~CanvasAccessible() override { QObject::disconnect(m_followed); }
    CanvasAccessible(const CanvasAccessible&) = delete;
    CanvasAccessible& operator=(const CanvasAccessible&) = delete;

    int childCount() const override {
        const TopologyModel* model = m_canvas.model();
        return model == nullptr ? 0 : static_cast<int>(model->topology().nodes.size());
    }
    QAccessibleInterface* childAt(int x, int y) const override {
        for (int i = 0; i < childCount(); ++i) {
            if (QAccessibleInterface* node = child(i); node->rect().contains(x, y)) {
                return node;
            }
        }
        return nullptr;
    }
    QAccessibleInterface* focusChild() const override {
        const auto& current = m_canvas.currentNode();
        return current ? child(static_cast<int>(*current)) : nullptr;
    }

private:
    QAccessibleInterface* makeItem(int index) const override {
        return new NodeAccessible(m_canvas, static_cast<std::uint32_t>(index));
    }
    void announce() const {
        if (QAccessibleInterface* node = focusChild(); node != nullptr && m_canvas.hasFocus()) {
            QAccessibleEvent event(node, QAccessible::Focus);
            QAccessible::updateAccessibility(&event);
        }
    }

    TopologyCanvas& m_canvas;
    QMetaObject::Connection m_followed;
};

QAccessibleInterface* makeCanvasAccessible(const QString&, QObject* object) {
    auto* canvas = qobject_cast<TopologyCanvas*>(object);
    return canvas != nullptr ? new CanvasAccessible(*canvas) : nullptr;
}

} // namespace

void installTopologyAccessible() {
    QAccessible::installFactory(makeCanvasAccessible); // installs each function once
}

} // namespace interleave::ui
