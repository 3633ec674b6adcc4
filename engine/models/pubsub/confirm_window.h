// SPDX-License-Identifier: GPL-3.0-or-later
// ConfirmWindow: which published messages the broker has not confirmed yet. Pure bookkeeping.
#pragma once

#include "engine/broker/broker.h"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace interleave::models {

class ConfirmWindow {
public:
    /// `sequence` as the connection numbers its publishes.
    void add(std::uint64_t sequence, std::uint32_t message) { m_open.emplace(sequence, message); }
    /// The messages that a confirm speaks of, in the order of their publishing; what was confirmed
    /// before is not among them.
    std::vector<std::uint32_t> settle(const broker::Confirmed& confirmed);
    std::size_t size() const { return m_open.size(); }
    bool isEmpty() const { return m_open.empty(); }
    /// Everything unconfirmed, in order, when the connection is lost.
    std::vector<std::uint32_t> takeAll();

private:
    std::map<std::uint64_t, std::uint32_t> m_open; // sequence -> message
};

} // namespace interleave::models
