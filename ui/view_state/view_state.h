// SPDX-License-Identifier: GPL-3.0-or-later
// ViewState: the one place where views meet. It holds what they all look at and what the reader
// has picked; each setter signals once if, and only if, something changed. It draws nothing and
// computes nothing about the recording. UI thread only.
#pragma once

#include <QObject> // first: moc 6.4 stumbles over <concepts> unless Qt's configuration came before

#include "engine/recording/recording.h"
#include "ui/theme/theme.h"
#include "ui/view_state/navigation_history.h"
#include "ui/view_state/track_arrangement.h"

#include <QElapsedTimer>
#include <QList>
#include <QPointer>
#include <bitset>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace interleave::ui {

/// "task", "worker", "core", as on the command line.
QString nameOf(Grouping grouping);

/// A span by its place in the recording.
struct SpanRef {
    TrackId track;
    std::size_t index = 0;
    friend bool operator==(const SpanRef&, const SpanRef&) = default;
};

/// A bookmark: a moment that the reader keeps, with a note.
struct Mark {
    Nanoseconds timeNs = 0;
    QString label;
    QString note{};
    friend bool operator==(const Mark&, const Mark&) = default;
};

/// Where somebody said beforehand that a run would end, and where it did.
struct FinishLine {
    Nanoseconds fromNs = 0; // what the two count from: the first submission
    Nanoseconds predictedNs = 0;
    std::optional<Nanoseconds> measuredNs; // none while the run goes on
    friend bool operator==(const FinishLine&, const FinishLine&) = default;
};

/// What a search found, for the views to point out. All hits are counted, the first are listed.
struct SearchHits {
    QString text;                       // what was searched for
    std::vector<SpanRef> listed;        // in order of time
    std::uint64_t count = 0;            // of all
    TimeRange range;                    // what `density` divides into equal parts
    std::vector<std::uint32_t> density; // how many of all begin in each part
    std::function<bool(SpanRef)> isHit; // for spans that are drawn; cheap
};

using StateSet = std::bitset<static_cast<std::size_t>(kStateCount)>;

class ViewState : public QObject {
    Q_OBJECT

public:
    /// How the visible range came to change, for the history.
    enum class Move : std::uint8_t {
        Jump, // a place of its own: zoomed to a span, fitted
        Step, // part of a gesture: wheel, held key, drag
    };

    using RecordingPtr = std::shared_ptr<const recording::Recording>;

    explicit ViewState(QObject* parent = nullptr);

    const RecordingPtr& recording() const { return m_recording; }
    /// A later snapshot of the same live run keeps the view (or follows its end) and the selection;
    /// any other recording is shown from end to end with nothing selected. Null empties the views.
    void setRecording(RecordingPtr recording);

    /// What there is to see: the recording's range, or the longest of the linked ones.
    TimeRange extent() const;
    TimeRange visible() const { return m_visible; }
    void setVisible(TimeRange range, Move move = Move::Jump);
    void zoomAt(Nanoseconds anchorNs, double factor);
    void panBy(double share);
    void fit();
    void zoomTo(TimeRange target);

    /// A live run's end stays in sight. Looking elsewhere ends it.
    bool isFollowing() const { return m_isFollowing; }
    void setFollowing(bool isFollowing);

    bool canGoBack() const { return m_history.canGoBack(); }
    bool canGoForward() const { return m_history.canGoForward(); }
    /// The whole, then the ever shorter ranges on the way to what is visible, which comes last.
    std::vector<TimeRange> trail() const;

    const std::optional<SpanRef>& selectedSpan() const { return m_selectedSpan; }
    void setSelectedSpan(std::optional<SpanRef> span);
    /// The selected span itself, if there is one.
    std::optional<recording::Span> selectedSpanValue() const;

    const std::optional<TimeRange>& selectedRange() const { return m_selectedRange; }
    void setSelectedRange(std::optional<TimeRange> range);
    /// The ruler: two instants and what lies between.
    const std::optional<TimeRange>& measuredRange() const { return m_measuredRange; }
    void setMeasuredRange(std::optional<TimeRange> range);

    const std::optional<Nanoseconds>& hoverTimeNs() const { return m_hoverTimeNs; }
    void setHoverTimeNs(std::optional<Nanoseconds> timeNs);

    /// The replay's cursor: the moment that pictures of a moment show, and a line in all others.
    /// None: the end, which a live run's picture follows.
    const std::optional<Nanoseconds>& momentNs() const { return m_momentNs; }
    void setMomentNs(std::optional<Nanoseconds> timeNs);

    /// Belongs to the recording: another one drops it. What was predicted is part of the extent.
    const std::optional<FinishLine>& finishLine() const { return m_finishLine; }
    void setFinishLine(std::optional<FinishLine> line);

