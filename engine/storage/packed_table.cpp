// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/packed_table.h"

#include <cstring>

namespace interleave::storage {

namespace {

using recording::kBlockValues;
using recording::PackedBlock;

struct TableHead {
    std::uint64_t rows = 0;
    std::uint64_t columns = 0;
};
struct ColumnHead {
    std::uint64_t blocks = 0;
    std::uint64_t dataBytes = 0;
};

constexpr std::size_t kSlack = 8; // readable after the last value

std::uint64_t blocksFor(std::uint64_t rows) {
    return rows / kBlockValues + (rows % kBlockValues != 0 ? 1 : 0);
}

std::uint64_t padded(std::uint64_t dataBytes) {
    return dataBytes == 0 ? 0 : (dataBytes + kSlack + 7) / 8 * 8;
}

void append(Block& block, std::span<const std::byte> bytes) {
    block.insert(block.end(), bytes.begin(), bytes.end());
}

/// Whether all values of the block lie within the data.
bool isSound(const PackedBlock& block, std::uint64_t values, std::uint64_t dataBytes) {
    const std::uint64_t bits = block.bits();
    if (bits == 0) {
        return true;
    }
    const std::uint64_t needed = (values * bits + 7) / 8 + kSlack;
    return (bits <= 56 || bits == 64) && block.offset() <= dataBytes &&
           needed <= dataBytes - block.offset();
}

} // namespace

Block TableWriter::finish() const {
    Block table;
    const TableHead head{m_rows, m_columns.size()};
    const std::uint64_t blocks = blocksFor(m_rows);
    append(table, std::as_bytes(std::span(&head, 1)));
    for (const recording::ColumnPacker& column : m_columns) {
        const ColumnHead columnHead{blocks, padded(column.data().size())};
        append(table, std::as_bytes(std::span(&columnHead, 1)));
    }
    for (const recording::ColumnPacker& column : m_columns) {
        if (column.blocks().size() == blocks) {
            append(table, std::as_bytes(column.blocks()));
            continue;
        }
        for (std::uint64_t i = 0; i < blocks; ++i) { // all values are equal
            append(table, std::as_bytes(column.blocks().first(1)));
        }
    }
    for (const recording::ColumnPacker& column : m_columns) {
        append(table, column.data());
        table.resize(table.size() + padded(column.data().size()) - column.data().size());
    }
    append(table, std::as_bytes(std::span(m_texts)));
    return table;
}

std::uint64_t TableReader::rowsClaimed(std::span<const std::byte> bytes) {
    TableHead head;
    if (bytes.size() >= sizeof(head)) {
        std::memcpy(&head, bytes.data(), sizeof(head));
    }
    return head.rows;
}

std::optional<TableReader> TableReader::open(std::span<const std::byte> bytes,
                                             std::size_t columns) {
    const std::size_t heads = sizeof(TableHead) + columns * sizeof(ColumnHead);
    TableHead head;
    if (bytes.size() < heads) {
        return std::nullopt;
    }
    std::memcpy(&head, bytes.data(), sizeof(head));
    std::vector<ColumnHead> columnHeads(columns);
    std::memcpy(columnHeads.data(), bytes.data() + sizeof(head), columns * sizeof(ColumnHead));
    const std::uint64_t blocks = blocksFor(head.rows);
    std::span<const std::byte> rest = bytes.subspan(heads);
    if (head.columns != columns || blocks > rest.size() / sizeof(PackedBlock) / columns) {
        return std::nullopt;
    }
    const auto count = static_cast<std::size_t>(blocks);
    const auto* firstBlock = reinterpret_cast<const PackedBlock*>(rest.data());
    rest = rest.subspan(columns * count * sizeof(PackedBlock));
    TableReader table;
    table.m_rows = static_cast<std::size_t>(head.rows);
    for (std::size_t c = 0; c < columns; ++c) {
        const std::span<const PackedBlock> own(firstBlock + c * count, count);
        const std::uint64_t dataBytes = columnHeads[c].dataBytes;
        if (columnHeads[c].blocks != blocks || dataBytes % 8 != 0 || dataBytes > rest.size()) {
            return std::nullopt;
        }
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t values = std::min(kBlockValues, table.m_rows - i * kBlockValues);
            if (!isSound(own[i], values, dataBytes)) {
                return std::nullopt;
            }
        }
        table.m_columns.emplace_back(own, rest.data(), table.m_rows);
        rest = rest.subspan(static_cast<std::size_t>(dataBytes));
    }
    table.m_texts = {reinterpret_cast<const char*>(rest.data()), rest.size()};
    return table;
}

} // namespace interleave::storage
