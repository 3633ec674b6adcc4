// SPDX-License-Identifier: GPL-3.0-or-later
// SearchRunner: searches recordings on a thread of its own. Only the latest request counts: a new
// one stops the one before, and whatever that still finds is dropped. UI thread only.
#pragma once

#include <QObject> // first: moc 6.4 stumbles over <concepts> unless Qt's configuration came before

#include "engine/analysis/span_search.h"
#include "ui/view_state/newest_task.h"
#include "ui/view_state/view_state.h"

#include <memory>

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

    void search(Request request);
    void cancel() { m_task.cancel(); }
    bool isBusy() const { return m_task.isBusy(); }

Q_SIGNALS:
    /// Never null. Not for requests that were cancelled or followed by another.
    void found(std::shared_ptr<const interleave::ui::SearchHits> hits);

private:
    NewestTask m_task;
};

} // namespace interleave::ui
