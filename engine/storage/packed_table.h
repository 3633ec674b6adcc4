// SPDX-License-Identifier: GPL-3.0-or-later
// A table in a file: rows of integers as packed columns, and the texts that belong to them. Layout,
// all parts at multiples of 8: {rows u64, columns u64}, {blocks u64, data bytes u64} per column,
// the blocks of all columns, the packed data of all columns (8 readable bytes after the last
// value), the texts. Unlike a column of spans, one whose values are all equal keeps all its blocks,
// so that a table's rows are bounded by its bytes.
#pragma once

#include "engine/recording/packed_column.h"
#include "engine/storage/compressed_section.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

namespace interleave::storage {

class TableWriter {
public:
    explicit TableWriter(std::size_t rows)
        : m_rows(rows) {}

    /// get(row) is the value of a row.
    template <class Get>
    void addColumn(Get&& get) {
        recording::ColumnPacker& packer = m_columns.emplace_back();
        for (std::size_t row = 0; row < m_rows; ++row) {
            packer.push(static_cast<std::int64_t>(get(row)));
        }
        packer.finish();
    }
    void addText(std::string_view text) { m_texts.append(text); }
    Block finish() const;

private:
    std::size_t m_rows;
    std::vector<recording::ColumnPacker> m_columns;
    std::string m_texts;
};

class TableReader {
public:
    /// None if the parts do not fit together. The bytes must begin at a multiple of 8 and stay.
    static std::optional<TableReader> open(std::span<const std::byte> bytes, std::size_t columns);
    /// How many rows a table says it has; more than there can be where it is damaged.
    static std::uint64_t rowsClaimed(std::span<const std::byte> bytes);

    std::size_t rows() const { return m_rows; }
    std::string_view texts() const { return m_texts; }

    /// Calls use(row, values) for every row, in order; values[i] is of column i.
    template <std::size_t kColumns, class Use>
    void forEachRow(Use&& use) const {
        forRows<kColumns>(0, m_rows, use);
    }
    /// The same on all cores, in any order.
    template <std::size_t kColumns, class Use>
    void forEachRowInParallel(Use&& use) const {
        constexpr std::size_t kGrain = 32 * recording::kBlockValues;
        tbb::parallel_for(tbb::blocked_range<std::size_t>(0, (m_rows + kGrain - 1) / kGrain, 1),
                          [&](const tbb::blocked_range<std::size_t>& grains) {
                              forRows<kColumns>(grains.begin() * kGrain,
                                                std::min(grains.end() * kGrain, m_rows), use);
                          });
    }

private:
    template <std::size_t kColumns, class Use>
    void forRows(std::size_t first, std::size_t end, Use& use) const {
        std::array<std::array<std::int64_t, recording::kBlockValues>, kColumns> unpacked;
        std::array<std::int64_t, kColumns> values;
        for (std::size_t block = first; block < end; block += recording::kBlockValues) {
            const std::size_t count = std::min(recording::kBlockValues, end - block);
            for (std::size_t c = 0; c < kColumns; ++c) {
                m_columns[c].unpack(block, count, unpacked[c].data());
            }
            for (std::size_t i = 0; i < count; ++i) {
                for (std::size_t c = 0; c < kColumns; ++c) {
                    values[c] = unpacked[c][i];
                }
                use(block + i, values);
            }
        }
    }

    std::size_t m_rows = 0;
    std::vector<recording::PackedColumn> m_columns;
    std::string_view m_texts;
};

/// Cuts texts off the front of a table's texts.
class TextCutter {
public:
    explicit TextCutter(std::string_view texts)
        : m_rest(texts) {}
    /// False, and an empty text, where the length is impossible.
    bool take(std::int64_t length, std::string_view& text) {
        if (length < 0 || static_cast<std::uint64_t>(length) > m_rest.size()) {
            text = {};
            return false;
        }
        text = m_rest.substr(0, static_cast<std::size_t>(length));
        m_rest.remove_prefix(text.size());
        return true;
    }
    bool isAtEnd() const { return m_rest.empty(); }

private:
    std::string_view m_rest;
};

} // namespace interleave::storage
