// SPDX-License-Identifier: GPL-3.0-or-later
// BrokerField: where the messages of a run go: this program's own broker, or a RabbitMQ or Redis by
// its address, as the model needs it. A password is typed, or taken out of a pasted address, into a
// field of its own that shows dots; nothing writes it anywhere.
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;

namespace interleave::ui {

class BrokerField : public QWidget {
    Q_OBJECT

public:
    struct Broker {
        QString address; // "memory", or without its password
        QString password;
    };

    explicit BrokerField(QWidget* parent = nullptr);

    /// What the model needs: "amqp", "redis"; empty: this program's own broker will do. Of RabbitMQ
    /// and Redis each has an address of its own.
    void setNeed(const QString& scheme);
    /// What a model with that need would get.
    Broker brokerFor(const QString& scheme) const;
    /// Why it can't be used; empty: it can.
    static QString errorOf(const QString& scheme, const QString& address);

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

    QString m_need;
    bool m_isRedis = false;
    Broker m_other; // of the kind that is not shown
    QLineEdit* m_address;
    QLabel* m_passwordLabel;
    QLineEdit* m_password;
    QLabel* m_error;
};

} // namespace interleave::ui
