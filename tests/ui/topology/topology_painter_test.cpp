// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/topology_painter.h"

#include "tests/support/broker_sketch.h"
#include "tests/support/recording_sketch.h"

#include <QImage>
#include <QPainter>
#include <gmock/gmock.h>

namespace interleave::ui {
namespace {

QImage painted(const TopologyPainter& painter, QSize size, ThemeKind kind) {
    QImage image(size, QImage::Format_RGB32);
    image.fill(themeOf(kind).background);
    QPainter on(&image);
    painter.paint(on, QRectF(QPointF(0, 0), size), themeOf(kind));
    return image;
}

TEST(TopologyPainter, ShowsTheBusiestMomentUnlessAsked) {
    const auto recording = support::brokerRecording();
    const TopologyModel model = topologyModelOf(recording);
    const Nanoseconds busiest = model.busiestNs();
    EXPECT_GT(busiest, 0);
    EXPECT_LT(busiest, recording->range.endNs);
    const QSize size(1200, 600);
    const QImage usual = painted({recording, recording->range}, size, ThemeKind::Light);
    EXPECT_EQ(usual, painted({recording, recording->range, busiest}, size, ThemeKind::Light));
    EXPECT_NE(usual, painted({recording, recording->range, 0}, size, ThemeKind::Light));
}

TEST(TopologyPainter, PaintsInEveryThemeAndSize) {
    const auto recording = support::brokerRecording();
    const TopologyPainter painter(recording, recording->range);
    for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark, ThemeKind::Print}) {
        QImage empty(900, 500, QImage::Format_RGB32);
        empty.fill(themeOf(kind).background);
        EXPECT_NE(painted(painter, empty.size(), kind), empty);
    }
    for (const QSize size : {QSize(30, 30), QSize(300, 100), QSize(3000, 200)}) {
        painted(painter, size, ThemeKind::Print);
    }
    EXPECT_GE(painter.preferredSize().height(), 300);
}

TEST(TopologyPainter, HasALegendOfWhatItShows) {
    const auto recording = support::brokerRecording();
    QStringList texts;
    for (const auto& entry :
         TopologyPainter(recording, recording->range).legend(themeOf(ThemeKind::Light))) {
        texts << entry.text;
    }
    EXPECT_TRUE(texts.join(u'|').contains("ready in its queue"));
    EXPECT_TRUE(texts.join(u'|').contains("dead letters"));
    const auto none = support::sketch("a: RRd\n");
    EXPECT_TRUE(TopologyPainter(none, none->range).legend(themeOf(ThemeKind::Light)).isEmpty());
}

TEST(TopologyPainter, FitsAHugeTopologyIntoAnImage) {
    const auto recording = support::bigBrokerRecording(3000, 60, 120);
    const TopologyPainter painter(recording, recording->range);
    EXPECT_LE(painter.preferredSize().height(), 16'100);
}

} // namespace
} // namespace interleave::ui
