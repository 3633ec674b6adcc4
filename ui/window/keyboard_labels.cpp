// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/keyboard_labels.h"

#include <QCoreApplication>
#include <QGuiApplication>
#include <QKeyEvent>

#include <cstdlib>
#include <memory>

#ifdef INTERLEAVE_HAS_XCB
#include <xcb/xcb.h>
#endif

namespace interleave::ui {

namespace {

struct KeyRow {
    std::uint32_t first; // scan code: evdev + 8, in X and Wayland alike
    const char* letters;
};

constexpr KeyRow kAmerican[] = {
    {10, "1234567890-="}, {24, "QWERTYUIOP[]"}, {38, "ASDFGHJKL;'"}, {52, "ZXCVBNM,./"}};
constexpr std::uint32_t kFirstPlace = 10;
constexpr std::uint32_t kLastPlace = 61;

bool isCharacter(const QString& text) {
    return text.size() == 1 && text[0].isPrint() && !text[0].isSpace();
}

#ifdef INTERLEAVE_HAS_XCB
/// Latin letters and everything that has a Unicode keysym; others stay unknown.
QString characterOf(xcb_keysym_t symbol) {
    constexpr xcb_keysym_t kUnicode = 0x01000000;
    const bool isLatin = (symbol >= 0x20 && symbol <= 0x7e) || (symbol >= 0xa0 && symbol <= 0xff);
    if (isLatin || (symbol > kUnicode && symbol < kUnicode + 0x10000)) {
        return QString(QChar(static_cast<char16_t>(symbol % kUnicode)));
    }
    return {};
}

std::map<std::uint32_t, QString> labelsOfXServer() {
    std::map<std::uint32_t, QString> labels;
    const auto* x11 = qGuiApp->nativeInterface<QNativeInterface::QX11Application>();
    xcb_connection_t* connection = x11 != nullptr ? x11->connection() : nullptr;
    if (connection == nullptr) {
        return labels;
    }
    const auto request = xcb_get_keyboard_mapping(
        connection, static_cast<xcb_keycode_t>(kFirstPlace), kLastPlace - kFirstPlace + 1);
    const std::unique_ptr<xcb_get_keyboard_mapping_reply_t, decltype(&std::free)> reply(
        xcb_get_keyboard_mapping_reply(connection, request, nullptr), &std::free);
    if (!reply || reply->keysyms_per_keycode == 0) {
        return labels;
    }
    const xcb_keysym_t* symbols = xcb_get_keyboard_mapping_keysyms(reply.get());
    for (std::uint32_t i = 0; i <= kLastPlace - kFirstPlace; ++i) {
        const QString label = characterOf(symbols[i * reply->keysyms_per_keycode]).toUpper();
        if (isCharacter(label)) {
            labels[kFirstPlace + i] = label;
        }
    }
    return labels;
}
#endif

} // namespace

KeyboardLabels::KeyboardLabels(QObject* parent)
    : QObject(parent) {
    for (const KeyRow& row : kAmerican) {
        for (std::uint32_t i = 0; row.letters[i] != '\0'; ++i) {
            m_labels[row.first + i] = QString(QLatin1Char(row.letters[i]));
        }
    }
#ifdef INTERLEAVE_HAS_XCB
    for (const auto& [place, label] : labelsOfXServer()) {
        m_labels[place] = label;
    }
#endif
    QCoreApplication::instance()->installEventFilter(this);
}

QString KeyboardLabels::at(std::uint32_t scanCode) const {
    const auto label = m_labels.find(scanCode);
    return label == m_labels.end() ? QString() : label->second;
}

std::optional<std::uint32_t> KeyboardLabels::placeOf(const QString& character) const {
    for (const auto& [place, label] : m_labels) {
        if (label.compare(character, Qt::CaseInsensitive) == 0) {
            return place;
        }
    }
    return std::nullopt;
}

bool KeyboardLabels::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const std::uint32_t place = key->nativeScanCode();
        if (key->modifiers() == Qt::NoModifier && place >= kFirstPlace && place <= kLastPlace &&
            isCharacter(key->text())) {
            m_labels[place] = key->text().toUpper();
        }
    }
    return QObject::eventFilter(watched, event);
}

} // namespace interleave::ui
