// SPDX-License-Identifier: GPL-3.0-or-later
// PythonBlock: memory that the Python program shares with us: how far each task has got, what it
// waits for, who holds a lock. It stores words there without any call; we look. The driver's
// interleave_driver/block.py has the other view of the same layout.
#pragma once

#include "engine/base/id.h"
#include "engine/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace interleave::models {

class PythonBlock {
public:
    enum class Phase : std::uint32_t { Unborn, Submitted, Started, Ended };
    struct TaskLook {
        Phase phase = Phase::Unborn;
        std::uint32_t version = 0;  // changes whenever a wait of the task begins or ends
        std::uint32_t waitsFor = 0; // index of its action + 1; 0: it does not wait
        TaskId cover;               // runs on top of it in the same thread
    };

    static Result<PythonBlock> create(std::size_t tasks, std::size_t objects);
    PythonBlock(PythonBlock&& other) noexcept;
    PythonBlock& operator=(PythonBlock&&) = delete;
    ~PythonBlock();

    /// How another process of the same user opens it.
    std::string path() const;

    /// The driver has come up: what follows is about it.
    bool isReady() const;
    bool haveAllEnded() const; // but for children that nobody will spawn any more
    bool hasAgent() const;
    bool isCPython() const;
    std::string version() const; // "3.11.2"

    TaskLook look(TaskId task) const;
    TaskId holder(ObjectId lock) const;

private:
    PythonBlock(int fd, std::size_t bytes, std::size_t tasks);
    std::uint32_t word(std::size_t index) const;

    int m_fd = -1;
    std::uint32_t* m_words = nullptr;
    std::size_t m_bytes = 0;
    std::size_t m_tasks = 0;
};

} // namespace interleave::models
