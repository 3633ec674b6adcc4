// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep as a table and as JSON.
#include "engine/analysis/aligned_table.h"
#include "engine/analysis/sweep.h"
#include "engine/base/time.h"

#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace interleave::analysis {

namespace {

using SweepJson = nlohmann::ordered_json;

std::string secondsText(double seconds) {
    return formatDuration(static_cast<Nanoseconds>(std::llround(seconds * 1e9)));
}

std::string cellText(const SweepCell& cell) {
    if (cell.runs == 0) {
        return "-";
    }
    if (cell.runs == 1) {
        return secondsText(cell.makespanS.median);
    }
    return fmt::format("{} ({} to {})", secondsText(cell.makespanS.median),
                       secondsText(cell.makespanS.minimum), secondsText(cell.makespanS.maximum));
}

std::string crossingText(const Sweep& sweep, const SweepCrossing& crossing) {
    return fmt::format("At {} = {} {} begins to win over {}{}.\n", sweep.key,
                       valueText(sweep, crossing.x), sweep.models[crossing.to],
                       sweep.models[crossing.from],
                       crossing.isClear ? "" : " (their runs are too close there: not certain)");
}

SweepJson cellJson(const std::string& model, const SweepCell& cell) {
    SweepJson json{{"model", model},
                   {"runs", cell.runs},
                   {"makespan_median_s", cell.makespanS.median},
                   {"makespan_min_s", cell.makespanS.minimum},
                   {"makespan_max_s", cell.makespanS.maximum},
                   {"bound_s", cell.boundS}};
    if (cell.parallelismMean > 0) {
        json["parallelism_mean"] = cell.parallelismMean;
    }
    return json;
}

} // namespace

std::string valueText(const Sweep& sweep, double x) {
    return sweep.unit == "s"   ? secondsText(x)
           : sweep.unit == "%" ? fmt::format("{:.0f} %", x)
                               : fmt::format("{:.3g}", x);
}

std::string sweepTable(const Sweep& sweep) {
    TableLines lines{{sweep.key}};
    for (const std::string& model : sweep.models) {
        lines[0].push_back(model);
        lines[0].emplace_back("bound");
    }
    lines[0].emplace_back("fastest");
    for (const SweepPoint& point : sweep.points) {
        std::vector<std::string> line{point.text};
        for (const SweepCell& cell : point.cells) {
            line.push_back(cellText(cell));
            line.push_back(cell.runs == 0 ? "-" : secondsText(cell.boundS));
        }
        line.push_back(point.winner ? sweep.models[*point.winner] : "-");
        lines.push_back(std::move(line));
    }
    std::string text = alignedTable(lines);
    for (const SweepCrossing& crossing : sweep.crossings) {
        text += crossingText(sweep, crossing);
    }
    return text;
}

std::string sweepJson(const Sweep& sweep) {
    SweepJson json{{"scenario", sweep.scenario}, {"key", sweep.key}, {"unit", sweep.unit}};
    json["points"] = SweepJson::array();
    for (const SweepPoint& point : sweep.points) {
        SweepJson item{{"value", point.text}, {"x", point.x}};
        if (point.winner) {
            item["fastest"] = sweep.models[*point.winner];
        }
        for (std::size_t i = 0; i < point.cells.size(); ++i) {
            if (point.cells[i].runs != 0) {
                item["models"].push_back(cellJson(sweep.models[i], point.cells[i]));
            }
        }
        json["points"].push_back(std::move(item));
    }
    json["crossings"] = SweepJson::array();
    for (const SweepCrossing& crossing : sweep.crossings) {
        json["crossings"].push_back({{"x", crossing.x},
                                     {"after", sweep.points[crossing.after].text},
                                     {"before", sweep.points[crossing.after + 1].text},
                                     {"from", sweep.models[crossing.from]},
                                     {"to", sweep.models[crossing.to]},
                                     {"clear", crossing.isClear}});
    }
    return json.dump(2, ' ', false, SweepJson::error_handler_t::replace) + "\n";
}

} // namespace interleave::analysis
