// SPDX-License-Identifier: GPL-3.0-or-later
// What is drawn, pixel by pixel, beside what brute force would draw: every span added to every
// column it touches, or filled as a rectangle.
#include "tests/support/generated_recording.h"
#include "tests/ui/gantt/gantt_inputs.h"
#include "ui/gantt/gantt_scratch.h"

#include <QImage>
#include <QPainter>
#include <gtest/gtest.h>
#include <random>

namespace interleave::ui {
namespace {

using recording::SpanColumns;
using recording::SpanLane;

/// Without hatches, ticks and labels, which brute force would have to copy.
Theme plainTheme() {
    Theme theme = themeOf(ThemeKind::Light);
    for (StateLook& look : theme.states) {
        look.hatch = Hatch::None;
        look.hasTick = false;
    }
    return theme;
}

QImage painted(const GanttGeometry& geometry, const Theme& theme) {
    QImage image(geometry.size.toSize() * geometry.pixelRatio, QImage::Format_RGB32);
    image.setDevicePixelRatio(geometry.pixelRatio);
    QPainter painter(&image);
    paintGantt(painter, geometry, {}, theme);
    return image;
}

/// Draws the spans of one lane of a row over an empty picture of it.
class BruteForce {
public:
    BruteForce(QImage& image, const GanttGeometry& geometry, const GanttInputs& inputs,
               const Theme& theme)
        : m_image(image)
        , m_geometry(geometry)
        , m_inputs(inputs)
        , m_theme(theme) {
        m_edges.set(inputs.visible, geometry.plot.width() * inputs.pixelRatio,
                    kExactSpanPx * inputs.pixelRatio);
    }

    void draw(const SpanColumns& spans, const SpanLane& lane, const QRectF& area) {
        std::vector<std::array<Ticks, kStates>> times(m_edges.size());
        std::vector<Ticks> covered(m_edges.size());
        std::vector<std::size_t> bars;
        for (std::size_t i = lane.first; i < lane.end(); ++i) {
            const TimeRange range = spans.rangeAt(i);
            if (!range.overlaps(m_inputs.visible)) {
                continue;
            }
            const bool isBar = spans.duration[i] >= m_edges.exactNs();
            if (isBar) {
                bars.push_back(i);
            }
            for (std::size_t column = 0; column < m_edges.size(); ++column) {
                const Ticks part =
                    std::min(m_edges.ticksOf(range.endNs), m_edges.ticksAt(column + 1)) -
                    std::max(m_edges.ticksOf(range.beginNs), m_edges.ticksAt(column));
                if (part > 0) {
                    (isBar ? covered[column]
                           : times[column][static_cast<std::size_t>(spans.state[i])]) += part;
                }
            }
        }
        drawColumns(times, covered, area);
        for (const std::size_t bar : bars) {
            drawBar(spans, bar, area);
        }
    }

private:
    int toDevice(double px) const {
        return static_cast<int>(std::lround(px * m_inputs.pixelRatio));
    }

    void drawColumns(const std::vector<std::array<Ticks, kStates>>& times,
                     const std::vector<Ticks>& covered, const QRectF& area) {
        std::array<State, kStates> all{};
        for (std::size_t i = 0; i < kStates; ++i) {
            all[i] = static_cast<State>(i);
        }
        const int base = toDevice(area.bottom());
        const StripRule rule{.heightRatios = m_inputs.heightRatios,
                             .hidden = m_inputs.hidden,
                             .heightPx = base - toDevice(area.top()),
                             .thinnestPx = toDevice(1)};
        MergedStrip strip;
        strip.reset(m_edges.size(), all, rule);
        for (std::size_t column = 0; column < m_edges.size(); ++column) {
            const Ticks width = m_edges.ticksAt(column + 1) - m_edges.ticksAt(column);
            strip.add({column, times[column], width - covered[column]});
            int y = base;
            for (std::size_t i = 0; i < strip.states().size(); ++i) {
                for (; y > base - strip.topsAt(column)[i]; --y) {
                    m_image.setPixel(toDevice(area.left()) + static_cast<int>(column), y - 1,
                                     m_theme.of(strip.states()[i]).fill.rgb());
                }
            }
        }
    }

