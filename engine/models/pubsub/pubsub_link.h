// SPDX-License-Identifier: GPL-3.0-or-later
// PubsubLink: one thread's connection, made anew after it was lost: the broker was stopped, or the
// network cut. What was declared may have died with the broker, so it is declared again.
#pragma once

#include "engine/models/pubsub/pubsub_shared.h"

#include <memory>
#include <string>

namespace interleave::models {

class PubsubLink {
public:
    /// For how long a broker may be away before the run is given up.
    static constexpr Nanoseconds kPatienceNs = 30'000'000'000;

    PubsubLink(PubsubShared& shared, std::string name)
        : m_shared(shared)
        , m_name(std::move(name)) {}

    bool isUp() const { return m_connection != nullptr && !m_connection->isLost(); }
    broker::Connection& operator*() const { return *m_connection; }
    broker::Connection* operator->() const { return m_connection.get(); }

    /// One attempt. False: no broker answers now; an error that no waiting cures ends the run.
    bool tryConnect();
    /// Attempts until one succeeds. False: the run is over, or `wakeFd` became readable.
    bool connect(int wakeFd);
    /// What a failed call means: the connection is dropped; any trouble but its loss ends the run.
    void failed(const Error& error);
    void drop() { m_connection.reset(); }
    /// Ends it as a broken network would.
    void cut();

private:
    PubsubShared& m_shared;
    std::string m_name;
    std::unique_ptr<broker::Connection> m_connection;
    bool m_wasUp = false;
    Nanoseconds m_downSinceNs = 0;
};

} // namespace interleave::models
