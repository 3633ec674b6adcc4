// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/flow_layout.h"

#include <QWidget>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

QWidget* box(QWidget* parent, int width) {
    auto* widget = new QWidget(parent);
    widget->setFixedSize(width, 20);
    return widget;
}

TEST(FlowLayout, WrapsWhatDoesNotFit) {
    QWidget parent;
    auto* flow = new FlowLayout(&parent, 10);
    QWidget* first = box(&parent, 60);
    QWidget* second = box(&parent, 60);
    flow->addWidget(first);
    flow->addWidget(second);
    flow->setGeometry({0, 0, 200, 100});
    EXPECT_EQ(second->pos(), QPoint(70, 0));
    flow->setGeometry({0, 0, 100, 100});
    EXPECT_EQ(second->pos(), QPoint(0, 30));
    EXPECT_EQ(flow->heightForWidth(100), 50);
}

TEST(FlowLayout, ColumnsShareTheWidth) {
    QWidget parent;
    auto* flow = new FlowLayout(&parent, 10);
    flow->setColumns(80);
    auto* first = new QWidget(&parent);
    auto* second = new QWidget(&parent);
    flow->addWidget(first);
    flow->addWidget(second);
    flow->setGeometry({0, 0, 210, 100});
    EXPECT_EQ(first->width(), 100);
    EXPECT_EQ(second->x(), 110);
}

} // namespace
} // namespace interleave::ui
