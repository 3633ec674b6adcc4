// SPDX-License-Identifier: GPL-3.0-or-later
// KeyboardLabels: what the keys of the user's keyboard type, by their place (scan code). From the X
// server where there is one, else as on an American keyboard; either way corrected by what the
// user types, so that a change of layout and Wayland are learned from the first keys on.
#pragma once

#include <QObject>
#include <QString>

#include <cstdint>
#include <map>
#include <optional>

namespace interleave::ui {

class KeyboardLabels : public QObject {
    Q_OBJECT

public:
    /// Listens to the application's keys while it lives.
    explicit KeyboardLabels(QObject* parent = nullptr);

    /// What is printed on the key: "W", "é", ","; empty for a place without a character.
    QString at(std::uint32_t scanCode) const;
    /// The key that types the character without a modifier.
    std::optional<std::uint32_t> placeOf(const QString& character) const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    std::map<std::uint32_t, QString> m_labels;
};

} // namespace interleave::ui
