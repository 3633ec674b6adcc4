// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/recovery_strip.h"

#include "ui/panels/icons.h"
#include "ui/panels/message_strip.h"
#include "ui/theme/contrast.h"
#include "ui/window/main_window.h"
#include "ui/window/pane_stack.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

namespace interleave::ui {

namespace {

constexpr std::size_t kMostRows = 3;
constexpr int kIconPx = 16;

QString whenOf(const LeftRun& run) {
    const QDateTime started = QDateTime::fromString(run.startedAt, Qt::ISODate);
    return started.isValid() ? QLocale().toString(started.toLocalTime(), QLocale::ShortFormat)
                             : QString();
}

} // namespace

RecoveryStrip::RecoveryStrip(QWidget* parent)
    : QWidget(parent)
    , m_layout(new QVBoxLayout(this))
    , m_theme(themeOf(ThemeKind::Light)) {
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(1);
    setAccessibleName(tr("Runs that can be recovered"));
    setVisible(false);
}

RecoveryStrip::~RecoveryStrip() {
    m_pool.waitForDone();
}

void RecoveryStrip::look(const std::vector<std::filesystem::path>& places) {
    ++m_pending;
    m_pool.start([this, places] {
        auto found = findLeftRuns(places);
        QMetaObject::invokeMethod(
            this,
            [this, found = std::move(found)] {
                --m_pending;
                offer(found);
                Q_EMIT looked();
            },
            Qt::QueuedConnection);
    });
}

void RecoveryStrip::offer(std::vector<LeftRun> runs) {
    m_runs = std::move(runs);
    rebuild();
}

void RecoveryStrip::rebuild() {
    while (QLayoutItem* item = m_layout->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    for (std::size_t i = 0; i < std::min(kMostRows, m_runs.size()); ++i) {
        m_layout->addWidget(makeRow(i));
    }
    if (m_runs.size() > 1) {
        m_layout->addWidget(makeRest());
    }
    setVisible(!m_runs.empty());
}

namespace {

/// A line of the strip: a sign or nothing, a sentence, two buttons.
struct Line {
    QFrame* frame;
    QPushButton* recover;
    QPushButton* discard;
};

Line makeLine(QWidget* parent, const Theme& theme, const QString& sentence, const QString& aside,
              const QString& recover, const QString& discard) {
    Line line{new QFrame(parent), nullptr, nullptr};
    line.recover = new QPushButton(recover, line.frame);
    line.discard = new QPushButton(discard, line.frame);
    auto* icon = new QLabel(line.frame);
    icon->setFixedWidth(kIconPx);
    if (!sentence.isEmpty()) {
        icon->setPixmap(iconNamed(QStringLiteral("note"), theme.accent)
                            .pixmap(QSize(kIconPx, kIconPx), parent->devicePixelRatioF()));
    }
    auto* text = new QLabel(sentence, line.frame);
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    auto* when = new QLabel(aside, line.frame);
    when->setTextFormat(Qt::PlainText);
    auto* layout = new QHBoxLayout(line.frame);
    layout->setContentsMargins(10, 4, 8, 4);
    layout->addWidget(icon);
    layout->addWidget(text, 1);
    layout->addWidget(when);
    layout->addWidget(line.recover);
    layout->addWidget(line.discard);
    QPalette colours = line.frame->palette();
    colours.setColor(QPalette::Window, mixed(theme.panel, theme.accent, 0.16));
    colours.setColor(QPalette::WindowText, theme.text);
    line.frame->setPalette(colours);
    line.frame->setAutoFillBackground(true);
    QPalette muted = colours;
    muted.setColor(QPalette::WindowText, theme.mutedText);
    when->setPalette(muted);
    return line;
}

} // namespace

QWidget* RecoveryStrip::makeRow(std::size_t index) {
    const LeftRun& run = m_runs[index];
    const Line line =
        makeLine(this, m_theme, sentenceFor(run), whenOf(run), tr("&Recover"), tr("&Discard"));
    line.frame->setAccessibleName(sentenceFor(run));
    line.recover->setToolTip(tr("Show what was recorded"));
    line.discard->setToolTip(tr("Delete what was recorded"));
    connect(line.recover, &QPushButton::clicked, this, [this, index] { recover(index); });
    connect(line.discard, &QPushButton::clicked, this, [this, index] { discard(index); });
    return line.frame;
}

/// For all of them at once, those that have no row too.
QWidget* RecoveryStrip::makeRest() {
    const std::size_t unseen = m_runs.size() - std::min(kMostRows, m_runs.size());
    const QString text = unseen > 0 ? tr("%1 more were left like this.").arg(unseen) : QString();
    const Line line = makeLine(this, m_theme, text, {}, tr("Recover &all"), tr("Discard a&ll"));
    connect(line.recover, &QPushButton::clicked, this, [this] {
        while (!m_runs.empty()) {
            recover(0);
        }
    });
    connect(line.discard, &QPushButton::clicked, this, [this] {
        while (!m_runs.empty()) {
            discard(0);
        }
    });
    return line.frame;
}

void RecoveryStrip::recover(std::size_t index) {
    LeftRun run = m_runs[index];
    m_runs.erase(m_runs.begin() + static_cast<std::ptrdiff_t>(index));
    rebuild();
    ++m_pending;
    m_pool.start([this, run = std::move(run)] {
        auto recording = recoverRun(run);
        QMetaObject::invokeMethod(
            this,
            [this, run, recording = std::move(recording)] {
                --m_pending;
                if (recording) {
                    Q_EMIT recovered(run, *recording);
                } else { // the folder stays: somebody else may be able to read it
                    Q_EMIT failed(
                        tr("The run of “%1” can't be recovered: %2")
                            .arg(run.scenario, QString::fromStdString(recording.error().message)));
                }
            },
            Qt::QueuedConnection);
    });
}

void RecoveryStrip::discard(std::size_t index) {
    m_runs[index].folder->removeAtEnd();
    m_runs.erase(m_runs.begin() + static_cast<std::ptrdiff_t>(index));
    rebuild();
}

void RecoveryStrip::setTheme(const Theme& theme) {
    m_theme = theme;
    rebuild();
}

RecoveryStrip* offerRecovery(MainWindow& window, const std::vector<std::filesystem::path>& places) {
    auto* strip = new RecoveryStrip;
    if (auto* column = qobject_cast<QVBoxLayout*>(window.centralWidget()->layout())) {
        column->insertWidget(0, strip);
    }
    strip->setTheme(themeOf(window.theme().kind()));
    QObject::connect(&window.theme(), &ThemeChoice::kindChanged, strip,
                     [strip, &window] { strip->setTheme(themeOf(window.theme().kind())); });
    QObject::connect(strip, &RecoveryStrip::recovered, &window,
                     [&window](const LeftRun& run, const RecordingPtr& recording) {
                         RunEntry entry;
                         entry.state = run.isWhole ? RunState::Done : RunState::Stopped;
                         entry.setup = setupOf(*recording);
                         entry.recording = recording;
                         // Until it is saved it is where it was: this program may be killed too.
                         entry.folder = run.folder;
                         entry.folder->removeAtEnd();
                         const RunId id = window.runs().add(std::move(entry));
                         window.panes().showOnly(*window.runs().find(id));
                     });
    QObject::connect(strip, &RecoveryStrip::failed, &window, [&window](const QString& sentence) {
        window.messages().show(MessageKind::Error, sentence);
    });
    strip->look(places);
    return strip;
}

} // namespace interleave::ui
