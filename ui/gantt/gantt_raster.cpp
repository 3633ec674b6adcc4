// SPDX-License-Identifier: GPL-3.0-or-later
#include <tbb/parallel_for.h> // first: a macro of Qt's is called emit

#include "ui/gantt/bar_labels.h"
#include "ui/gantt/gantt_raster.h"
#include "ui/theme/contrast.h"
#include "ui/theme/hatch.h"

#include <QPainter>
#include <algorithm>
#include <cmath>
#include <cstring>

namespace interleave::ui {

namespace {

constexpr int kTilePx = 20; // a multiple of the hatches' pitch, whole in device pixels at 125 %
constexpr double kOutlinedBarPx = 5; // narrower bars have no sides
constexpr double kTickPx = 3;
constexpr double kTickedBarPx = 8;
constexpr double kTornPx = 4;
constexpr int kDotPx = 2;

QRgb mix(QRgb under, QRgb ink, unsigned coverage) {
    // Two channels at once; 257 and the shift are an exact enough division by 255.
    const unsigned scale = coverage + (coverage >> 7);
    const std::uint32_t redBlue =
        ((under & 0xff00ff) * (256 - scale) + (ink & 0xff00ff) * scale) >> 8 & 0xff00ff;
    const std::uint32_t green =
        ((under & 0x00ff00) * (256 - scale) + (ink & 0x00ff00) * scale) >> 8 & 0x00ff00;
    return 0xff000000 | redBlue | green;
}

/// In the device's pixels.
QSize plotSize(const GanttGeometry& geometry) {
    const QSizeF size = geometry.plot.size() * geometry.pixelRatio;
    return {static_cast<int>(std::ceil(size.width() - 1e-6)),
            static_cast<int>(std::ceil(size.height() - 1e-6))};
}

} // namespace

void GanttRaster::prepareInks(const Theme& theme, double ratio) {
    const bool isSame = m_ratio == ratio && m_theme.kind == theme.kind &&
                        m_theme.background == theme.background && m_theme.text == theme.text;
    if (isSame) {
        return;
    }
    m_theme = theme;
    m_ratio = ratio;
    m_tileSize = std::max(1, static_cast<int>(std::lround(kTilePx * ratio)));
    for (std::size_t i = 0; i < kStates; ++i) {
        const StateLook& look = theme.states[i];
        m_related[i] = inkFor(look, look.fill, ratio);
        m_dimmed[i] = inkFor(look, mixed(look.fill, theme.background, kDimming), ratio);
    }
    m_outline = theme.outline.rgb();
    m_dimmedOutline = mixed(theme.outline, theme.background, kDimming).rgb();
    m_error = theme.error.rgb();
}

GanttRaster::Ink GanttRaster::inkFor(const StateLook& look, const QColor& fill,
                                     double ratio) const {
    Ink ink;
    ink.fill = fill.rgb();
    ink.text = inkOn(fill).rgb();
    ink.hasTick = look.hasTick;
    ink.isHatched = look.hatch != Hatch::None;
    if (ink.isHatched) {
        // Drawn a few times as large as the tile: the middle knows nothing of the edges.
        QImage image(3 * m_tileSize, 3 * m_tileSize, QImage::Format_RGB32);
        image.fill(fill);
        QPainter painter(&image);
        painter.scale(ratio, ratio);
        drawHatch(painter, QRectF(0, 0, 3 * kTilePx, 3 * kTilePx), look.hatch, hatchInk(fill), {});
        painter.end();
        const auto side = static_cast<std::size_t>(m_tileSize);
        ink.tile.resize(side * side);
        for (int y = 0; y < m_tileSize; ++y) {
            const auto* from =
                reinterpret_cast<const QRgb*>(image.constScanLine(m_tileSize + y)) + m_tileSize;
            std::copy_n(from, side, ink.tile.begin() + y * m_tileSize);
        }
    }
    return ink;
}

const QImage& GanttRaster::paint(const GanttGeometry& geometry, BarLabels& labels,
                                 const Theme& theme, RasterContent content) {
    const bool isOpaque = content == RasterContent::Everything;
    m_content = content;
    m_size = plotSize(geometry);
    const auto format = isOpaque ? QImage::Format_RGB32 : QImage::Format_ARGB32_Premultiplied;
    if (m_image.size() != m_size || m_image.format() != format || !m_image.isDetached()) {
        m_image = QImage(m_size, format);
    }
    m_image.setDevicePixelRatio(geometry.pixelRatio);
    m_bits = m_image.bits();
    m_stride = m_image.bytesPerLine();
    if (!isOpaque) {
        m_image.fill(Qt::transparent);
    }
    paintRows(geometry, labels, theme);
    return m_image;
}

void GanttRaster::paintInto(QImage& whole, const GanttGeometry& geometry, BarLabels& labels,
                            const Theme& theme) {
    m_content = RasterContent::Everything;
    const QPoint corner = (geometry.plot.topLeft() * geometry.pixelRatio).toPoint();
    m_size = plotSize(geometry).boundedTo(whole.size() - QSize(corner.x(), corner.y()));
    if (m_size.isEmpty()) {
        return;
    }
    m_stride = whole.bytesPerLine();
    m_bits = whole.bits() + corner.y() * m_stride + corner.x() * qsizetype{sizeof(QRgb)};
    paintRows(geometry, labels, theme);
}

void GanttRaster::paintRows(const GanttGeometry& geometry, BarLabels& labels, const Theme& theme) {
    prepareInks(theme, geometry.pixelRatio);
    m_origin = geometry.plot.topLeft();
    const bool isOpaque = m_content == RasterContent::Everything;
    m_hasSelection =
        std::ranges::any_of(geometry.bars, [](const GanttBar& bar) { return !bar.isRelated; });
    m_gridColumns.clear();
    for (const TimeTick& tick : geometry.ticks.ticks) {
        m_gridColumns.push_back(toDevice(std::round(geometry.xOf(tick.timeNs)) - m_origin.x()));
    }
    if (isOpaque) {
        for (const GanttBar& bar : geometry.bars) {
            labels.prepare(bar.labelId);
        }
    }
    tbb::parallel_for(std::size_t{0}, geometry.rows.size(),
                      [&](std::size_t row) { paintRow(geometry, labels, row); });
    if (isOpaque) {
        const double end = geometry.rows.empty() ? 0 : geometry.rows.back().rect.bottom();
        const int below = std::max(0, toDevice(end - m_origin.y()));
        fill(QRect(0, below, m_size.width(), m_size.height() - below), theme.background.rgb());
    }
}

void GanttRaster::fill(QRect rect, QRgb colour) {
    rect = rect.intersected(QRect(QPoint(0, 0), m_size));
    for (int y = rect.top(); y <= rect.bottom(); ++y) {
        std::fill_n(line(y) + rect.left(), rect.width(), colour);
    }
}

void GanttRaster::paintRow(const GanttGeometry& geometry, const BarLabels& labels,
                           std::size_t index) {
    const GanttRow& row = geometry.rows[index];
    // A row may reach under the pinned ones above it.
    const double covered = index == 0 ? m_origin.y() : geometry.rows[index - 1].rect.bottom();
    const int rowTop = toDevice(row.rect.top() - m_origin.y());
    const int top = std::max(0, toDevice(std::max(row.rect.top(), covered) - m_origin.y()));
    const int bottom = std::min(m_size.height(), toDevice(row.rect.bottom() - m_origin.y()));
    if (top >= bottom) {
        return;
    }
    if (m_content == RasterContent::Everything) {
        paintBackground(row, top, bottom);
    }
    for (std::size_t i = row.firstStrip; i < row.endStrip; ++i) {
        paintStrip(geometry.strips[i], top, bottom);
    }
    if (m_content == RasterContent::Everything) {
        const QRect clip(0, top, m_size.width(), bottom - top);
        for (std::size_t i = row.firstBar; i < row.endBar; ++i) {
            paintBar(geometry, geometry.bars[i], labels, rowTop, clip);
        }
    }
}

void GanttRaster::paintBackground(const GanttRow& row, int top, int bottom) {
    const QColor& colour = row.isHeading        ? m_theme.panel
                           : row.index % 2 == 1 ? m_theme.alternateRow
                                                : m_theme.background;
    const auto bytes = static_cast<std::size_t>(m_size.width()) * sizeof(QRgb);
    QRgb* first = line(top);
    std::fill_n(first, m_size.width(), colour.rgb());
    const int wide = std::max(1, toDevice(1));
    for (const int x : m_gridColumns) {
        for (int i = std::max(0, x); i < std::min(x + wide, m_size.width()); ++i) {
            first[i] = m_theme.grid.rgb();
        }
    }
    for (int y = top + 1; y < bottom; ++y) {
        std::memcpy(line(y), first, bytes);
    }
}

void GanttRaster::paintStrip(const GanttStrip& strip, int top, int bottom) {
    const MergedStrip& merged = *strip.merged;
    const auto states = merged.states();
    std::array<QRgb, kStates> colours{};
    for (std::size_t i = 0; i < states.size(); ++i) {
        const auto& inks = m_hasSelection ? m_dimmed : m_related;
        colours[i] = inks[static_cast<std::size_t>(states[i])].fill;
    }
    const int base = toDevice(strip.area.bottom() - m_origin.y());
    const QRgb dot = m_theme.mutedText.rgb();
    const int dotPx = std::max(1, toDevice(kDotPx));
    const int dotTop = std::max(top, base);
    const int dotBottom = std::min(bottom, base + std::max(1, toDevice(1)));
    const qsizetype step = m_stride / static_cast<qsizetype>(sizeof(QRgb));
    for (const ColumnRun& run : merged.runs()) {
        for (std::uint32_t column = run.first; column < run.end; ++column) {
            const auto tops = merged.topsAt(column);
            int y = base;
            QRgb* pixel = line(0) + column + step * y; // one below the next one
            for (std::size_t i = 0; i < tops.size(); ++i) {
                const int end = std::max(base - tops[i], top);
                for (; y > end; --y) {
                    pixel -= step;
                    if (y <= bottom) {
                        *pixel = colours[i];
                    }
                }
            }
        }
        // Dots are anchored to the picture, but the shortest run has one as well.
        for (int y = dotTop; y < dotBottom; ++y) {
            QRgb* dots = line(y);
            bool hasDot = false;
            for (auto x = static_cast<int>(run.first); x < static_cast<int>(run.end); ++x) {
                if (x / dotPx % 2 == 0) {
                    dots[x] = dot;
                    hasDot = true;
                }
            }
            if (!hasDot) {
                dots[run.first] = dot;
            }
        }
    }
}

void GanttRaster::paintBar(const GanttGeometry& geometry, const GanttBar& bar,
                           const BarLabels& labels, int rowTop, QRect clip) {
    const Ink& ink = (bar.isRelated ? m_related : m_dimmed)[static_cast<std::size_t>(bar.state)];
    const int left = toDevice(bar.rect.left() - m_origin.x());
    const int right = toDevice(bar.rect.right() - m_origin.x());
    const int top = toDevice(bar.rect.top() - m_origin.y());
    const int bottom = toDevice(bar.rect.bottom() - m_origin.y());
    const QRect whole(left, top, right - left, bottom - top);
    const QRect seen = whole.intersected(clip);
    if (seen.isEmpty()) {
        return;
    }
    const bool isTorn = bar.isUnfinished && right <= clip.right() + 1;
    const int torn = toDevice(kTornPx);
    const bool isHatched = ink.isHatched && seen.width() >= toDevice(kNarrowestHatchedPx);
    const QRgb outline = bar.isRelated ? m_outline : m_dimmedOutline;
    const int pen = std::max(1, toDevice(1));
    for (int y = seen.top(); y <= seen.bottom(); ++y) {
        QRgb* pixels = line(y);
        int end = seen.right() + 1;
        if (isTorn) {
            const int phase = (y - rowTop) % (2 * torn);
            end = std::max(seen.left() + 1, end - std::abs(phase - torn));
        }
        const bool isFrame = y < top + pen || y >= bottom - pen;
        if (isFrame) {
            std::fill(pixels + seen.left(), pixels + end, outline);
            continue;
        }
        if (isHatched) {
            const QRgb* tile =
                ink.tile.data() + (y - rowTop + m_tileSize) % m_tileSize * m_tileSize;
            int x = seen.left();
            while (x < end) {
                const int phase = x % m_tileSize;
                const int count = std::min(m_tileSize - phase, end - x);
                std::copy_n(tile + phase, count, pixels + x);
                x += count;
            }
        } else {
            std::fill(pixels + seen.left(), pixels + end, ink.fill);
        }
        if (isTorn) {
            pixels[end - 1] = outline;
        }
    }
    const QRect inside = seen.adjusted(0, pen, 0, -pen);
    if (ink.hasTick && seen.width() > toDevice(kTickedBarPx)) {
        fill(QRect(seen.left(), inside.top(), toDevice(kTickPx), inside.height()), outline);
    }
    if (bar.labelId != 0) {
        paintLabel(bar, labels, seen, clip);
    }
    if (seen.width() >= toDevice(kOutlinedBarPx)) {
        fill(QRect(left, inside.top(), pen, inside.height()), outline);
        if (!isTorn && right < geometry.plot.width() * m_ratio) { // shared with the next bar
            fill(QRect(right, seen.top(), pen, seen.height()), outline);
        }
    }
    if (bar.isPreempted && left >= clip.left() && seen.width() >= toDevice(kPreemptedPx)) {
        const int side = toDevice(kPreemptedPx);
        for (int y = 0; y < side; ++y) {
            const QRect row(left + pen + (y + 1) / 2, top - pen + y, side - y, 1);
            fill(row.intersected(clip), bar.isRelated ? m_error : outline);
        }
    }
}

void GanttRaster::paintLabel(const GanttBar& bar, const BarLabels& labels, QRect seen, QRect clip) {
    const Ink& ink = (bar.isRelated ? m_related : m_dimmed)[static_cast<std::size_t>(bar.state)];
    const TextMask& mask = labels.maskOf(bar.labelId);
    const int left = seen.left() + toDevice(ink.hasTick ? 8 : 4);
    const int width = std::min(mask.width, seen.right() + 1 - toDevice(2) - left);
    const int top = seen.top() + (seen.height() - mask.height) / 2;
    if (width <= 0) {
        return;
    }
    if (ink.isHatched) {
        const int edge = toDevice(2);
        const QRect band(left - edge, top, width + 2 * edge, mask.height);
        const int pen = std::max(1, toDevice(1));
        fill(band.intersected(seen.adjusted(pen, pen, -pen, -pen)), ink.fill);
    }
    for (int y = std::max(top, clip.top()); y < std::min(top + mask.height, clip.bottom() + 1);
         ++y) {
        QRgb* pixels = line(y) + left;
        const std::uint8_t* coverage = mask.coverage.data() + (y - top) * mask.width;
        for (int x = 0; x < width; ++x) {
            if (coverage[x] != 0) {
                pixels[x] = mix(pixels[x], ink.text, coverage[x]);
            }
        }
    }
}

} // namespace interleave::ui