    const StateSet& hiddenStates() const { return m_hiddenStates; }
    bool isHidden(State state) const { return m_hiddenStates[static_cast<std::size_t>(state)]; }
    void setHiddenStates(StateSet states);
    void toggleState(State state);

    Grouping grouping() const { return m_grouping; }
    void setGrouping(Grouping grouping);

    /// A state whose spans stand out for now: the pointer rests on its entry in the legend.
    const std::optional<State>& highlightedState() const { return m_highlightedState; }
    void setHighlightedState(std::optional<State> state);

    /// What the reader did to the rows; another run of the same work keeps it. Each linked state
    /// has its own.
    const TrackArrangement& tracks() const { return m_tracks; }
    void setTracks(TrackArrangement tracks);
    bool canUndoTracks() const { return !m_earlierTracks.empty(); }

    const Theme& theme() const { return m_theme; }
    void setTheme(ThemeKind kind);

    const QList<Mark>& marks() const { return m_marks; }
    void addMark(Mark mark);
    void removeMark(qsizetype index);
    void clearMarks();
    /// Those of a recording that is shown again; nobody has edited anything.
    void setMarks(QList<Mark> marks);
    /// Another label or note.
    void editMark(qsizetype index, const Mark& mark);
    /// The mark that goes away with the selection unless it is kept by addMark().
    const std::optional<Nanoseconds>& passingMarkNs() const { return m_passingMarkNs; }
    void setPassingMarkNs(std::optional<Nanoseconds> timeNs);

    /// Null when nothing is searched for. Belongs to the recording: another one drops it.
    const std::shared_ptr<const SearchHits>& searchHits() const { return m_searchHits; }
    void setSearchHits(std::shared_ptr<const SearchHits> hits);

    bool hasSelection() const {
        return m_selectedSpan || m_selectedRange || m_measuredRange || m_passingMarkNs;
    }

    /// Both show the same visible range, selected range, ruler, cursor, filters and theme from now
    /// on; used to stack two runs on one time scale. Selected spans stay each state's own.
    void linkWith(ViewState& other);
    void unlinkFrom(ViewState& other);

public Q_SLOTS:
    void goBack();
    void goForward();
    /// Takes back the last change of the tracks; what was typed into the filter stays.
    void undoTracks();
    /// Asks the views to bring a span into sight.
    void reveal(interleave::ui::SpanRef span) { Q_EMIT revealRequested(span); }
    /// Drops the span, the range, the ruler and the passing mark.
    void clearSelection();

Q_SIGNALS:
    void recordingChanged();
    void visibleChanged(interleave::TimeRange range);
    void followingChanged(bool isFollowing);
    void historyChanged();
    void selectedSpanChanged();
    void selectedRangeChanged();
    void measuredRangeChanged();
    void hoverTimeChanged();
    void momentChanged();
    void finishLineChanged();
    void hiddenStatesChanged();
    void groupingChanged();
    void highlightedStateChanged();
    void tracksChanged();
    void themeChanged();
    void marksChanged();
    /// By the reader, not because another recording is shown: they are worth saving.
    void marksEdited();
    void searchHitsChanged();
    void revealRequested(interleave::ui::SpanRef span);

private:
    Nanoseconds lastNs() const;
    void applyVisible(TimeRange range);
    void visit(Move move);
    void goTo(std::optional<TimeRange> place);
    bool isSnapshotAfter(const recording::Recording& earlier,
                         const recording::Recording& later) const;
    void keepSelectionIfSame(const RecordingPtr& earlier);
    template <class Function>
    void forEachPeer(Function function);

    RecordingPtr m_recording;
    TimeRange m_visible{0, kInitialViewNs};
    std::optional<SpanRef> m_selectedSpan;
    std::optional<TimeRange> m_selectedRange;
    std::optional<TimeRange> m_measuredRange;
    std::optional<Nanoseconds> m_hoverTimeNs;
    std::optional<Nanoseconds> m_momentNs;
    std::optional<FinishLine> m_finishLine;
    StateSet m_hiddenStates;
    Grouping m_grouping = Grouping::Task;
    std::optional<State> m_highlightedState;
    TrackArrangement m_tracks;
    std::vector<TrackArrangement> m_earlierTracks; // for undo, oldest first
    Theme m_theme;
    QList<Mark> m_marks;
    std::optional<Nanoseconds> m_passingMarkNs;
    std::shared_ptr<const SearchHits> m_searchHits;
    NavigationHistory m_history;
    QElapsedTimer m_clock;
    QList<QPointer<ViewState>> m_peers;
    bool m_isFollowing = false;

    static constexpr Nanoseconds kInitialViewNs = 1'000'000'000; // an empty view has a ruler too
};

} // namespace interleave::ui
