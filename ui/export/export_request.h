// SPDX-License-Identifier: GPL-3.0-or-later
// ExportRequest: everything that decides what an exported picture looks like, as a value.
#pragma once

#include "engine/base/result.h"
#include "ui/theme/theme.h"
#include "ui/view_state/view_state.h"

#include <QSize>
#include <filesystem>
#include <optional>
#include <string_view>

namespace interleave::ui {

enum class ExportView : std::uint8_t { Gantt, Utilisation, Contention, Compare };
enum class ExportFormat : std::uint8_t { Png, Svg, Pdf };

inline constexpr int kMostExportPx = 20'000; // of either side, after scaling

struct ExportRequest {
    ExportView view = ExportView::Gantt;
    std::optional<TimeRange> range; // without one: the whole run
    std::optional<QSize> size;      // of the whole picture; without one the view's own
    double scale = 1;               // pixels of the file for each pixel of the size
    ThemeKind theme = ThemeKind::Light;
    Grouping grouping = Grouping::Task;
    StateSet hidden;
    ExportFormat format = ExportFormat::Png;
    std::filesystem::path output;
};

/// By the names of the command line: "gantt", "light", "worker"; errors name what there is.
Result<ExportView> exportViewNamed(std::string_view name);
Result<ThemeKind> themeNamed(std::string_view name);
Result<Grouping> groupingNamed(std::string_view name);
/// "1600x900".
Result<QSize> exportSizeFrom(std::string_view text);
/// By the ending of the file's name.
Result<ExportFormat> exportFormatOf(const std::filesystem::path& file);

} // namespace interleave::ui
