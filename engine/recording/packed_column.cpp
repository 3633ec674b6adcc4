// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recording/packed_column.h"

#include <algorithm>
#include <bit>

namespace interleave::recording {

namespace {

constexpr unsigned kMostBits = 56; // a value of more would not fit an unaligned 64-bit load

unsigned bitsFor(std::uint64_t greatest) {
    const auto bits = static_cast<unsigned>(std::bit_width(greatest));
    return bits > kMostBits ? 64 : bits;
}

} // namespace

void PackedColumn::unpack(std::size_t first, std::size_t count, std::int64_t* to) const {
    const PackedBlock& block = m_blocks[first >> m_shift];
    const unsigned bits = block.bits();
    if (bits == 0) {
        std::fill_n(to, count, block.base);
        return;
    }
    const std::byte* data = m_data + block.offset();
    const std::uint64_t mask = ~std::uint64_t{0} >> (64 - bits);
    const auto base = static_cast<std::uint64_t>(block.base);
    std::size_t bit = (first & (kBlockValues - 1)) * bits;
    for (std::size_t i = 0; i < count; ++i, bit += bits) {
        std::uint64_t raw = 0;
        std::memcpy(&raw, data + (bit >> 3), sizeof(raw));
        to[i] = static_cast<std::int64_t>(base + ((raw >> (bit & 7)) & mask));
    }
}

void ColumnPacker::closeBlock() {
    const auto [least, greatest] = std::minmax_element(m_open, m_open + m_openCount);
    const auto base = static_cast<std::uint64_t>(*least);
    const unsigned bits = bitsFor(static_cast<std::uint64_t>(*greatest) - base);
    const std::size_t offset = m_data.size();
    m_blocks.push_back({*least, static_cast<std::uint64_t>(offset) << 7 | bits});
    if (bits != 0) {
        // Eight bytes of slack while writing: every store is a whole word.
        m_data.resize(offset + (m_openCount * bits + 7) / 8 + 8);
        std::byte* data = m_data.data() + offset;
        std::size_t bit = 0;
        for (std::size_t i = 0; i < m_openCount; ++i, bit += bits) {
            std::uint64_t word = 0;
            std::memcpy(&word, data + (bit >> 3), sizeof(word));
            word |= (static_cast<std::uint64_t>(m_open[i]) - base) << (bit & 7);
            std::memcpy(data + (bit >> 3), &word, sizeof(word));
        }
        m_data.resize(m_data.size() - 8);
    }
    m_openCount = 0;
}

void ColumnPacker::finish() {
    if (m_openCount != 0) {
        closeBlock();
    }
    const bool isConstant = std::ranges::all_of(m_blocks, [this](const PackedBlock& block) {
        return block.bits() == 0 && block.base == m_blocks.front().base;
    });
    if (isConstant && m_blocks.size() > 1) {
        m_blocks.resize(1);
    }
}

void ColumnPacker::clear() {
    m_blocks.clear();
    m_data.clear();
    m_openCount = 0;
}

} // namespace interleave::recording
