// SPDX-License-Identifier: GPL-3.0-or-later
// GanttRaster: bars, labels and merged strips written straight into the scanlines of one image, row
// by row on all cores. QPainter takes 100 ns for a plain rectangle and 1 700 ns for a cached label
// on one core; thousands of them a frame are what these few loops are for. Screen and PNG take
// everything from here; SVG and PDF only the merged strips.
#pragma once

#include "ui/gantt/gantt_geometry.h"
#include "ui/theme/theme.h"

#include <QImage>
#include <array>
#include <vector>

namespace interleave::ui {

class BarLabels;

inline constexpr double kDimming = 0.5; // how far what is not related moves to the background
inline constexpr double kPreemptedPx = 6;

enum class RasterContent : std::uint8_t {
    Everything, // rows, grid, bars, labels, strips; opaque
    StripsOnly, // on nothing
};

class GanttRaster {
public:
    /// A picture of the plot; holds until the next call.
    const QImage& paint(const GanttGeometry& geometry, BarLabels& labels, const Theme& theme,
                        RasterContent content);
    /// Paints everything into the plot's place in a picture of the whole, Format_RGB32.
    void paintInto(QImage& whole, const GanttGeometry& geometry, BarLabels& labels,
                   const Theme& theme);

private:
    /// What a state looks like in the device's pixels: rows of a tile that repeats.
    struct Ink {
        QRgb fill = 0;
        QRgb text = 0;
        bool isHatched = false;
        bool hasTick = false;
        std::vector<QRgb> tile; // only where hatched; kTilePx * ratio on each side
    };
    using Inks = std::array<Ink, kStates>;

    void paintRows(const GanttGeometry& geometry, BarLabels& labels, const Theme& theme);
    void prepareInks(const Theme& theme, double ratio);
    Ink inkFor(const StateLook& look, const QColor& fill, double ratio) const;
    void paintRow(const GanttGeometry& geometry, const BarLabels& labels, std::size_t row);
    void paintBackground(const GanttRow& row, int top, int bottom);
    void paintStrip(const GanttStrip& strip, int top, int bottom);
    void paintBar(const GanttGeometry& geometry, const GanttBar& bar, const BarLabels& labels,
                  int rowTop, QRect clip);
    void paintLabel(const GanttBar& bar, const BarLabels& labels, QRect seen, QRect clip);
    void fill(QRect rect, QRgb colour);
    QRgb* line(int y) { return reinterpret_cast<QRgb*>(m_bits + y * m_stride); }
    int toDevice(double px) const { return static_cast<int>(std::lround(px * m_ratio)); }

    QImage m_image;
    QSize m_size;            // of what is painted: the image, or the plot in a picture of the whole
    uchar* m_bits = nullptr; // its first pixel
    qsizetype m_stride = 0;
    QPointF m_origin; // of the plot in the picture
    RasterContent m_content = RasterContent::Everything;

    Theme m_theme;
    double m_ratio = 0;
    int m_tileSize = 0;
    Inks m_related;
    Inks m_dimmed;
    QRgb m_outline = 0;
    QRgb m_dimmedOutline = 0;
    QRgb m_error = 0;
    bool m_hasSelection = false;
    std::vector<int> m_gridColumns;
};

} // namespace interleave::ui
