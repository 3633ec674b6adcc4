// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/aligned_table.h"

#include <algorithm>

namespace interleave::analysis {

namespace {

/// Characters, not bytes: "µs" is two columns wide.
std::size_t widthOf(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

} // namespace

std::string alignedTable(const TableLines& lines) {
    if (lines.empty()) {
        return {};
    }
    std::vector<std::size_t> widths(lines[0].size(), 0);
    for (const auto& line : lines) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            widths[i] = std::max(widths[i], widthOf(line[i]));
        }
    }
    std::string text;
    for (const auto& line : lines) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            const std::string padding(widths[i] - widthOf(line[i]), ' ');
            text += i == 0 ? line[i] + padding : "  " + padding + line[i];
        }
        text += '\n';
    }
    return text;
}

} // namespace interleave::analysis
