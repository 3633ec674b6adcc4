// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/broker_field.h"

#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QUrl>

namespace interleave::ui {

namespace {

const QString kMemory = QStringLiteral("memory");

/// Takes the password out of "amqp://user:password@host"; empty if there is none.
QString takePassword(QString& address) {
    const qsizetype begin = address.indexOf(QLatin1String("://")) + 3;
    const qsizetype end = address.lastIndexOf(QLatin1Char('@'));
    const qsizetype colon = begin < 3 ? -1 : address.indexOf(QLatin1Char(':'), begin);
    if (colon < 0 || end < colon) {
        return {};
    }
    const QString password =
        QUrl::fromPercentEncoding(address.mid(colon + 1, end - colon - 1).toUtf8());
    address.remove(colon, end - colon);
    return password;
}

} // namespace

BrokerField::BrokerField(QWidget* parent)
    : QWidget(parent)
    , m_address(new QLineEdit(this))
    , m_passwordLabel(new QLabel(tr("&Password"), this))
    , m_password(new QLineEdit(this))
    , m_error(new QLabel(this)) {
    m_address->setObjectName(QStringLiteral("broker"));
    m_address->setPlaceholderText(kMemory);
    m_address->setAccessibleName(tr("Broker"));
    m_address->setToolTip(tr("memory: this program's own broker, nothing to install.\n"
                             "amqp://user@host/vhost: a RabbitMQ that runs there;\n"
                             "`packaging/broker start` starts one and says its address."));
    m_password->setObjectName(QStringLiteral("brokerPassword"));
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setAccessibleName(tr("Password of the broker"));
    m_password->setToolTip(tr("Handed to the run, and kept nowhere"));
    m_error->setWordWrap(true);
    m_error->setTextFormat(Qt::PlainText);
    auto* label = new QLabel(tr("&Broker"), this);
    label->setToolTip(m_address->toolTip());
    label->setBuddy(m_address);
    m_passwordLabel->setBuddy(m_password);
    auto* form = new QFormLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    form->setVerticalSpacing(4);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(label, m_address);
    form->addRow(m_passwordLabel, m_password);
    form->addRow(m_error);
    connect(m_address, &QLineEdit::textChanged, this, &BrokerField::onEdited);
    connect(m_password, &QLineEdit::textChanged, this, &BrokerField::changed);
    onEdited();
}

QString BrokerField::address() const {
    const QString text = m_address->text().trimmed();
    return text.isEmpty() ? kMemory : text;
}

QString BrokerField::password() const {
    return m_password->text();
}

void BrokerField::setAddress(const QString& address) {
    m_address->setText(address == kMemory ? QString() : address);
}

QString BrokerField::errorText() const {
    const QString text = address();
    if (text == kMemory) {
        return {};
    }
    const QUrl url(text);
    if (text.startsWith(QLatin1String("amqp://")) && url.isValid() && !url.host().isEmpty()) {
        return {};
    }
    return tr("A broker is “memory” or an address such as amqp://guest@localhost:5672/.");
}

/// As soon as a password can be told from the rest it moves to its own field.
void BrokerField::onEdited() {
    QString text = m_address->text();
    if (const QString password = takePassword(text); text != m_address->text()) {
        const QSignalBlocker quiet(m_address);
        m_address->setText(text);
        if (!password.isEmpty()) {
            m_password->setText(password);
        }
    }
    const bool isRemote = address() != kMemory;
    m_passwordLabel->setVisible(isRemote);
    m_password->setVisible(isRemote);
    m_error->setText(errorText());
    m_error->setVisible(!isValid());
    Q_EMIT changed();
}

void BrokerField::setErrorColour(const QColor& colour) {
    QPalette colours = m_error->palette();
    colours.setColor(QPalette::WindowText, colour);
    m_error->setPalette(colours);
}

} // namespace interleave::ui
