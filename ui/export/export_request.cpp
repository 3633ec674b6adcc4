// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_request.h"

#include <array>
#include <charconv>
#include <fmt/format.h>
#include <utility>

namespace interleave::ui {

namespace {

template <class Value, std::size_t count>
Result<Value> named(const std::array<std::pair<std::string_view, Value>, count>& known,
                    std::string_view what, std::string_view name) {
    std::string names;
    for (const auto& [knownName, value] : known) {
        if (knownName == name) {
            return value;
        }
        names += (names.empty() ? "" : ", ") + std::string(knownName);
    }
    return fail(fmt::format("'{}' is no {}; choose one of {}.", name, what, names));
}

std::optional<int> wholeNumber(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool isWhole = error == std::errc() && end == text.data() + text.size();
    return isWhole ? std::optional(value) : std::nullopt;
}

} // namespace

Result<ExportView> exportViewNamed(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, ExportView>, 4> kViews{
        {{"gantt", ExportView::Gantt},
         {"utilisation", ExportView::Utilisation},
         {"contention", ExportView::Contention},
         {"compare", ExportView::Compare}}};
    return named(kViews, "view", name);
}

Result<ThemeKind> themeNamed(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, ThemeKind>, 3> kThemes{
        {{"light", ThemeKind::Light}, {"dark", ThemeKind::Dark}, {"print", ThemeKind::Print}}};
    return named(kThemes, "theme", name);
}

Result<Grouping> groupingNamed(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, Grouping>, 3> kGroupings{
        {{"task", Grouping::Task}, {"worker", Grouping::Worker}, {"core", Grouping::Core}}};
    return named(kGroupings, "grouping", name);
}

Result<QSize> exportSizeFrom(std::string_view text) {
    const std::size_t cross = text.find('x');
    const auto width = wholeNumber(text.substr(0, cross));
    const auto height =
        wholeNumber(cross == text.npos ? std::string_view() : text.substr(cross + 1));
    if (!width || !height) {
        return fail(fmt::format("'{}' is no size; give width and height as 1600x900.", text));
    }
    if (*width < 1 || *height < 1 || *width > kMostExportPx || *height > kMostExportPx) {
        return fail(fmt::format("The size {} is out of range; each side may have 1 to {} pixels.",
                                text, kMostExportPx));
    }
    return QSize(*width, *height);
}

Result<ExportFormat> exportFormatOf(const std::filesystem::path& file) {
    const std::string ending = file.extension().string();
    if (ending == ".png") {
        return ExportFormat::Png;
    }
    if (ending == ".svg") {
        return ExportFormat::Svg;
    }
    if (ending == ".pdf") {
        return ExportFormat::Pdf;
    }
    return fail(
        fmt::format("{}: the ending says the format; use .png, .svg or .pdf.", file.string()));
}

} // namespace interleave::ui
