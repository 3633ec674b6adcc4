// SPDX-License-Identifier: GPL-3.0-or-later
// A memory broker in a process of its own: prints its address, then obeys "stop" and "start" on its
// standard input, each answered by a line, until that ends.
#include "engine/broker/memory_broker.h"

#include <iostream>
#include <string>

int main() {
    auto broker = interleave::broker::MemoryBroker::create();
    if (!broker) {
        std::cerr << broker.error().message << '\n';
        return 1;
    }
    std::cout << (*broker)->address() << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        if (line == "stop") {
            (*broker)->stop();
        } else if (line == "start") {
            (*broker)->start();
        }
        std::cout << line << std::endl;
    }
    return 0;
}
