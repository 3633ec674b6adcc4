// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/search_hits_model.h"

#include "ui/theme/hatch.h"
#include "ui/theme/text.h"

#include <QPainter>
#include <QPixmap>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace interleave::ui {

namespace {

constexpr QSize kSwatch{18, 12};
constexpr int kSwatchScale = 2; // sharp on fine screens too

QString fromView(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QIcon swatchOf(State state, const Theme& theme) {
    QPixmap pixmap(kSwatch * kSwatchScale);
    pixmap.setDevicePixelRatio(kSwatchScale);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    drawStateSwatch(painter, QRectF(0.5, 0.5, kSwatch.width() - 1, kSwatch.height() - 1), state,
                    theme);
    painter.end();
    return QIcon(pixmap);
}

} // namespace

QString momentText(Nanoseconds time) {
    const Nanoseconds size = std::abs(time);
    const double ns = static_cast<double>(time);
    if (size < 1'000'000) {
        return QStringLiteral("%1 µs").arg(ns / 1e3, 0, 'f', 3);
    }
    return size < 1'000'000'000 ? QStringLiteral("%1 ms").arg(ns / 1e6, 0, 'f', 3)
                                : QStringLiteral("%1 s").arg(ns / 1e9, 0, 'f', 6);
}

void SearchHitsItemModel::setHits(ViewState::RecordingPtr recording,
                                  std::shared_ptr<const SearchHits> hits) {
    beginResetModel();
    m_recording = std::move(recording);
    m_hits = std::move(hits);
    endResetModel();
}

void SearchHitsItemModel::setTheme(const Theme& theme) {
    for (int i = 0; i < kStateCount; ++i) {
        m_swatches[static_cast<State>(i)] = swatchOf(static_cast<State>(i), theme);
    }
    if (const int rows = rowCount(); rows > 0) {
        Q_EMIT dataChanged(index(0, kWhat), index(rows - 1, kWhat), {Qt::DecorationRole});
    }
}

int SearchHitsItemModel::firstFrom(Nanoseconds time) const {
    if (!m_hits) {
        return 0;
    }
    const auto& listed = m_hits->listed;
    const auto first = std::partition_point(listed.begin(), listed.end(), [&](SpanRef hit) {
        return m_recording->track(hit.track).spans.begin[hit.index] < time;
    });
    return static_cast<int>(first - listed.begin());
}

int SearchHitsItemModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_hits ? 0 : static_cast<int>(m_hits->listed.size());
}

int SearchHitsItemModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : kColumns;
}

QString SearchHitsItemModel::textOf(SpanRef hit, int column) const {
    const recording::Track& track = m_recording->track(hit.track);
    const recording::Span span = track.spans.at(hit.index);
    switch (column) {
    case kWhat: {
        const QString name = fromView(m_recording->strings.text(span.name));
        return name.isEmpty() ? fromView(nameOf(span.state)) : name;
    }
    case kRow:
        return QString::fromStdString(track.name);
    case kTime:
        return momentText(span.range.beginNs);
    default:
        return durationText(span.range.durationNs());
    }
}

QVariant SearchHitsItemModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const SpanRef hit = m_hits->listed[static_cast<std::size_t>(index.row())];
    const auto& spans = m_recording->track(hit.track).spans;
    if (role == Qt::DisplayRole) {
        return textOf(hit, index.column());
    }
    if (role == Qt::DecorationRole && index.column() == kWhat) {
        const auto swatch = m_swatches.find(spans.state[hit.index]);
        return swatch == m_swatches.end() ? QVariant() : QVariant(swatch->second);
    }
    if (role == Qt::TextAlignmentRole && index.column() >= kTime) {
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    }
    if (role == Qt::ToolTipRole || role == Qt::AccessibleTextRole) {
        const QString cause = fromView(m_recording->strings.text(spans.cause[hit.index]));
        const QString text =
            tr("%1, %2, on %3, at %4 for %5")
                .arg(textOf(hit, kWhat), fromView(nameOf(spans.state[hit.index])),
                     textOf(hit, kRow), textOf(hit, kTime), textOf(hit, kDuration));
        return cause.isEmpty() ? text : text + QStringLiteral(": ") + cause;
    }
    return {};
}

QVariant SearchHitsItemModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return QVariant::fromValue((section >= kTime ? Qt::AlignRight : Qt::AlignLeft) |
                                   Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    static const std::array<QString, kColumns> names{tr("What"), tr("Row"), tr("At"), tr("Lasts")};
    return names[static_cast<std::size_t>(section)];
}

} // namespace interleave::ui
