// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recording/state_pyramid.h"

#include <bit>

namespace interleave::recording {

namespace {

// Below this a level would save nothing over the one under it.
constexpr std::size_t kLeastNodes = 4;

constexpr std::size_t kLeastStride = 16;

} // namespace

PyramidShape PyramidShape::of(std::uint32_t stateMask) {
    PyramidShape shape{.stateMask = stateMask, .stride = kLeastStride};
    // All levels together take 4/3 of the finest, and a little for the ends of levels.
    while (shape.wordsPerEntry() * sizeof(std::int64_t) * 4 >= shape.stride * 2 * 3) {
        shape.stride *= 2;
    }
    return shape;
}

std::size_t PyramidShape::stateCount() const {
    return static_cast<std::size_t>(std::popcount(stateMask));
}

std::size_t PyramidShape::nodesAt(std::size_t spanCount, std::size_t level) const {
    std::size_t nodes = (spanCount + stride - 1) / stride;
    for (std::size_t i = 0; i < level && nodes >= kLeastNodes; ++i) {
        nodes = nodes / kFanout < kLeastNodes ? 0 : (nodes + kFanout - 1) / kFanout;
    }
    return nodes >= kLeastNodes ? nodes : 0;
}

std::size_t PyramidShape::levelCount(std::size_t spanCount) const {
    std::size_t nodes = (spanCount + stride - 1) / stride;
    std::size_t levels = 0;
    for (; nodes >= kLeastNodes; ++levels) {
        nodes = nodes / kFanout < kLeastNodes ? 0 : (nodes + kFanout - 1) / kFanout;
    }
    return levels;
}

std::size_t PyramidShape::wordsFor(std::size_t spanCount) const {
    std::size_t entries = 0;
    const std::size_t levels = levelCount(spanCount);
    for (std::size_t level = 0; level < levels; ++level) {
        entries += nodesAt(spanCount, level) + 1;
    }
    return entries * wordsPerEntry();
}

} // namespace interleave::recording
