// SPDX-License-Identifier: GPL-3.0-or-later
// WorkerHandle: the runner's end of one worker process: how it is created, what is on its way to
// it and from it, how it ends. Its pipes never block the runner.
#pragma once

#include "engine/base/result.h"
#include "engine/models/processes/message.h"
#include "engine/models/processes/worker_process.h"

#include <optional>
#include <string>
#include <vector>

namespace interleave::models {

enum class StartKind : std::uint8_t { Fork, Spawn };

/// What every worker of a run is created with.
struct WorkerOrigin {
    const RunContext& context;
    SharedObjects& objects;
    int stopFd = -1;
    StartKind start = StartKind::Fork;
    int imageFd = -1;       // for Spawn
    bool triesOnce = false; // see WorkerSeat
};

class WorkerHandle {
public:
    /// Creates the process; an error says why the system refused and which limits there are.
    static Result<WorkerHandle> start(const WorkerOrigin& origin, int number, TaskId firstTask);
    WorkerHandle(WorkerHandle&& other) noexcept;
    WorkerHandle& operator=(WorkerHandle&& other) noexcept;
    /// Kills and reaps the process if it still lives.
    ~WorkerHandle();

    pid_t pid() const { return m_pid; } // -1 once it has been reaped
    pid_t pidAtStart() const { return m_pidAtStart; }
    int number() const { return m_number; }
    int input() const { return m_fromWorker; }
    int output() const { return m_toWorker; }

    void send(std::vector<std::byte> packed);
    bool isSending() const { return m_sent < m_outgoing.size(); }
    /// Writes what the pipe takes. A worker that is gone is noticed when reading.
    void sendMore();
    /// Reads what is there. Next: a whole message is in message() and payload(), call again.
    /// Later: nothing more for now, or it is another worker's turn.
    enum class Received : std::uint8_t { Next, Later };
    Received receiveMore();
    const Message& message() const { return m_incoming; }
    std::span<const std::byte> payload() const { return m_payload; }
    /// The worker has closed its end: it has ended or was killed.
    bool isGone() const { return m_isGone; }

    /// No more tasks: the worker ends by itself.
    void closeInput();
    /// True when the process has ended; it is reaped then.
    bool tryReap();
    void killAndReap();
    /// "ended with exit code 3", "was killed by signal 9 (Killed)"; after reaping.
    std::string obituary() const;

    bool isReady = false;
    TaskId task;               // that it has been given and has not answered; none: idle
    std::uint32_t attempt = 0; // the task's try

private:
    WorkerHandle(pid_t pid, int number, int toWorker, int fromWorker);

    pid_t m_pid = -1;
    pid_t m_pidAtStart = -1;
    int m_number = 0;
    int m_toWorker = -1;
    int m_fromWorker = -1;
    std::vector<std::byte> m_outgoing;
    std::size_t m_sent = 0;
    Message m_incoming;
    std::size_t m_received = 0; // of the header and the payload together
    bool m_isDelivered = false; // the message has been handed out; the next one begins
    std::vector<std::byte> m_payload;
    bool m_isGone = false;
    int m_status = 0;
};

} // namespace interleave::models
