// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/pubsub/confirm_window.h"

namespace interleave::models {

std::vector<std::uint32_t> ConfirmWindow::settle(const broker::Confirmed& confirmed) {
    std::vector<std::uint32_t> messages;
    const auto end = m_open.upper_bound(confirmed.sequence);
    const auto begin =
        confirmed.isMultiple ? m_open.begin() : m_open.lower_bound(confirmed.sequence);
    for (auto at = begin; at != end; ++at) {
        messages.push_back(at->second);
    }
    m_open.erase(begin, end);
    return messages;
}

std::vector<std::uint32_t> ConfirmWindow::takeAll() {
    std::vector<std::uint32_t> messages;
    for (const auto& [sequence, message] : m_open) {
        messages.push_back(message);
    }
    m_open.clear();
    return messages;
}

} // namespace interleave::models