    void drawBar(const SpanColumns& spans, std::size_t bar, const QRectF& area) {
        if (m_inputs.hidden[static_cast<std::size_t>(spans.state[bar])]) {
            return;
        }
        const double ratio = m_inputs.pixelRatio;
        const TimeRange range = spans.rangeAt(bar);
        const auto columnOf = [&](Nanoseconds time) {
            const double x = std::clamp(m_geometry.xOf(time) - m_geometry.plot.left(), -2.0,
                                        m_geometry.plot.width() + 2);
            return toDevice(m_geometry.plot.left()) + static_cast<int>(std::lround(x * ratio));
        };
        const int left = columnOf(range.beginNs);
        const int right = columnOf(range.endNs);
        const StateLook& look = m_theme.of(spans.state[bar]);
        const double height = std::max(2.0, std::round(area.height() * look.heightRatio));
        const int top = toDevice(area.bottom() - height);
        const int bottom = toDevice(area.bottom());
        const int pen = toDevice(1);
        const auto fill = [&](int x0, int y0, int x1, int y1, const QColor& colour) {
            for (int y = y0; y < y1; ++y) {
                for (int x = std::max(x0, toDevice(m_geometry.plot.left()));
                     x < std::min(x1, m_image.width()); ++x) {
                    m_image.setPixel(x, y, colour.rgb());
                }
            }
        };
        fill(left, top, right, bottom, look.fill);
        const int seenLeft = std::max(left, toDevice(m_geometry.plot.left()));
        if (std::min(right, m_image.width()) - seenLeft >= 5 * ratio) {
            fill(left, top, left + pen, bottom, m_theme.outline);
            if (right < m_image.width()) {
                fill(right, top, right + pen, bottom, m_theme.outline);
            }
        }
        fill(left, top, right, top + pen, m_theme.outline);
        fill(left, bottom - pen, right, bottom, m_theme.outline);
    }

