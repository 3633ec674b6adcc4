// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/key_picture.h"

#include "ui/theme/contrast.h"
#include "ui/theme/plot_style.h"
#include "ui/theme/text.h"
#include "ui/window/keyboard_labels.h"

#include <QPainter>

#include <algorithm>
#include <map>

namespace interleave::ui {

namespace {

constexpr double kKeyPx = 50;
constexpr double kGapPx = 4;

struct Use {
    const char* effect;
    KeyGroup group;
};

/// Keys that are meant by their place.
const std::map<std::uint32_t, Use> kPlaced{
    {25, {QT_TRANSLATE_NOOP("Help", "zoom in"), KeyGroup::Move}},
    {38, {QT_TRANSLATE_NOOP("Help", "left"), KeyGroup::Move}},
    {39, {QT_TRANSLATE_NOOP("Help", "zoom out"), KeyGroup::Move}},
    {40, {QT_TRANSLATE_NOOP("Help", "right"), KeyGroup::Move}},
};

/// Keys that are meant by what they type; where that needs Shift there is no cap to light up.
struct Typed {
    const char* character;
    Use use;
};
constexpr Typed kTyped[] = {
    {"0", {QT_TRANSLATE_NOOP("Help", "fit"), KeyGroup::Move}},
    {"-", {QT_TRANSLATE_NOOP("Help", "zoom out"), KeyGroup::Move}},
    {"=", {QT_TRANSLATE_NOOP("Help", "zoom in"), KeyGroup::Move}},
    {"+", {QT_TRANSLATE_NOOP("Help", "zoom in"), KeyGroup::Move}},
    {"F", {QT_TRANSLATE_NOOP("Help", "to span"), KeyGroup::Select}},
    {"M", {QT_TRANSLATE_NOOP("Help", "mark"), KeyGroup::Mark}},
    {",", {QT_TRANSLATE_NOOP("Help", "span before"), KeyGroup::Select}},
    {".", {QT_TRANSLATE_NOOP("Help", "span after"), KeyGroup::Select}},
    {"[", {QT_TRANSLATE_NOOP("Help", "arrow's cause"), KeyGroup::Select}},
    {"]", {QT_TRANSLATE_NOOP("Help", "arrow's effect"), KeyGroup::Select}},
    {"/", {QT_TRANSLATE_NOOP("Help", "search"), KeyGroup::Window}},
    {"?", {QT_TRANSLATE_NOOP("Help", "keys"), KeyGroup::Window}},
};

struct FixedCap {
    QRectF place;
    const char* label;
    Use use;
};

const FixedCap kFixed[] = {
    {{0, 0, 1, 0.8}, "Esc", {QT_TRANSLATE_NOOP("Help", "clear"), KeyGroup::Select}},
    {{2, 0, 1, 0.8}, "F1", {QT_TRANSLATE_NOOP("Help", "keys"), KeyGroup::Window}},
    {{4, 0, 1, 0.8}, "F3", {QT_TRANSLATE_NOOP("Help", "next hit"), KeyGroup::Window}},
    {{6.5, 0, 1, 0.8}, "F5", {QT_TRANSLATE_NOOP("Help", "run"), KeyGroup::Window}},
    {{7.5, 0, 1, 0.8}, "F6", {QT_TRANSLATE_NOOP("Help", "pane"), KeyGroup::Window}},
    {{13, 0, 1, 0.8}, "F11", {QT_TRANSLATE_NOOP("Help", "screen"), KeyGroup::Window}},
    {{13, 1, 2, 1}, "Backspace", {QT_TRANSLATE_NOOP("Help", "back to before"), KeyGroup::Move}},
    {{0, 2, 1.5, 1}, "Tab", {QT_TRANSLATE_NOOP("Help", "span after"), KeyGroup::Select}},
    {{3.75, 5, 6.25, 1}, "Space", {QT_TRANSLATE_NOOP("Help", "drag to move"), KeyGroup::Move}},
    {{15.5, 1, 1, 1}, "Home", {QT_TRANSLATE_NOOP("Help", "fit"), KeyGroup::Move}},
    {{16.5, 1, 1, 1}, "PgUp", {QT_TRANSLATE_NOOP("Help", "rows up"), KeyGroup::Move}},
    {{15.5, 2, 1, 1}, "Del", {QT_TRANSLATE_NOOP("Help", "unmark"), KeyGroup::Mark}},
    {{16.5, 2, 1, 1}, "PgDn", {QT_TRANSLATE_NOOP("Help", "rows down"), KeyGroup::Move}},
    {{16.5, 4, 1, 1}, "↑", {QT_TRANSLATE_NOOP("Help", "row up"), KeyGroup::Move}},
    {{15.5, 5, 1, 1}, "←", {QT_TRANSLATE_NOOP("Help", "left"), KeyGroup::Move}},
    {{16.5, 5, 1, 1}, "↓", {QT_TRANSLATE_NOOP("Help", "row down"), KeyGroup::Move}},
    {{17.5, 5, 1, 1}, "→", {QT_TRANSLATE_NOOP("Help", "right"), KeyGroup::Move}},
};

struct LetterRow {
    double left;
    double top;
    std::uint32_t first;
    std::uint32_t count;
};
constexpr LetterRow kLetterRows[] = {
    {1, 1, 10, 12}, {1.5, 2, 24, 12}, {1.75, 3, 38, 11}, {2.25, 4, 52, 10}};

void use(KeyCap& cap, const Use& use) {
    cap.effect = tr(use.effect);
    cap.group = use.group;
}

State lookOf(KeyGroup group) {
    switch (group) {
    case KeyGroup::Move:
        return State::Running;
    case KeyGroup::Select:
        return State::WaitingIo;
    case KeyGroup::Mark:
        return State::WaitingGil;
    case KeyGroup::Window:
    case KeyGroup::None:
        break;
    }
    return State::Transfer;
}

} // namespace

std::vector<KeyCap> keyCaps(const KeyboardLabels& labels) {
    std::vector<KeyCap> caps;
    std::map<std::uint32_t, Use> uses = kPlaced;
    for (const Typed& typed : kTyped) {
        if (const auto place = labels.placeOf(QString::fromLatin1(typed.character))) {
            uses.emplace(*place, typed.use);
        }
    }
    for (const LetterRow& row : kLetterRows) {
        for (std::uint32_t i = 0; i < row.count; ++i) {
            KeyCap cap{QRectF(row.left + i, row.top, 1, 1), labels.at(row.first + i), {}, {}};
            if (const auto found = uses.find(row.first + i); found != uses.end()) {
                use(cap, found->second);
            }
            caps.push_back(std::move(cap));
        }
    }
    for (const FixedCap& fixed : kFixed) {
        KeyCap cap{fixed.place, QString::fromUtf8(fixed.label), {}, {}};
        use(cap, fixed.use);
        caps.push_back(std::move(cap));
    }
    return caps;
}

KeyPicture::KeyPicture(std::vector<KeyCap> caps, Theme theme, QWidget* parent)
    : QWidget(parent)
    , m_caps(std::move(caps))
    , m_theme(std::move(theme)) {
    QStringList words;
    for (const KeyCap& cap : m_caps) {
        if (!cap.effect.isEmpty()) {
            words << cap.label + QStringLiteral(": ") + cap.effect;
        }
    }
    setAccessibleName(tr("The keyboard"));
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    setMinimumSize(sizeHint());
}

QSize KeyPicture::sizeHint() const {
    QRectF all;
    for (const KeyCap& cap : m_caps) {
        all |= cap.place;
    }
    return QSizeF(all.width() * kKeyPx + kGapPx, all.height() * kKeyPx + kGapPx).toSize();
}

void KeyPicture::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing, true);
    for (const KeyCap& cap : m_caps) {
        const QRectF unit = cap.place;
        const QRectF rect = QRectF(unit.left() * kKeyPx, unit.top() * kKeyPx, unit.width() * kKeyPx,
                                   unit.height() * kKeyPx)
                                .adjusted(kGapPx, kGapPx, 0, 0);
        const bool isUsed = cap.group != KeyGroup::None;
        const QColor fill = isUsed
                                ? mixed(m_theme.background, m_theme.of(lookOf(cap.group)).fill, 0.3)
                                : m_theme.panel;
        painter.setPen(QPen(isUsed ? m_theme.of(lookOf(cap.group)).fill : m_theme.grid, 1.5));
        painter.setBrush(fill);
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 5, 5);
        const QRectF inner = rect.adjusted(4, 3, -3, -3);
        painter.setPen(isUsed ? inkOn(fill) : m_theme.mutedText);
        painter.setFont(m_theme.font(isUsed ? kLabelPx : kSmallPx, isUsed));
        painter.drawText(inner, Qt::AlignLeft | Qt::AlignTop, cap.label);
        painter.setFont(m_theme.font(10));
        painter.drawText(inner, Qt::AlignLeft | Qt::AlignBottom | Qt::TextWordWrap, cap.effect);
    }
}

} // namespace interleave::ui
