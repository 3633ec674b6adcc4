// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_request.h"

#include <array>
#include <charconv>
#include <cmath>
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

template <class Number>
std::optional<Number> number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool isWhole = error == std::errc() && end == text.data() + text.size();
    return isWhole ? std::optional(value) : std::nullopt;
}

constexpr double kPxPerMm = 96 / 25.4;

constexpr std::array<std::pair<std::string_view, ExportView>, 6> kViews{
    {{"gantt", ExportView::Gantt},
     {"utilisation", ExportView::Utilisation},
     {"contention", ExportView::Contention},
     {"compare", ExportView::Compare},
     {"topology", ExportView::Topology},
     {"kitchen", ExportView::Kitchen}}};
constexpr std::array<const char*, 3> kFormats{"png", "svg", "pdf"};

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) {
        text.remove_prefix(1);
    }
    while (text.ends_with(' ')) {
        text.remove_suffix(1);
    }
    return text;
}

} // namespace

Result<ExportView> exportViewNamed(std::string_view name) {
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

Result<QSizeF> exportSizeFrom(std::string_view text) {
    const bool isMm = text.ends_with("mm");
    const std::string_view sides = isMm ? text.substr(0, text.size() - 2) : text;
    const std::size_t cross = sides.find('x');
    const std::string_view first = sides.substr(0, cross);
    const std::string_view second =
        cross == sides.npos ? std::string_view() : sides.substr(cross + 1);
    QSizeF size;
    if (isMm) {
        size = sizeFromMm(number<double>(first).value_or(-1), number<double>(second).value_or(-1));
    } else {
        size = QSizeF(number<int>(first).value_or(-1), number<int>(second).value_or(-1));
    }
    const bool isSize = isMm ? number<double>(first) && number<double>(second)
                             : number<int>(first) && number<int>(second);
    if (!isSize) {
        return fail(fmt::format(
            "'{}' is no size; give width and height as 1600x900, or as 84x60mm.", text));
    }
    if (!(size.width() >= 1) || !(size.height() >= 1) || size.width() > kMostExportPx ||
        size.height() > kMostExportPx) {
        return fail(fmt::format("The size {} is out of range; each side may have 1 to {} pixels.",
                                text, kMostExportPx));
    }
    return size;
}

QSizeF sizeFromMm(double width, double height) {
    return {width * kPxPerMm, height * kPxPerMm};
}

QString textOfExportSize(QSizeF size) {
    const bool isPixels = size == QSizeF(size.toSize());
    if (isPixels) {
        return QStringLiteral("%1x%2").arg(size.width()).arg(size.height());
    }
    return QStringLiteral("%1x%2mm")
        .arg(size.width() / kPxPerMm, 0, 'g', 8)
        .arg(size.height() / kPxPerMm, 0, 'g', 8);
}

Result<StateSet> stateSetNamed(std::string_view names) {
    StateSet states;
    while (!names.empty()) {
        const std::size_t comma = names.find(',');
        const std::string_view name = trimmed(names.substr(0, comma));
        names = comma == names.npos ? std::string_view() : names.substr(comma + 1);
        std::string known;
        bool isKnown = false;
        for (std::size_t i = 0; i < states.size(); ++i) {
            const std::string_view each = interleave::nameOf(static_cast<State>(i));
            known += (known.empty() ? "" : ", ") + std::string(each);
            if (each == name) {
                states.set(i);
                isKnown = true;
            }
        }
        if (!isKnown) {
            return fail(fmt::format("'{}' is no state; there are {}.", name, known));
        }
    }
    return states;
}

QString textOf(StateSet states) {
    QStringList names;
    for (std::size_t i = 0; i < states.size(); ++i) {
        if (states[i]) {
            const std::string_view name = interleave::nameOf(static_cast<State>(i));
            names << QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
        }
    }
    return names.join(QLatin1Char(','));
}

Result<Nanoseconds> exportMomentFrom(std::string_view text) {
    const std::string_view whole = trimmed(text);
    if (whole.ends_with("ns")) {
        if (const auto exact = number<Nanoseconds>(trimmed(whole.substr(0, whole.size() - 2)))) {
            return *exact;
        }
    }
    static constexpr std::array<std::pair<std::string_view, double>, 5> kUnits{
        {{"ns", 1}, {"us", 1e3}, {"µs", 1e3}, {"ms", 1e6}, {"s", 1e9}}};
    for (const auto& [unit, ns] : kUnits) {
        if (!whole.ends_with(unit)) {
            continue;
        }
        const auto value = number<double>(trimmed(whole.substr(0, whole.size() - unit.size())));
        if (value && std::abs(*value * ns) < 9e18) {
            return static_cast<Nanoseconds>(std::llround(*value * ns));
        }
    }
    return fail(
        fmt::format("'{}' is no time; write a number and ns, us, ms or s, as in '20 ms'.", text));
}

QString nameOf(ExportView view) {
    const std::string_view name = kViews[static_cast<std::size_t>(view)].first;
    return QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
}

QString nameOf(ExportFormat format) {
    return QString::fromLatin1(kFormats[static_cast<std::size_t>(format)]);
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
