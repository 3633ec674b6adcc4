// SPDX-License-Identifier: GPL-3.0-or-later
// BrokerField: where the messages of a run go: this program's own broker or a RabbitMQ by its
// address. A password is typed, or taken out of a pasted address, into a field of its own that
// shows dots; nothing writes it anywhere.
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;

namespace interleave::ui {

class BrokerField : public QWidget {
    Q_OBJECT

public:
    explicit BrokerField(QWidget* parent = nullptr);

    /// "memory", or an address without its password.
    QString address() const;
    QString password() const;
    void setAddress(const QString& address);
    /// Why it can't be used; empty if it can. Whether anybody answers there, the run finds out.
    QString errorText() const;
    bool isValid() const { return errorText().isEmpty(); }
    void setErrorColour(const QColor& colour);

Q_SIGNALS:
    void changed();

private:
    void onEdited();

    QLineEdit* m_address;
    QLabel* m_passwordLabel;
    QLineEdit* m_password;
    QLabel* m_error;
};

} // namespace interleave::ui
