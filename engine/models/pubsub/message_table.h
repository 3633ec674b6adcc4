// SPDX-License-Identifier: GPL-3.0-or-later
// MessageTable: what a program says of its messages, by their numbers: who publishes each, which
// copies the routing rules give and who handles them. Never changes during a run.
#pragma once

#include "engine/scenario/program.h"

#include <optional>
#include <string>
#include <vector>

namespace interleave::models {

struct MessageFacts {
    const scenario::PublishedMessage* message = nullptr;
    const scenario::Action* action = nullptr;
    const scenario::PublishStep* step = nullptr;
    TaskId publisher;
};

/// Properties::type of every message of a run; others come from somebody else.
inline constexpr const char* kMessageType = "interleave";

class MessageTable {
public:
    explicit MessageTable(const scenario::Program& program);

    const scenario::Program& program() const { return m_program; }
    /// The highest number of a message of the program; replies are numbered from there on.
    std::uint32_t lastNumber() const { return static_cast<std::uint32_t>(m_facts.size()); }
    /// Null: the program has no such message.
    const MessageFacts* find(std::uint32_t number) const;
    /// Index of a copy among all copies of the program; nothing: it is not one of them.
    std::optional<std::size_t> copyIndex(std::uint32_t number, ObjectId queue) const;
    std::size_t copyCount() const { return m_firstCopy.empty() ? 0 : m_firstCopy.back(); }
    const scenario::PublishedMessage::Copy& copyAt(std::uint32_t number, std::size_t index) const;

    /// The message that brings a handler task about; 0: the task handles none.
    std::uint32_t messageOf(TaskId handler) const { return m_messageOf[handler.value - 1]; }
    /// Tasks that handle messages, in order.
    const std::vector<TaskId>& handlers() const { return m_handlers; }

    /// Some task of the scenario handles messages of the queue.
    bool isHandled(ObjectId queue) const;
    /// A copy that lies there can come to a handler, now or later by itself.
    bool canReachHandler(std::uint32_t number, ObjectId queue) const;
    const scenario::MessageQueueDeclaration& declarationOf(ObjectId queue) const;
    bool isQueue(ObjectId object) const;

private:
    void add(const scenario::Task& task, const scenario::Action& action);

    const scenario::Program& m_program;
    ObjectId m_firstQueue;
    std::vector<MessageFacts> m_facts;      // by number - 1
    std::vector<std::size_t> m_firstCopy;   // by number - 1, and one past the end
    std::vector<std::uint32_t> m_messageOf; // by task
    std::vector<TaskId> m_handlers;
    std::vector<bool> m_isHandled; // by queue declaration
};

} // namespace interleave::models
