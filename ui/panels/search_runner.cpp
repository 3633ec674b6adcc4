// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/search_runner.h"

#include <utility>

namespace interleave::ui {

namespace {

std::shared_ptr<const SearchHits> hitsOf(const SearchRunner::Request& request,
                                         const std::stop_token& stop) {
    const auto matcher =
        std::make_shared<const analysis::SpanMatcher>(*request.recording, request.query);
    analysis::SearchFindings findings =
        analysis::findSpans(*request.recording, *matcher, request.scope, stop);
    if (!findings.isComplete) {
        return nullptr;
    }
    auto hits = std::make_shared<SearchHits>();
    hits->text = request.text;
    hits->count = findings.count;
    hits->range = request.scope.densityRange;
    hits->density = std::move(findings.density);
    hits->listed.reserve(findings.first.size());
    for (const analysis::FoundSpan& found : findings.first) {
        hits->listed.push_back({found.track, found.index});
    }
    hits->isHit = [matcher, recording = request.recording](SpanRef span) {
        return span.track.value <= recording->tracks.size() &&
               span.index < recording->track(span.track).spans.size() &&
               matcher->matches(recording->track(span.track), span.index);
    };
    return hits;
}

} // namespace

SearchRunner::SearchRunner(QObject* parent)
    : QObject(parent)
    , m_thread([this](const std::stop_token& end) { work(end); }) {}

SearchRunner::~SearchRunner() {
    cancel();
}

void SearchRunner::search(Request request) {
    m_isBusy = true;
    {
        const std::lock_guard lock(m_mutex);
        m_stop.request_stop();
        m_stop = std::stop_source();
        m_next = std::move(request);
        m_nextNumber = ++m_number;
    }
    m_arrived.notify_one();
}

void SearchRunner::cancel() {
    m_isBusy = false;
    ++m_number; // what is under way belongs to nobody
    const std::lock_guard lock(m_mutex);
    m_stop.request_stop();
    m_next.reset();
}

void SearchRunner::work(const std::stop_token& end) {
    while (true) {
        std::unique_lock lock(m_mutex);
        if (!m_arrived.wait(lock, end, [this] { return m_next.has_value(); })) {
            return;
        }
        const Request request = *std::exchange(m_next, std::nullopt);
        const std::uint64_t number = m_nextNumber;
        const std::stop_token stop = m_stop.get_token();
        lock.unlock();
        if (auto hits = hitsOf(request, stop)) {
            QMetaObject::invokeMethod(
                this, [this, number, hits = std::move(hits)] { deliver(number, hits); },
                Qt::QueuedConnection);
        }
    }
}

void SearchRunner::deliver(std::uint64_t number, std::shared_ptr<const SearchHits> hits) {
    if (number == m_number) {
        m_isBusy = false;
        Q_EMIT found(std::move(hits));
    }
}

} // namespace interleave::ui
