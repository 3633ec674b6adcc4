// SPDX-License-Identifier: GPL-3.0-or-later
// What agents name of a broker: it is the same for every process, unlike locks. Queues and
// exchanges of one kind and name are one object, messages of one key are one message.
#pragma once

#include "engine/collector/agent_process.h"
#include "engine/collector/manifest.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace interleave::collector {

class AgentBroker {
public:
    /// The manifest must outlive it.
    explicit AgentBroker(Manifest& manifest);

    static bool hasKind(std::string_view kind);
    /// 0: none has that name yet.
    std::uint32_t objectNamed(const std::string& kind, const std::string& name) const;
    void setObject(const std::string& kind, const std::string& name, std::uint32_t number);

    void nameMessage(AgentProcess& process, std::uint32_t own, const std::string& key);
    /// `objects` as in a Bound event. It may be read before the names of what it binds, which
    /// another thread has written.
    void bind(const AgentProcess& process, std::uint32_t objects, const std::string& key);
    /// Adds to the manifest the bindings whose objects are known by now.
    void addBindings();
    std::size_t unknownBindings() const { return m_bindings.size(); }

private:
    struct Bound {
        const AgentProcess* process = nullptr;
        std::uint32_t objects = 0;
        std::string key;
    };

    Manifest& m_manifest;
    std::map<std::pair<std::string, std::string>, std::uint32_t> m_objects; // by kind and name
    std::unordered_map<std::string, std::uint32_t> m_messageByKey;
    std::uint32_t m_lastMessage = 0; // that got a number; 0: none
    std::vector<Bound> m_bindings;   // of objects that have no names yet
};

} // namespace interleave::collector
