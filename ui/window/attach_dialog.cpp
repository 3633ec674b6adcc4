// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/attach_dialog.h"

#include "ui/session/broker_url.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QSettings>
#include <QSignalBlocker>
#include <QUrl>

namespace interleave::ui {

namespace {

constexpr int kAttachWidthPx = 560;
constexpr double kAttachUsualSeconds = 60;

const QString kAttachGroup = QStringLiteral("attach");
const QString kUrlKey = kAttachGroup + QStringLiteral("/url");
const QString kUsualUrl = QStringLiteral("amqp://guest@localhost:5672//");

} // namespace

AttachDialog::AttachDialog(QWidget* parent)
    : CommandDialog({tr("Attach to Celery"), tr("&Attach"),
                     tr("Nothing is taken from the application's queues. Workers that were "
                        "started with -E send events of their tasks; Stop detaches, and the "
                        "cluster goes on.")},
                    parent)
    , m_url(new QLineEdit(this))
    , m_password(new QLineEdit(this))
    , m_enablesEvents(new QCheckBox(tr("A&sk all workers to send events of their tasks"), this)) {
    m_url->setObjectName(QStringLiteral("url"));
    m_url->setPlaceholderText(kUsualUrl);
    m_password->setObjectName(QStringLiteral("password"));
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setPlaceholderText(tr("is not remembered"));
    loadChoices();
    layOut(makeForm(), kAttachWidthPx);
    connect(m_url, &QLineEdit::textChanged, this, &AttachDialog::takePasswordOut);
    connect(m_password, &QLineEdit::textChanged, this, &AttachDialog::refresh);
    connect(m_enablesEvents, &QCheckBox::toggled, this, &AttachDialog::refresh);
    m_url->selectAll();
    m_url->setFocus();
}

QFormLayout* AttachDialog::makeForm() {
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("&Broker"), m_url);
    form->addRow(tr("&Password"), m_password);
    addDuration(form);
    form->addRow(QString(), m_enablesEvents);
    return form;
}

/// As soon as it can be told from the rest, by pasting a URL or by typing on.
void AttachDialog::takePasswordOut() {
    QString text = m_url->text();
    if (const QString password = takePassword(text); text != m_url->text()) {
        const QSignalBlocker quiet(m_url);
        m_url->setText(text);
        if (!password.isEmpty()) {
            m_password->setText(password);
        }
    }
    refresh();
}

ClusterSetup AttachDialog::setup() const {
    ClusterSetup setup;
    setup.broker = withPassword(m_url->text().trimmed(), m_password->text());
    setup.seconds = seconds();
    setup.enablesEvents = m_enablesEvents->isChecked();
    return setup;
}

QString AttachDialog::problem() const {
    const QUrl url(m_url->text().trimmed(), QUrl::StrictMode);
    if (m_url->text().trimmed().isEmpty()) {
        return tr("Write the URL of the broker, as the workers have it.");
    }
    if (!url.isValid() || url.host().isEmpty() || !url.scheme().startsWith(u"amqp")) {
        return tr("A broker's URL looks like amqp://user@host:5672/vhost.");
    }
    return {};
}

QString AttachDialog::commandLine() const {
    return commandText(QStringList{QStringLiteral("interleave"), QStringLiteral("attach"),
                                   QStringLiteral("celery"), QStringLiteral("--broker"),
                                   m_url->text().trimmed()} +
                       setup().options());
}

void AttachDialog::loadChoices() {
    m_url->setText(QSettings().value(kUrlKey, kUsualUrl).toString());
    loadDuration(kAttachGroup, kAttachUsualSeconds);
}

/// To ask workers for events is decided each time anew: it changes the cluster.
void AttachDialog::saveChoices() const {
    QSettings().setValue(kUrlKey, m_url->text().trimmed());
    saveDuration(kAttachGroup);
}

} // namespace interleave::ui
