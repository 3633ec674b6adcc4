// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/details_panel.h"

#include "engine/analysis/link_index.h"
#include "tests/support/recording_sketch.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QTest>
#include <QToolButton>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

/// "url" with characters that are no markup, and a link to the first span of the next track.
DetailText describe(const analysis::LinkIndex& links, SpanRef span, Grouping) {
    DetailText text;
    text.title = QString::fromStdString(links.recording()->track(span.track).name);
    text.rows.append({QStringLiteral("url"), QStringLiteral("<b>&amp;\nline 2"), std::nullopt});
    text.rows.append({QStringLiteral("Woken by"), QStringLiteral("b"),
                      SpanRef{TrackId{span.track.value + 1}, 0}});
    return text;
}

class DetailsPanelTest : public ::testing::Test {
protected:
    DetailsPanelTest() {
        state.setRecording(support::sketch("a: RRGGd\nb: RRRRd\n"));
        panel.setViewState(&state);
        panel.resize(800, 200);
        panel.show();
        state.setSelectedSpan(SpanRef{TrackId{1}, 1});
    }
    QLabel* rows() const { return panel.findChild<QLabel*>(QStringLiteral("detailRows")); }

    ViewState state;
    DetailsPanel panel{describe};
};

TEST_F(DetailsPanelTest, ShowsValuesAsTheyAre) {
    EXPECT_TRUE(rows()->text().contains(QStringLiteral("&lt;b&gt;&amp;amp;<br>line 2")))
        << rows()->text().toStdString();
}

TEST_F(DetailsPanelTest, ALinkSelectsTheSpanItIsAbout) {
    Q_EMIT rows()->linkActivated(QStringLiteral("1"));
    EXPECT_EQ(state.selectedSpan(), (SpanRef{TrackId{2}, 0}));
    Q_EMIT rows()->linkActivated(QStringLiteral("99"));
    EXPECT_EQ(state.selectedSpan(), (SpanRef{TrackId{2}, 0}));
}

TEST_F(DetailsPanelTest, CopiesAsText) {
    QTest::mouseClick(panel.findChild<QToolButton*>(QStringLiteral("copyDetails")), Qt::LeftButton);
    EXPECT_EQ(QApplication::clipboard()->text(), "a\nurl\t<b>&amp;\nline 2\nWoken by\tb\n");
}

TEST_F(DetailsPanelTest, WithoutASelectionItSaysWhatToDo) {
    state.setSelectedSpan(std::nullopt);
    EXPECT_TRUE(rows()->text().contains(QStringLiteral("Click a bar")));
    EXPECT_FALSE(panel.findChild<QToolButton*>(QStringLiteral("copyDetails"))->isVisible());
}

} // namespace
} // namespace interleave::ui
