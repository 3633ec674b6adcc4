// SPDX-License-Identifier: GPL-3.0-or-later
// NodeHost: the control thread's end of one node: the process or thread it lives in, the port to
// it, how it ends and what it leaves behind when it was killed.
//
// Thread: the control thread.
#pragma once

#include "engine/models/blocking/thread.h"
#include "engine/models/task_queue/node.h"

#include <optional>
#include <string>
#include <vector>

namespace interleave::models {

/// What every node of a run works with.
struct NodeOrigin {
    const RunContext& context;
    SharedObjects& objects;
    QueueBoard& board;
    const QueueLayout& layout;
    const QueueSettings& settings;
    broker::Broker& broker;
    int stopFd = -1;
};

class NodeHost {
public:
    static Result<std::unique_ptr<NodeHost>> start(const NodeOrigin& origin, const NodePlan& plan);
    NodeHost(const NodeHost&) = delete;
    NodeHost& operator=(const NodeHost&) = delete;
    /// Kills it, or waits for its thread, and what is left of its children.
    ~NodeHost();

    const NodePlan& plan() const { return m_plan; }
    pid_t pid() const { return m_pid; } // -1: a thread
    int port() const { return m_port; }
    void send(const Message& message);
    /// What it has told since the last call: that it is ready, tasks whose end it has recorded.
    std::vector<Message> receive();
    /// It has closed its end, or was killed.
    bool isGone() const { return m_isGone; }
    /// Why it could not go on, in its own words; empty: it said nothing.
    const std::string& trouble() const { return m_trouble; }

    /// No more work: it ends by itself.
    void closePort();
    bool tryReap();
    /// Nothing of it is left afterwards.
    void killAndReap();

    bool isReady = false; // it consumes, and has somebody to execute tasks

private:
    NodeHost(const NodeOrigin& origin, NodePlan plan, int port);
    void reapChildren();

    const NodeOrigin& m_origin;
    NodePlan m_plan;
    int m_port = -1;
    pid_t m_pid = -1;
    std::optional<Thread> m_thread;
    bool m_isGone = false;
    std::string m_trouble;
};

/// While it lives, processes whose parent dies become children of this one: those of a node that
/// was killed can be waited for.
class OrphansComeHere {
public:
    OrphansComeHere();
    OrphansComeHere(const OrphansComeHere&) = delete;
    OrphansComeHere& operator=(const OrphansComeHere&) = delete;
    ~OrphansComeHere();

private:
    int m_before = 0;
};

} // namespace interleave::models
