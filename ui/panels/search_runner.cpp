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
    : QObject(parent) {}

void SearchRunner::search(Request request) {
    m_task.start([this, request = std::move(request)](const std::stop_token& stop) {
        auto hits = hitsOf(request, stop);
        return hits ? NewestTask::Then([this, hits] { Q_EMIT found(hits); }) : NewestTask::Then();
    });
}

} // namespace interleave::ui