    QImage& m_image;
    const GanttGeometry& m_geometry;
    const GanttInputs& m_inputs;
    const Theme& m_theme;
    ColumnEdges m_edges;
};

/// Where each row's lanes lie, as the picture has them.
QRectF laneArea(const GanttRow& row, const GanttGeometry& geometry) {
    const double padding = row.rect.height() >= 20 ? 3 : 2;
    return {geometry.plot.left(), row.rect.top() + padding, geometry.plot.width(),
            row.rect.height() - 2 * padding};
}

TEST(GanttPicture, IsWhatBruteForceWouldDraw) {
    std::mt19937_64 random(11);
    const Theme theme = plainTheme();
    for (int round = 0; round < 40; ++round) {
        support::GeneratedOptions options;
        options.spans = 20 + random() % 600; // lanes so short that no cut is in proportion
        options.tracks = 3;
        options.depths = 1;
        options.seed = random();
        const auto recording = support::generatedRecording(options);
        const auto end = static_cast<std::uint64_t>(recording->range.endNs);
        const auto begin = static_cast<Nanoseconds>(random() % end / 2);
        const auto length = static_cast<Nanoseconds>(100 + random() % end);
        GanttInputs inputs = inputsFor(recording, {begin, begin + length},
                                       100 + static_cast<double>(random() % 400));
        inputs.pixelRatio = round % 4 == 3 ? 2 : 1;
        inputs.rowPx = 17; // too low for labels
        inputs.heightRatios = heightRatiosOf(theme);
        if (round % 5 == 0) {
            inputs.hidden.set(static_cast<std::size_t>(State::WaitingGil));
        }
        const GanttGeometry geometry = ganttGeometry(inputs);

        const QImage picture = painted(geometry, theme);
        GanttGeometry empty = geometry;
        for (GanttRow& row : empty.rows) {
            row.firstBar = row.endBar = row.firstStrip = row.endStrip = 0;
        }
        QImage expected = painted(empty, theme);
        BruteForce bruteForce(expected, geometry, inputs, theme);
        for (const GanttRow& row : geometry.rows) {
            if (!row.isHeading) {
                const SpanColumns& spans = recording->track(row.track).spans;
                bruteForce.draw(spans, spans.lanes().front(), laneArea(row, geometry));
            }
        }
        int compared = 0;
        for (const GanttRow& row : geometry.rows) {
            const QRectF area = row.isHeading ? QRectF() : laneArea(row, geometry);
            const double ratio = inputs.pixelRatio;
            for (int y = static_cast<int>(area.top() * ratio);
                 y < static_cast<int>(area.bottom() * ratio); ++y) {
                for (int x = static_cast<int>(area.left() * ratio); x < picture.width(); ++x) {
                    if (std::abs(x / ratio - geometry.endX) < 2) {
                        continue; // the dashed line at the recording's end lies on top
                    }
                    ++compared;
                    ASSERT_EQ(picture.pixel(x, y), expected.pixel(x, y))
                        << "round " << round << ", " << x << ", " << y << " of row "
                        << row.name.toStdString();
                }
            }
        }
        ASSERT_GT(compared, 1000);
    }
}

/// How many pixels of the plot have the colour of a state.
int pixelsOf(const QImage& image, State state, const Theme& theme) {
    int count = 0;
    for (int y = static_cast<int>(kRulerPx); y < image.height(); ++y) {
        for (int x = static_cast<int>(kDefaultGutterPx); x < image.width(); ++x) {
            count += image.pixel(x, y) == theme.of(state).fill.rgb() ? 1 : 0;
        }
    }
    return count;
}

TEST(GanttPicture, AMicrosecondOfWaitingInSecondsOfRunningIsSeen) {
    support::GeneratedOptions options;
    options.spans = 200'000;
    options.tracks = 1;
    const auto recording = support::generatedRecording(options);
    ASSERT_GT(recording->range.endNs, 1'000'000'000);
    for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark, ThemeKind::Print}) {
        const Theme theme = themeOf(kind);
        GanttInputs inputs = inputsFor(recording, recording->range, 900);
        inputs.heightRatios = heightRatiosOf(theme);
        EXPECT_GE(pixelsOf(painted(ganttGeometry(inputs), theme), State::WaitingLock, theme), 1);
    }
}

TEST(GanttPicture, OneFramesMemoryDoesNotShowInTheNext) {
    const auto recording = support::generatedRecording({.spans = 20'000, .tracks = 12});
    const auto other = support::generatedRecording({.spans = 900, .tracks = 4, .seed = 9});
    const Theme theme = themeOf(ThemeKind::Dark);
    GanttGeometry reused;
    std::mt19937_64 random(2);
    for (int round = 0; round < 20; ++round) {
        const auto& shown = round % 3 == 2 ? other : recording;
        const auto end = static_cast<std::uint64_t>(shown->range.endNs);
        const auto begin = static_cast<Nanoseconds>(random() % end);
        GanttInputs inputs =
            inputsFor(shown, {begin, begin + static_cast<Nanoseconds>(50 + random() % (end / 3))},
                      static_cast<double>(200 + random() % 600));
        inputs.scrollPx = static_cast<double>(random() % 50);
        reused = ganttGeometry(inputs, std::move(reused));
        ASSERT_EQ(painted(reused, theme), painted(ganttGeometry(inputs), theme)) << round;
    }
}

TEST(GanttPicture, ACopyKeepsItsStrips) {
    const auto recording = support::generatedRecording({.spans = 20'000, .tracks = 2});
    const Theme theme = themeOf(ThemeKind::Light);
    GanttGeometry first = ganttGeometry(inputsFor(recording, recording->range, 300));
    const QImage before = painted(first, theme);
    const GanttGeometry copy = first;
    const GanttGeometry next =
        ganttGeometry(inputsFor(recording, {0, 100'000}, 500), std::move(first));
    EXPECT_EQ(painted(copy, theme), before);
    EXPECT_NE(painted(next, theme), before);
}

TEST(GanttPicture, AnUnfinishedSpanHasATornEnd) {
    const Theme theme = plainTheme();
    const auto drawn = [&](bool isUnfinished) {
        recording::RecordingBuilder builder;
        recording::Span span;
        span.task = builder.addTask({.name = "a", .group = "a"});
        span.range = {0, 600};
        span.isUnfinished = isUnfinished;
        builder.addTaskSpan(span);
        GanttInputs inputs = inputsFor(builder.finish(), {0, 1000}, 500);
        return painted(ganttGeometry(inputs), theme);
    };
    EXPECT_LT(pixelsOf(drawn(true), State::Running, theme),
              pixelsOf(drawn(false), State::Running, theme) - 10);
}

} // namespace
} // namespace interleave::ui
