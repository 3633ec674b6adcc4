// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/attach_dialog.h"

#include "ui/panels/icons.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QUrl>
#include <QVBoxLayout>

namespace interleave::ui {

namespace {

constexpr int kAttachWidthPx = 560;

QString settingsKey(const char* name) {
    return QStringLiteral("attach/") + QLatin1String(name);
}

} // namespace

AttachDialog::AttachDialog(QWidget* parent)
    : QDialog(parent)
    , m_url(new QLineEdit(this))
    , m_password(new QLineEdit(this))
    , m_hasDuration(new QCheckBox(tr("&End the recording after"), this))
    , m_seconds(new QDoubleSpinBox(this))
    , m_enablesEvents(new QCheckBox(tr("&Ask all workers to send events of their tasks"), this))
    , m_commandLine(new QLineEdit(this))
    , m_problem(new QLabel(this))
    , m_buttons(new QDialogButtonBox(QDialogButtonBox::Cancel, this)) {
    setWindowTitle(tr("Attach to Celery"));
    m_url->setObjectName(QStringLiteral("url"));
    m_url->setPlaceholderText(QStringLiteral("amqp://guest@localhost:5672//"));
    m_password->setObjectName(QStringLiteral("password"));
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setPlaceholderText(tr("is not remembered"));
    m_seconds->setRange(0.1, 86'400);
    m_seconds->setDecimals(1);
    m_seconds->setSuffix(tr(" s"));
    m_seconds->setAccessibleName(tr("Length of the recording"));
    m_commandLine->setReadOnly(true);
    m_commandLine->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_commandLine->setAccessibleName(tr("Command line that does the same"));
    m_problem->setWordWrap(true);
    m_problem->setObjectName(QStringLiteral("problem"));
    QPushButton* attach = m_buttons->addButton(tr("&Attach"), QDialogButtonBox::AcceptRole);
    attach->setIcon(iconNamed(QStringLiteral("run")));
    attach->setDefault(true);

    auto* layout = new QVBoxLayout(this);
    layout->addLayout(makeForm());
    auto* note = new QLabel(tr("Nothing is taken from the application's queues. Workers that were "
                               "started with -E send events of their tasks; Stop detaches, and the "
                               "cluster goes on."),
                            this);
    note->setWordWrap(true);
    note->setForegroundRole(QPalette::PlaceholderText);
    layout->addWidget(note);
    layout->addSpacing(6);
    layout->addWidget(new QLabel(tr("The same in a terminal:"), this));
    layout->addWidget(m_commandLine);
    layout->addWidget(m_problem);
    layout->addStretch(1);
    layout->addWidget(m_buttons);
    loadChoices();

    connect(m_buttons, &QDialogButtonBox::accepted, this, &AttachDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &AttachDialog::reject);
    connect(m_url, &QLineEdit::textChanged, this, &AttachDialog::takePasswordOut);
    connect(m_password, &QLineEdit::textChanged, this, &AttachDialog::refresh);
    connect(m_hasDuration, &QCheckBox::toggled, this, &AttachDialog::refresh);
    connect(m_enablesEvents, &QCheckBox::toggled, this, &AttachDialog::refresh);
    connect(m_seconds, &QDoubleSpinBox::valueChanged, this, &AttachDialog::refresh);
    refresh();
    m_url->selectAll();
    m_url->setFocus();
    resize(kAttachWidthPx, sizeHint().height());
}

QFormLayout* AttachDialog::makeForm() {
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("&Broker"), m_url);
    form->addRow(tr("&Password"), m_password);
    auto* duration = new QHBoxLayout;
    duration->addWidget(m_hasDuration);
    duration->addWidget(m_seconds);
    duration->addStretch(1);
    form->addRow(tr("Until"), duration);
    form->addRow(QString(), m_enablesEvents);
    return form;
}

/// As soon as a whole URL is there, by pasting it or by typing on.
void AttachDialog::takePasswordOut() {
    QUrl url(m_url->text().trimmed(), QUrl::StrictMode);
    if (url.isValid() && !url.host().isEmpty() && !url.password().isEmpty()) {
        m_password->setText(url.password());
        url.setPassword({});
        const QSignalBlocker quiet(m_url);
        m_url->setText(url.toString());
    }
    refresh();
}

ClusterSetup AttachDialog::setup() const {
    ClusterSetup setup;
    setup.broker = withPassword(m_url->text().trimmed(), m_password->text());
    if (m_hasDuration->isChecked()) {
        setup.seconds = m_seconds->value();
    }
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

void AttachDialog::refresh() {
    m_seconds->setEnabled(m_hasDuration->isChecked());
    m_commandLine->setText(commandLine());
    m_commandLine->setCursorPosition(0);
    const QString sentence = problem();
    m_problem->setText(sentence);
    for (QAbstractButton* button : m_buttons->buttons()) {
        if (m_buttons->buttonRole(button) == QDialogButtonBox::AcceptRole) {
            button->setEnabled(sentence.isEmpty());
        }
    }
}

void AttachDialog::loadChoices() {
    const QSettings settings;
    m_url->setText(
        settings.value(settingsKey("url"), QStringLiteral("amqp://guest@localhost:5672//"))
            .toString());
    m_hasDuration->setChecked(settings.value(settingsKey("hasDuration"), false).toBool());
    m_seconds->setValue(settings.value(settingsKey("seconds"), 60).toDouble());
}

/// To ask workers for events is decided each time anew: it changes the cluster.
void AttachDialog::saveChoices() const {
    QSettings settings;
    settings.setValue(settingsKey("url"), m_url->text().trimmed());
    settings.setValue(settingsKey("hasDuration"), m_hasDuration->isChecked());
    settings.setValue(settingsKey("seconds"), m_seconds->value());
}

void AttachDialog::accept() {
    if (problem().isEmpty()) {
        saveChoices();
        QDialog::accept();
    }
}

} // namespace interleave::ui
