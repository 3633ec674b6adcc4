// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/broker_field.h"

#include "ui/session/broker_url.h"

#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QUrl>

#include <utility>

namespace interleave::ui {

namespace {

const QString kMemory = QStringLiteral("memory");

const QString kRedis = QStringLiteral("redis");

QString exampleOf(const QString& scheme) {
    return scheme == kRedis ? QStringLiteral("redis://localhost:6379/0")
                            : QStringLiteral("amqp://guest@localhost:5672/");
}

} // namespace

BrokerField::BrokerField(QWidget* parent)
    : QWidget(parent)
    , m_address(new QLineEdit(this))
    , m_passwordLabel(new QLabel(tr("&Password"), this))
    , m_password(new QLineEdit(this))
    , m_error(new QLabel(this)) {
    m_address->setObjectName(QStringLiteral("broker"));
    m_address->setAccessibleName(tr("Broker"));
    m_password->setObjectName(QStringLiteral("brokerPassword"));
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setAccessibleName(tr("Password of the broker"));
    m_password->setToolTip(tr("Handed to the run, and kept nowhere"));
    m_error->setWordWrap(true);
    m_error->setTextFormat(Qt::PlainText);
    auto* label = new QLabel(tr("&Broker"), this);
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
    setNeed({});
}

void BrokerField::setNeed(const QString& scheme) {
    m_need = scheme;
    if (const bool isRedis = scheme == kRedis; isRedis != m_isRedis) {
        const QSignalBlocker quiet(m_address);
        const QSignalBlocker quietToo(m_password);
        const Broker other = std::exchange(m_other, {m_address->text(), m_password->text()});
        m_isRedis = isRedis;
        m_address->setText(other.address);
        m_password->setText(other.password);
    }
    m_address->setPlaceholderText(scheme.isEmpty() ? kMemory : exampleOf(scheme));
    const QString rabbit = tr("amqp://user@host/vhost: a RabbitMQ that runs there;\n"
                              "`packaging/broker start` starts one and says its address.");
    m_address->setToolTip(m_isRedis ? tr("redis://host:6379/0: a Redis that runs there")
                          : scheme.isEmpty()
                              ? tr("memory: this program's own broker, nothing to install.") +
                                    QChar('\n') + rabbit
                              : rabbit);
    onEdited();
}

BrokerField::Broker BrokerField::brokerFor(const QString& scheme) const {
    const Broker shown{m_address->text().trimmed(), m_password->text()};
    const Broker broker = (scheme == kRedis) == m_isRedis ? shown : m_other;
    return broker.address.isEmpty() ? Broker{kMemory, {}} : broker;
}

QString BrokerField::address() const {
    return brokerFor(m_need).address;
}

QString BrokerField::password() const {
    return m_password->text();
}

/// Of either kind: a run that is set up again comes with the one it had.
void BrokerField::setAddress(const QString& address) {
    const QString text = address == kMemory ? QString() : address;
    if (text.startsWith(kRedis + QLatin1String("://")) == m_isRedis || text.isEmpty()) {
        m_address->setText(text);
    } else {
        m_other = {text, {}};
    }
}

QString BrokerField::errorText() const {
    return errorOf(m_need, address());
}

QString BrokerField::errorOf(const QString& scheme, const QString& address) {
    if (address == kMemory) {
        return scheme.isEmpty()   ? QString()
               : scheme == kRedis ? tr("This model needs a Redis, such as %1: `redis-server` "
                                       "starts one.")
                                        .arg(exampleOf(scheme))
                                  : tr("This model needs a RabbitMQ, such as %1: `packaging/broker "
                                       "start` starts one and says its address.")
                                        .arg(exampleOf(scheme));
    }
    const QString wanted = (scheme.isEmpty() ? QStringLiteral("amqp") : scheme) + "://";
    const QUrl url(address);
    if (address.startsWith(wanted) && url.isValid() && !url.host().isEmpty()) {
        return {};
    }
    return scheme.isEmpty()
               ? tr("A broker is “memory” or an address such as %1.").arg(exampleOf(scheme))
               : tr("This model's broker is an address such as %1.").arg(exampleOf(scheme));
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
