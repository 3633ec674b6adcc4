// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/topology_accessible.h"

#include "ui/topology/topology_canvas.h"
#include "ui/topology/topology_text.h"

#include <QAccessibleWidget>
#include <QPointer>
#include <QWindow>

#include <map>

namespace interleave::ui {

namespace {

class NodeAccessible : public QAccessibleInterface {
public:
    NodeAccessible(TopologyCanvas& canvas, std::uint32_t node)
        : m_canvas(&canvas)
        , m_node(node) {}

    bool isValid() const override {
        return m_canvas && m_canvas->model() != nullptr &&
               m_node < m_canvas->model()->topology().nodes.size();
    }
    QObject* object() const override { return nullptr; }
    QWindow* window() const override {
        return isValid() ? m_canvas->window()->windowHandle() : nullptr;
    }
    QAccessibleInterface* parent() const override {
        return QAccessible::queryAccessibleInterface(m_canvas);
    }
    QAccessibleInterface* child(int) const override { return nullptr; }
    QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    void setText(QAccessible::Text, const QString&) override {}

    QString text(QAccessible::Text kind) const override {
        if (!isValid() || kind != QAccessible::Name) {
            return {};
        }
        return nodeText(*m_canvas->model(), m_node, m_canvas->momentNs())
            .replace(u'\n', QStringLiteral(", "));
    }
    QRect rect() const override {
        if (!isValid()) {
            return {};
        }
        const QRectF place = m_canvas->placeOf(m_canvas->layout().nodes[m_node]);
        return place.toRect().translated(m_canvas->viewport()->mapToGlobal(QPoint(0, 0)));
    }
    QAccessible::State state() const override {
        QAccessible::State state;
        state.selectable = true;
        state.focusable = true;
        state.invalid = !isValid();
        state.selected = isValid() && m_canvas->currentNode() == m_node;
        state.focused = state.selected && m_canvas->hasFocus();
        return state;
    }

private:
    QPointer<TopologyCanvas> m_canvas;
    std::uint32_t m_node;
};

class CanvasAccessible : public QAccessibleWidget {
public:
    explicit CanvasAccessible(TopologyCanvas& canvas)
        : QAccessibleWidget(&canvas, QAccessible::List, canvas.accessibleName())
        , m_canvas(canvas) {
        m_followed = QObject::connect(&canvas, &TopologyCanvas::currentNodeChanged, &canvas,
                                      [this] { announce(); });
    }
    ~CanvasAccessible() override {
        QObject::disconnect(m_followed);
        for (const auto& [node, id] : m_nodes) {
            QAccessible::deleteAccessibleInterface(id);
        }
    }
    CanvasAccessible(const CanvasAccessible&) = delete;
    CanvasAccessible& operator=(const CanvasAccessible&) = delete;

    int childCount() const override {
        const TopologyModel* model = m_canvas.model();
        return model == nullptr ? 0 : static_cast<int>(model->topology().nodes.size());
    }
    QAccessibleInterface* child(int index) const override {
        if (index < 0 || index >= childCount()) {
            return nullptr;
        }
        const auto known = m_nodes.find(index);
        if (known != m_nodes.end()) {
            return QAccessible::accessibleInterface(known->second);
        }
        auto* node = new NodeAccessible(m_canvas, static_cast<std::uint32_t>(index));
        m_nodes[index] = QAccessible::registerAccessibleInterface(node);
        return node;
    }
    int indexOfChild(const QAccessibleInterface* child) const override {
        for (const auto& [node, id] : m_nodes) {
            if (QAccessible::accessibleInterface(id) == child) {
                return node;
            }
        }
        return -1;
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
    void announce() const {
        if (QAccessibleInterface* node = focusChild(); node != nullptr && m_canvas.hasFocus()) {
            QAccessibleEvent event(node, QAccessible::Focus);
            QAccessible::updateAccessibility(&event);
        }
    }

    TopologyCanvas& m_canvas;
    QMetaObject::Connection m_followed;
    mutable std::map<int, QAccessible::Id> m_nodes; // those asked for so far
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
