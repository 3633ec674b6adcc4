// SPDX-License-Identifier: GPL-3.0-or-later
// MessageStrip: what went wrong, as sentences at the top of the window. Never modal; each message
// stays until it is closed or pushed out by newer ones.
#pragma once

#include "ui/theme/theme.h"

#include <QFrame>

class QLabel;
class QVBoxLayout;

namespace interleave::ui {

enum class MessageKind { Note, Warning, Error };

class MessageStrip : public QWidget {
    Q_OBJECT

public:
    explicit MessageStrip(QWidget* parent = nullptr);

    void show(MessageKind kind, const QString& sentence);
    void dismissAll();
    /// Newest first.
    QStringList sentences() const;
    void setTheme(const Theme& theme);

private:
    class Row;
    void remove(Row* row);

    QVBoxLayout* m_layout;
    QList<Row*> m_rows;
    Theme m_theme;
};

} // namespace interleave::ui
