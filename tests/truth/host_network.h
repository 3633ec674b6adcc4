// SPDX-License-Identifier: GPL-3.0-or-later
// Hosts made of network namespaces, each with an address and a line of its own to one bridge, which
// has the address of the machine. They are gone with this object, and soon after its process if
// that was killed.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace interleave::truth {

class HostNetwork {
public:
    /// Why there can be none, or nothing: not root, no `ip`, a container that may not.
    static std::string objection();
    /// Nothing: it could not be made, and standard error says why.
    static std::unique_ptr<HostNetwork> make(const std::vector<std::string>& hosts);
    ~HostNetwork();
    HostNetwork(const HostNetwork&) = delete;
    HostNetwork& operator=(const HostNetwork&) = delete;

    /// Of this machine, as the hosts reach it.
    const std::string& address() const { return m_address; }
    /// Before a command, to run it on a host.
    std::vector<std::string> prefixOf(const std::string& host) const;
    void cut(const std::string& host);
    void mend(const std::string& host);

private:
    HostNetwork() = default;
    bool lineIs(const std::string& host, const char* state);

    std::string m_mark; // begins the names of all that was made
    std::string m_address;
    std::vector<std::string> m_hosts;
};

} // namespace interleave::truth
