// SPDX-License-Identifier: GPL-3.0-or-later
// SearchRunner: searches recordings on a thread of its own. Only the latest request counts: a new
// one stops the one before, and whatever that still finds is dropped. UI thread only.
#pragma once

#include <QObject> // first: moc 6.4 stumbles over <concepts> unless Qt's configuration came before

#include "engine/analysis/span_search.h"
#include "ui/view_state/view_state.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace interleave::ui {

class SearchRunner : public QObject {
    Q_OBJECT

public:
    struct Request {
        std::shared_ptr<const recording::Recording> recording;
        QString text;
        analysis::SpanQuery query;
        analysis::SearchScope scope;
    };

    explicit SearchRunner(QObject* parent = nullptr);
    ~SearchRunner() override;

    void search(Request request);
    void cancel();
    bool isBusy() const { return m_isBusy; }

Q_SIGNALS:
    /// Never null. Not for requests that were cancelled or followed by another.
    void found(std::shared_ptr<const interleave::ui::SearchHits> hits);

private:
    void work(const std::stop_token& end);
    void deliver(std::uint64_t number, std::shared_ptr<const SearchHits> hits);

    bool m_isBusy = false;
    std::uint64_t m_number = 0; // of the latest request

    std::mutex m_mutex; // for what follows
    std::condition_variable_any m_arrived;
    std::optional<Request> m_next;
    std::uint64_t m_nextNumber = 0;
    std::stop_source m_stop; // of the latest request

    std::jthread m_thread; // last: ends before what it uses goes
};

} // namespace interleave::ui
