// SPDX-License-Identifier: GPL-3.0-or-later
// ExportRequest: everything that decides what an exported picture looks like, as a value.
#pragma once

#include "engine/base/result.h"
#include "ui/theme/theme.h"
#include "ui/view_state/view_state.h"

#include <QSizeF>
#include <QStringList>
#include <filesystem>
#include <optional>
#include <string_view>

namespace interleave::ui {

enum class ExportView : std::uint8_t { Gantt, Utilisation, Contention, Compare, Topology, Kitchen };
enum class ExportFormat : std::uint8_t { Png, Svg, Pdf };

inline constexpr int kMostExportPx = 20'000; // of either side, after scaling

struct ExportRequest {
    ExportView view = ExportView::Gantt;
    std::optional<TimeRange> range; // without one: the whole run
    std::optional<Nanoseconds> at;  // topology, kitchen: the moment; none: the busiest
    std::optional<QSizeF> size;     // of the whole picture in CSS pixels, 96 to the inch; without
                                    // one the view's own
    double scale = 1; // PNG: pixels for each of those; SVG, PDF: only what can't be vectors
    ThemeKind theme = ThemeKind::Light;
    Grouping grouping = Grouping::Task;
    StateSet hidden;
    bool hasLegend = true;
    bool hasCaption = true; // title, where the numbers come from, parameters
    ExportFormat format = ExportFormat::Png;
    std::filesystem::path output;
};

/// By the names of the command line: "gantt", "light", "worker"; errors name what there is.
Result<ExportView> exportViewNamed(std::string_view name);
Result<ThemeKind> themeNamed(std::string_view name);
Result<Grouping> groupingNamed(std::string_view name);
/// "1600x900" (CSS pixels) or "84x60mm".
Result<QSizeF> exportSizeFrom(std::string_view text);
/// The same back: millimetres where those are whole and the pixels are not.
QString textOfExportSize(QSizeF size);
QSizeF sizeFromMm(double width, double height);
/// "running,ready"; empty for none.
Result<StateSet> stateSetNamed(std::string_view names);
QString textOf(StateSet states);
/// "20 ms", "-1500 ns"; a whole number of ns is read exactly, however large.
Result<Nanoseconds> exportMomentFrom(std::string_view text);
QString nameOf(ExportView view);
QString nameOf(ExportFormat format); // "png"
/// By the ending of the file's name.
Result<ExportFormat> exportFormatOf(const std::filesystem::path& file);

} // namespace interleave::ui
