// SPDX-License-Identifier: GPL-3.0-or-later
// What a widget that paints its rows or nodes itself says of them to a screen reader: a list, and
// in it an item for each, made when it is first asked for.
#pragma once

#include <QAccessibleWidget>
#include <QPointer>

#include <map>

namespace interleave::ui {

/// An item by its number; it says what the item is at the time of asking.
class PaintedItem : public QAccessibleInterface {
public:
    explicit PaintedItem(QWidget& list)
        : m_list(&list) {}

    QObject* object() const override { return nullptr; }
    QWindow* window() const override;
    QAccessibleInterface* parent() const override;
    QAccessibleInterface* child(int) const override { return nullptr; }
    QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    void setText(QAccessible::Text, const QString&) override {}
    QString text(QAccessible::Text kind) const override;

protected:
    /// Asked for only while it is valid.
    virtual QString sentence() const = 0;
    bool hasList() const { return !m_list.isNull(); }

private:
    QPointer<QWidget> m_list;
};

class PaintedList : public QAccessibleWidget {
public:
    explicit PaintedList(QWidget& list, const QString& name = {})
        : QAccessibleWidget(&list, QAccessible::List, name) {}
    ~PaintedList() override;
    PaintedList(const PaintedList&) = delete;
    PaintedList& operator=(const PaintedList&) = delete;

    QAccessibleInterface* child(int index) const override;
    int indexOfChild(const QAccessibleInterface* child) const override;

protected:
    virtual QAccessibleInterface* makeItem(int index) const = 0;

private:
    mutable std::map<int, QAccessible::Id> m_items; // those asked for so far
};

} // namespace interleave::ui
