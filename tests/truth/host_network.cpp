// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/truth/host_network.h"

#include "tests/truth/program_run.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

namespace interleave::truth {

namespace {

bool shell(const std::string& script) {
    const ProgramResult result = runCommand({"/bin/sh", "-c", script});
    std::fputs(result.exitCode == 0 ? "" : result.err.c_str(), stderr);
    return result.exitCode == 0;
}

/// Takes away whatever there is of it.
std::string removalOf(const std::string& mark, const std::vector<std::string>& hosts) {
    std::string script;
    for (const std::string& host : hosts) {
        script += fmt::format("ip netns del {}-{} 2>/dev/null; ", mark, host);
    }
    return script + fmt::format("ip link del {} 2>/dev/null; true", mark);
}

} // namespace

std::string HostNetwork::objection() {
    if (geteuid() != 0) {
        return "Network namespaces can be made by root only.";
    }
    const std::string probe = fmt::format("ilvp{}", getpid());
    const ProgramResult made =
        runCommand({"/bin/sh", "-c",
                    fmt::format("ip netns add {0} && ip link add {0} type bridge; made=$?; ip link "
                                "del {0}; ip netns del {0}; exit $made",
                                probe)});
    return made.exitCode == 0 ? ""
                              : "Network namespaces or bridges can't be made here: " + made.err;
}

std::unique_ptr<HostNetwork> HostNetwork::make(const std::vector<std::string>& hosts) {
    std::unique_ptr<HostNetwork> network(new HostNetwork);
    const int number = getpid() % 250;
    network->m_mark = fmt::format("ilv{}", getpid()); // names of devices have 15 characters
    network->m_address = fmt::format("10.213.{}.1", number);
    network->m_hosts = hosts;
    // Whoever kills the test does not leave its network behind.
    const std::string removal = removalOf(network->m_mark, hosts);
    std::string script = fmt::format("setsid sh -c 'while kill -0 {}; do sleep 1; done; {}' "
                                     "</dev/null >/dev/null 2>&1 & set -e; ",
                                     getpid(), removal);
    script += fmt::format("ip link add {0} type bridge; ip addr add {1}/24 dev {0}; ip link set "
                          "{0} up; ",
                          network->m_mark, network->m_address);
    int last = 2;
    for (const std::string& host : hosts) {
        script += fmt::format("ip netns add {0}-{1}; ip link add {0}{2} type veth peer name eth0 "
                              "netns {0}-{1}; ip link set {0}{2} master {0} up; ip -n {0}-{1} addr "
                              "add 10.213.{3}.{2}/24 dev eth0; ip -n {0}-{1} link set eth0 up; ip "
                              "-n {0}-{1} link set lo up; ",
                              network->m_mark, host, last++, number);
    }
    return shell(script) ? std::move(network) : nullptr;
}

HostNetwork::~HostNetwork() {
    shell(removalOf(m_mark, m_hosts));
}

std::vector<std::string> HostNetwork::prefixOf(const std::string& host) const {
    return {"ip", "netns", "exec", m_mark + "-" + host};
}

/// The end at the bridge: on the host nothing shows but silence.
bool HostNetwork::lineIs(const std::string& host, const char* state) {
    const auto index = std::ranges::find(m_hosts, host) - m_hosts.begin();
    return shell(fmt::format("ip link set {}{} {}", m_mark, index + 2, state));
}

void HostNetwork::cut(const std::string& host) {
    lineIs(host, "down");
}

void HostNetwork::mend(const std::string& host) {
    lineIs(host, "up");
}

} // namespace interleave::truth
