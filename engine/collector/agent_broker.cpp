// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/agent_broker.h"

#include "engine/recording/recording.h"

#include <algorithm>

namespace interleave::collector {

AgentBroker::AgentBroker(Manifest& manifest)
    : m_manifest(manifest) {
    for (std::uint32_t i = 0; i < manifest.objects.size(); ++i) {
        if (hasKind(manifest.objects[i].kind)) {
            m_objects.try_emplace({manifest.objects[i].kind, manifest.objects[i].name}, i + 1);
        }
    }
}

bool AgentBroker::hasKind(std::string_view kind) {
    return kind == recording::kMessageQueueKind || recording::isExchangeKind(kind);
}

std::uint32_t AgentBroker::objectNamed(const std::string& kind, const std::string& name) const {
    const auto known = m_objects.find({kind, name});
    return known == m_objects.end() ? 0 : known->second;
}

void AgentBroker::setObject(const std::string& kind, const std::string& name,
                            std::uint32_t number) {
    m_objects[{kind, name}] = number;
}

void AgentBroker::nameMessage(AgentProcess& process, std::uint32_t own, const std::string& key) {
    if (m_lastMessage == 0 && process.isModel) {
        m_lastMessage = kFirstNamedMessage;
    }
    if (key.empty()) {
        process.messages.set(own, ++m_lastMessage);
        return;
    }
    const auto [place, isNew] = m_messageByKey.try_emplace(key, m_lastMessage + 1);
    m_lastMessage += isNew ? 1 : 0;
    process.messages.set(own, place->second);
}

void AgentBroker::bind(const AgentProcess& process, std::uint32_t objects, const std::string& key) {
    m_bindings.push_back({&process, objects, key});
}

void AgentBroker::addBindings() {
    std::erase_if(m_bindings, [this](const Bound& bound) {
        const ManifestBinding binding{bound.process->object(bound.objects & 0xffff),
                                      bound.process->object(bound.objects >> 16), bound.key};
        if (binding.exchange == 0 || binding.queue == 0) {
            return false;
        }
        if (std::ranges::find(m_manifest.bindings, binding) == m_manifest.bindings.end()) {
            m_manifest.bindings.push_back(binding);
        }
        return true;
    });
}

} // namespace interleave::collector
