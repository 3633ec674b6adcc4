// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/task_queue/queue_board.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <new>
#include <sys/mman.h>
#include <utility>

namespace interleave::models {

Result<QueueBoard> QueueBoard::create(std::size_t tasks, std::size_t slotCount,
                                      std::uint32_t messagesBefore) {
    QueueBoard board;
    board.m_bytes = sizeof(Head) + tasks * sizeof(TaskEntry) + slotCount * sizeof(SlotEntry);
    void* const block =
        mmap(nullptr, board.m_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) {
        return fail(fmt::format("The {} bytes that the workers of this run share can't be had: "
                                "{}. Use fewer tasks.",
                                board.m_bytes, std::strerror(errno)),
                    ErrorKind::MissingPart);
    }
    board.m_block = block;
    auto* const bytes = static_cast<std::byte*>(block);
    board.m_head = new (bytes) Head;
    // The pages are zero, which is what every entry begins with: a million of them costs nothing
    // before it is used.
    board.m_tasks = {reinterpret_cast<TaskEntry*>(bytes + sizeof(Head)), tasks};
    board.m_slots = {reinterpret_cast<SlotEntry*>(bytes + sizeof(Head) + tasks * sizeof(TaskEntry)),
                     slotCount};
    board.m_head->lastMessage = messagesBefore;
    board.m_head->lastWorker = static_cast<std::uint32_t>(slotCount);
    return board;
}

QueueBoard::QueueBoard(QueueBoard&& other) noexcept
    : m_block(std::exchange(other.m_block, nullptr))
    , m_bytes(other.m_bytes)
    , m_head(other.m_head)
    , m_tasks(other.m_tasks)
    , m_slots(other.m_slots) {}

QueueBoard::~QueueBoard() {
    if (m_block != nullptr) {
        munmap(m_block, m_bytes);
    }
}

} // namespace interleave::models
