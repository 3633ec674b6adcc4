// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view_state/view_state.h"

#include "ui/view_state/time_navigation.h"

#include <algorithm>
#include <utility>

namespace interleave::ui {

namespace {

/// Assigns and tells whether that changed anything.
template <class T>
bool assign(T& target, T value) {
    if (target == value) {
        return false;
    }
    target = std::move(value);
    return true;
}

constexpr std::size_t kMostEarlierTracks = 100;

/// Whether what was pinned and hidden in one still means the same in the other.
bool hasSameTracks(const recording::Recording& a, const recording::Recording& b) {
    return a.info.scenario == b.info.scenario && a.info.model == b.info.model &&
           a.info.source == b.info.source && a.tracks.size() == b.tracks.size();
}

} // namespace

QString nameOf(Grouping grouping) {
    switch (grouping) {
    case Grouping::Task:
        return QStringLiteral("task");
    case Grouping::Worker:
        return QStringLiteral("worker");
    case Grouping::Core:
        return QStringLiteral("core");
    }
    std::unreachable();
}

ViewState::ViewState(QObject* parent)
    : QObject(parent)
    , m_theme(themeOf(ThemeKind::Light)) {
    m_clock.start();
    m_history.reset(m_visible);
}

// Linked states agree after one round: a peer that already has the value stays silent.
template <class Function>
void ViewState::forEachPeer(Function function) {
    const QList<QPointer<ViewState>> peers = m_peers;
    for (const QPointer<ViewState>& peer : peers) {
        if (peer) {
            function(*peer);
        }
    }
}

bool ViewState::isSnapshotAfter(const recording::Recording& earlier,
                                const recording::Recording& later) const {
    return earlier.isLive && earlier.info.startedAt == later.info.startedAt &&
           earlier.info.scenario == later.info.scenario && earlier.info.model == later.info.model;
}

void ViewState::setRecording(RecordingPtr recording) {
    if (m_recording == recording) {
        return;
    }
    const bool goesOn = m_recording && recording && isSnapshotAfter(*m_recording, *recording);
    if (!goesOn) { // while the views still have what all this is about
        clearSelection();
        setMarks({});
        setSearchHits(nullptr);
        setHoverTimeNs(std::nullopt);
        setMomentNs(std::nullopt);
        m_finishLine.reset();
        setHighlightedState(std::nullopt);
        if (m_recording && (!recording || !hasSameTracks(*m_recording, *recording))) {
            setTracks({});
            m_earlierTracks.clear();
        }
    }
    const RecordingPtr earlier = std::exchange(m_recording, std::move(recording));
    if (goesOn) {
        keepSelectionIfSame(earlier);
    }
    Q_EMIT recordingChanged();
    if (!goesOn) {
        setFollowing(m_recording && m_recording->isLive);
        applyVisible(fittedView(extent()));
        m_history.reset(m_visible);
        Q_EMIT historyChanged();
    } else if (m_isFollowing) {
        applyVisible(fittedView(extent()));
        if (!m_recording->isLive) {
            setFollowing(false);
        }
    }
}

// Spans of a later snapshot keep their index unless an earlier gap was filled; look before
// trusting.
void ViewState::keepSelectionIfSame(const RecordingPtr& earlier) {
    if (!m_selectedSpan) {
        return;
    }
    const TrackId track = m_selectedSpan->track;
    const std::size_t index = m_selectedSpan->index;
    if (track.value <= m_recording->tracks.size()) {
        const auto& now = m_recording->track(track).spans;
        const auto& then = earlier->track(track).spans;
        if (index < now.size() && now.begin[index] == then.begin[index] &&
            now.state[index] == then.state[index]) {
            return;
        }
    }
    setSelectedSpan(std::nullopt);
}

Nanoseconds ViewState::lastNs() const {
    const Nanoseconds end = m_recording ? m_recording->range.endNs : 0;
    return m_finishLine ? std::max(end, m_finishLine->fromNs + m_finishLine->predictedNs) : end;
}

TimeRange ViewState::extent() const {
    TimeRange extent = m_recording ? m_recording->range : TimeRange{};
    extent.endNs = std::max(extent.endNs, lastNs());
    for (const QPointer<ViewState>& peer : m_peers) {
        if (peer && peer->m_recording) {
            extent.endNs = std::max(extent.endNs, peer->lastNs());
        }
    }
    return extent.isEmpty() ? TimeRange{0, kInitialViewNs} : extent;
}

/// Who looks at the whole run goes on doing so.
void ViewState::setFinishLine(std::optional<FinishLine> line) {
    const bool showsAll = m_visible == fittedView(extent());
    if (!assign(m_finishLine, std::move(line))) {
        return;
    }
    if (showsAll) {
        applyVisible(fittedView(extent()));
        m_history.reset(m_visible);
    }
    Q_EMIT finishLineChanged();
}

void ViewState::setVisible(TimeRange range, Move move) {
    const TimeRange clamped = clampedView(range, extent());
    if (clamped == m_visible) {
        return;
    }
    setFollowing(false);
    applyVisible(clamped);
    visit(move);
    forEachPeer([move](ViewState& peer) { peer.visit(move); });
}

void ViewState::visit(Move move) {
    m_history.visit(m_visible, move == Move::Step, m_clock.elapsed());
    Q_EMIT historyChanged();
}

void ViewState::applyVisible(TimeRange range) {
    if (assign(m_visible, range)) {
        Q_EMIT visibleChanged(m_visible);
        forEachPeer([range](ViewState& peer) { peer.applyVisible(range); });
    }
}

void ViewState::zoomAt(Nanoseconds anchorNs, double factor) {
    setVisible(zoomedAt(m_visible, factor, anchorNs, extent()), Move::Step);
}

void ViewState::panBy(double share) {
    setVisible(pannedBy(m_visible, share, extent()), Move::Step);
}

void ViewState::fit() {
    const bool isLive = m_recording && m_recording->isLive;
    setVisible(fittedView(extent()));
    setFollowing(isLive);
}

void ViewState::zoomTo(TimeRange target) {
    setVisible(framedView(target, extent()));
}

void ViewState::setFollowing(bool isFollowing) {
    if (!assign(m_isFollowing, isFollowing)) {
        return;
    }
    Q_EMIT followingChanged(m_isFollowing);
    if (m_isFollowing) {
        applyVisible(fittedView(extent()));
    }
}

void ViewState::goTo(std::optional<TimeRange> place) {
    if (place) {
        setFollowing(false);
        applyVisible(clampedView(*place, extent()));
        Q_EMIT historyChanged();
        forEachPeer([](ViewState& peer) { Q_EMIT peer.historyChanged(); });
    }
}

// Linked states have walked the same way.
void ViewState::goBack() {
    forEachPeer([](ViewState& peer) { peer.m_history.back(); });
    goTo(m_history.back());
}

void ViewState::goForward() {
    forEachPeer([](ViewState& peer) { peer.m_history.forward(); });
    goTo(m_history.forward());
}

std::vector<TimeRange> ViewState::trail() const {
    const TimeRange whole = fittedView(extent());
    std::vector<TimeRange> trail{whole};
    for (const TimeRange& place : m_history.trail()) {
        if (place.durationNs() < whole.durationNs()) {
            trail.push_back(place);
        }
    }
    return trail;
}

void ViewState::setSelectedSpan(std::optional<SpanRef> span) {
    if (span &&
        (!m_recording || span->track.isNone() || span->track.value > m_recording->tracks.size() ||
         span->index >= m_recording->track(span->track).spans.size())) {
        span.reset();
    }
    if (assign(m_selectedSpan, span)) {
        Q_EMIT selectedSpanChanged();
    }
}

std::optional<recording::Span> ViewState::selectedSpanValue() const {
    if (!m_selectedSpan) {
        return std::nullopt;
    }
    return m_recording->track(m_selectedSpan->track).spans.at(m_selectedSpan->index);
}

void ViewState::setSelectedRange(std::optional<TimeRange> range) {
    if (range && range->isEmpty()) {
        range.reset();
    }
    if (assign(m_selectedRange, range)) {
        Q_EMIT selectedRangeChanged();
        forEachPeer([range](ViewState& peer) { peer.setSelectedRange(range); });
    }
}

void ViewState::setMeasuredRange(std::optional<TimeRange> range) {
    if (assign(m_measuredRange, range)) {
        Q_EMIT measuredRangeChanged();
        forEachPeer([range](ViewState& peer) { peer.setMeasuredRange(range); });
    }
}

void ViewState::setHoverTimeNs(std::optional<Nanoseconds> timeNs) {
    if (assign(m_hoverTimeNs, timeNs)) {
        Q_EMIT hoverTimeChanged();
        forEachPeer([timeNs](ViewState& peer) { peer.setHoverTimeNs(timeNs); });
    }
}

void ViewState::setMomentNs(std::optional<Nanoseconds> timeNs) {
    if (timeNs && (!m_recording || m_recording->range.isEmpty())) {
        return;
    }
    if (timeNs) {
        timeNs = std::clamp(*timeNs, extent().beginNs, extent().endNs);
    }
    if (assign(m_momentNs, timeNs)) {
        Q_EMIT momentChanged();
        forEachPeer([timeNs](ViewState& peer) { peer.setMomentNs(timeNs); });
    }
}

void ViewState::setHiddenStates(StateSet states) {
    if (assign(m_hiddenStates, states)) {
        Q_EMIT hiddenStatesChanged();
        forEachPeer([states](ViewState& peer) { peer.setHiddenStates(states); });
    }
}

void ViewState::toggleState(State state) {
    StateSet states = m_hiddenStates;
    states.flip(static_cast<std::size_t>(state));
    setHiddenStates(states);
}

void ViewState::setGrouping(Grouping grouping) {
    if (assign(m_grouping, grouping)) {
        Q_EMIT groupingChanged();
        forEachPeer([grouping](ViewState& peer) { peer.setGrouping(grouping); });
    }
}

void ViewState::setHighlightedState(std::optional<State> state) {
    if (assign(m_highlightedState, state)) {
        Q_EMIT highlightedStateChanged();
        forEachPeer([state](ViewState& peer) { peer.setHighlightedState(state); });
    }
}

// Letters typed into the filter are not worth a step each.
void ViewState::setTracks(TrackArrangement tracks) {
    TrackArrangement earlier = m_tracks;
    if (!assign(m_tracks, std::move(tracks))) {
        return;
    }
    earlier.filter = m_tracks.filter;
    if (earlier != m_tracks) {
        if (m_earlierTracks.size() >= kMostEarlierTracks) {
            m_earlierTracks.erase(m_earlierTracks.begin());
        }
        m_earlierTracks.push_back(std::move(earlier));
    }
    Q_EMIT tracksChanged();
}

void ViewState::undoTracks() {
    if (m_earlierTracks.empty()) {
        return;
    }
    TrackArrangement earlier = std::move(m_earlierTracks.back());
    m_earlierTracks.pop_back();
    earlier.filter = m_tracks.filter;
    m_tracks = std::move(earlier);
    Q_EMIT tracksChanged();
}

void ViewState::setTheme(ThemeKind kind) {
    if (m_theme.kind == kind) {
        return;
    }
    m_theme = themeOf(kind);
    Q_EMIT themeChanged();
    forEachPeer([kind](ViewState& peer) { peer.setTheme(kind); });
}

void ViewState::addMark(Mark mark) {
    const auto at =
        std::upper_bound(m_marks.begin(), m_marks.end(), mark,
                         [](const Mark& a, const Mark& b) { return a.timeNs < b.timeNs; });
    m_marks.insert(at, std::move(mark));
    Q_EMIT marksChanged();
    Q_EMIT marksEdited();
}

void ViewState::removeMark(qsizetype index) {
    if (index >= 0 && index < m_marks.size()) {
        m_marks.removeAt(index);
        Q_EMIT marksChanged();
        Q_EMIT marksEdited();
    }
}

void ViewState::clearMarks() {
    if (!m_marks.isEmpty()) {
        m_marks.clear();
        Q_EMIT marksChanged();
        Q_EMIT marksEdited();
    }
}

void ViewState::setMarks(QList<Mark> marks) {
    std::ranges::stable_sort(marks, {}, &Mark::timeNs);
    if (assign(m_marks, std::move(marks))) {
        Q_EMIT marksChanged();
    }
}

void ViewState::editMark(qsizetype index, const Mark& mark) {
    if (index >= 0 && index < m_marks.size() && m_marks[index] != mark) {
        QList<Mark> marks = m_marks;
        marks[index] = mark;
        setMarks(std::move(marks));
        Q_EMIT marksEdited();
    }
}

void ViewState::setPassingMarkNs(std::optional<Nanoseconds> timeNs) {
    if (assign(m_passingMarkNs, timeNs)) {
        Q_EMIT marksChanged();
    }
}

void ViewState::setSearchHits(std::shared_ptr<const SearchHits> hits) {
    if (assign(m_searchHits, std::move(hits))) {
        Q_EMIT searchHitsChanged();
    }
}

void ViewState::linkWith(ViewState& other) {
    if (&other == this || m_peers.contains(&other)) {
        return;
    }
    m_peers.append(&other);
    other.m_peers.append(this);
    other.setTheme(m_theme.kind);
    other.setGrouping(m_grouping);
    other.setHiddenStates(m_hiddenStates);
    other.setSelectedRange(m_selectedRange);
    other.setMeasuredRange(m_measuredRange);
    other.setMomentNs(m_momentNs);
    applyVisible(fittedView(extent()));
    other.applyVisible(m_visible);
    m_history.reset(m_visible);
    other.m_history.reset(m_visible);
}

void ViewState::unlinkFrom(ViewState& other) {
    m_peers.removeAll(&other);
    other.m_peers.removeAll(this);
}

void ViewState::clearSelection() {
    setSelectedSpan(std::nullopt);
    setSelectedRange(std::nullopt);
    setMeasuredRange(std::nullopt);
    setPassingMarkNs(std::nullopt);
}

} // namespace interleave::ui
