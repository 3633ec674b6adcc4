// SPDX-License-Identifier: GPL-3.0-or-later
// PackedColumn: integers in blocks of 256, each block as its least value and differences of just as
// many bits as the widest needs ("frame of reference"). Any value is read in constant time, with no
// unpacking, so the same bytes serve in memory and as a mapped file. Times within a block lie close
// together and most other columns hardly vary: a span takes some 8 bytes instead of 40.
// Source of the scheme: Goldstein, Ramakrishnan, Shaft: Compressing relations and indexes (1998).
#pragma once

#include "engine/base/id.h"
#include "engine/base/state.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace interleave::recording {

inline constexpr std::size_t kBlockValues = 256;

struct PackedBlock {
    std::int64_t base = 0;
    std::uint64_t place = 0; // byte offset of the differences << 7 | bits of each: 0 .. 56, or 64

    unsigned bits() const { return static_cast<unsigned>(place & 127); }
    std::uint64_t offset() const { return place >> 7; }
};

/// A view; whoever makes it keeps the memory, of which 8 bytes after the last value are readable.
class PackedColumn {
public:
    PackedColumn() = default;
    /// One block for the whole column means that all its values are equal.
    PackedColumn(std::span<const PackedBlock> blocks, const std::byte* data, std::size_t valueCount)
        : m_blocks(blocks.data())
        , m_data(data)
        , m_shift(blocks.size() == 1 && valueCount > kBlockValues ? 63 : 8) {}

    std::int64_t at(std::size_t index) const {
        const PackedBlock& block = m_blocks[index >> m_shift];
        const unsigned bits = block.bits();
        if (bits == 0) {
            return block.base;
        }
        const std::size_t bit = (index & (kBlockValues - 1)) * bits;
        std::uint64_t raw = 0;
        std::memcpy(&raw, m_data + block.offset() + (bit >> 3), sizeof(raw));
        raw = (raw >> (bit & 7)) & (~std::uint64_t{0} >> (64 - bits));
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(block.base) + raw);
    }
    /// Unpacks values [first, first + count), which must lie within one block of 256.
    void unpack(std::size_t first, std::size_t count, std::int64_t* to) const;

private:
    const PackedBlock* m_blocks = nullptr;
    const std::byte* m_data = nullptr;
    std::uint8_t m_shift = 8;
};

/// A column of ids: what lies outside of its table (in a damaged file) reads as none.
template <class IdType>
class IdColumn {
public:
    IdColumn() = default;
    IdColumn(PackedColumn column, std::size_t tableSize)
        : m_column(column)
        , m_tableSize(static_cast<std::int64_t>(tableSize)) {}
    IdType operator[](std::size_t index) const { return idOf(m_column.at(index)); }
    IdType idOf(std::int64_t value) const {
        return value >= 0 && value <= m_tableSize ? IdType{static_cast<std::uint32_t>(value)}
                                                  : IdType{};
    }
    const PackedColumn& packed() const { return m_column; }

private:
    PackedColumn m_column;
    std::int64_t m_tableSize = 0;
};

template <class T>
class NumberColumn {
public:
    NumberColumn() = default;
    explicit NumberColumn(PackedColumn column)
        : m_column(column) {}
    T operator[](std::size_t index) const { return static_cast<T>(m_column.at(index)); }
    const PackedColumn& packed() const { return m_column; }

private:
    PackedColumn m_column;
};

/// Packs values as they come.
class ColumnPacker {
public:
    void push(std::int64_t value) {
        m_open[m_openCount] = value;
        if (++m_openCount == kBlockValues) {
            closeBlock();
        }
    }
    /// Closes the last block; where all values are equal, one block is left.
    void finish();
    void clear();

    std::span<const PackedBlock> blocks() const { return m_blocks; }
    std::span<const std::byte> data() const { return m_data; } // without the 8 bytes after it

private:
    void closeBlock();

    std::vector<PackedBlock> m_blocks;
    std::vector<std::byte> m_data;
    std::size_t m_openCount = 0;
    std::int64_t m_open[kBlockValues];
};

} // namespace interleave::recording
