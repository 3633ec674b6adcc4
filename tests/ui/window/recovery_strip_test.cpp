// SPDX-License-Identifier: GPL-3.0-or-later
// The strip in a real window, over folders as a killed program leaves them.
#include "ui/window/recovery_strip.h"

#include "engine/recording/recording.h"
#include "engine/storage/recording_file.h"
#include "tests/support/demo_recording.h"
#include "tests/support/patience.h"
#include "tests/ui/window/window_settings.h"
#include "ui/panels/message_strip.h"
#include "ui/window/main_window.h"
#include "ui/window/pane_stack.h"
#include "ui/window/unsaved_runs.h"

#include <QApplication>
#include <QClipboard>
#include <QImage>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <gtest/gtest.h>

#include <fstream>

namespace interleave::ui {
namespace {

class RecoveryStripTest : public ::testing::Test {
protected:
    RecoveryStripTest() {
        qputenv("XDG_RUNTIME_DIR", place.path().toLocal8Bit());
        qputenv("INTERLEAVE_RESOURCES", INTERLEAVE_TEST_RESOURCES);
    }
    /// What a run that had ended leaves when its window is killed.
    void leave(const char* name) {
        const std::filesystem::path folder = place.path().toStdString() + "/interleave-" + name;
        std::filesystem::create_directory(folder);
        ASSERT_TRUE(storage::writeRecording(*recording, folder / "run.ilv").has_value());
    }
    RecoveryStrip* open() {
        window = std::make_unique<MainWindow>(WindowOptions{QStringLiteral("/bin/false"), {}, {}});
        window->QMainWindow::show();
        auto* strip = window->findChild<RecoveryStrip*>();
        if (strip != nullptr) {
            strip->look({place.path().toStdString()});
            waitFor([strip] { return !strip->isBusy(); });
        }
        return strip;
    }
    static bool waitFor(const std::function<bool()>& holds) {
        return QTest::qWaitFor(holds, kPatienceMs);
    }
    static QPushButton* button(QWidget* strip, const QString& text) {
        QCoreApplication::processEvents(); // new rows are shown by then
        for (auto* each : strip->findChildren<QPushButton*>()) {
            if (!each->isHidden() && each->parentWidget()->isVisible() &&
                each->text().remove('&') == text) {
                return each;
            }
        }
        return nullptr;
    }
    bool isThere(const char* name) const {
        return std::filesystem::exists(place.path().toStdString() + "/interleave-" + name);
    }

    WindowSettings settings;
    QTemporaryDir place;
    std::shared_ptr<const recording::Recording> recording = support::demoRecording();
    std::unique_ptr<MainWindow> window;
};

TEST_F(RecoveryStripTest, RecoversByOneClick) {
    leave("one");
    RecoveryStrip* strip = open();
    ASSERT_NE(strip, nullptr);
    ASSERT_EQ(strip->offered().size(), 1u);
    EXPECT_TRUE(strip->isVisible());
    QTest::mouseClick(button(strip, QStringLiteral("Recover")), Qt::LeftButton);
    ASSERT_TRUE(waitFor([&] { return window->runs().rowCount() == 1; }));
    EXPECT_FALSE(strip->isVisible());
    const auto shown = window->panes().primary().recording();
    ASSERT_NE(shown, nullptr);
    EXPECT_EQ(shown->tasks.size(), recording->tasks.size());
    EXPECT_EQ(window->messages().sentences(), QStringList());
    EXPECT_EQ(unsavedRuns(window->runs()).size(), 1u) << "nobody has saved it yet";
    EXPECT_TRUE(isThere("one")) << "kept until it is saved";
    window->runs().setFile(window->runs().idAt(0), place.filePath(QStringLiteral("saved.ilv")));
    EXPECT_FALSE(isThere("one"));
    EXPECT_TRUE(unsavedRuns(window->runs()).empty());
}

TEST_F(RecoveryStripTest, DiscardsByOneClick) {
    leave("one");
    leave("two");
    RecoveryStrip* strip = open();
    ASSERT_EQ(strip->offered().size(), 2u);
    QTest::mouseClick(button(strip, QStringLiteral("Discard")), Qt::LeftButton);
    EXPECT_EQ(strip->offered().size(), 1u);
    EXPECT_NE(isThere("one"), isThere("two"));
    QTest::mouseClick(button(strip, QStringLiteral("Discard")), Qt::LeftButton);
    EXPECT_FALSE(strip->isVisible());
    EXPECT_FALSE(isThere("one") || isThere("two"));
    EXPECT_EQ(window->runs().rowCount(), 0);
}

TEST_F(RecoveryStripTest, WhatIsLeftUndecidedIsOfferedAgain) {
    leave("one");
    EXPECT_EQ(open()->offered().size(), 1u);
    window.reset();
    EXPECT_TRUE(isThere("one"));
    EXPECT_EQ(open()->offered().size(), 1u);
}

TEST_F(RecoveryStripTest, ManyAreOfferedAtOnce) {
    for (const char* name : {"1", "2", "3", "4", "5"}) {
        leave(name);
    }
    RecoveryStrip* strip = open();
    ASSERT_EQ(strip->offered().size(), 5u);
    EXPECT_LT(strip->height(), 200);
    QTest::mouseClick(button(strip, QStringLiteral("Recover all")), Qt::LeftButton);
    ASSERT_TRUE(waitFor([&] { return window->runs().rowCount() == 5; }));
    EXPECT_FALSE(strip->isVisible());
}

TEST_F(RecoveryStripTest, WhatCannotBeReadIsASentenceAndStays) {
    const std::filesystem::path folder = place.path().toStdString() + "/interleave-bad";
    std::filesystem::create_directories(folder / "session");
    std::ofstream(folder / "session" / "manifest.json") << "{";
    std::ofstream(folder / "run.ilv") << "no recording";
    RecoveryStrip* strip = open();
    EXPECT_TRUE(strip->offered().empty()) << "nothing to say of it";
    EXPECT_TRUE(isThere("bad"));
}

TEST_F(RecoveryStripTest, ClosingAsksOnlyWhereSomethingWouldBeLost) {
    open();
    EXPECT_TRUE(mayClose(window->runs(), nullptr)); // would wait for an answer if it asked
    RunEntry entry;
    entry.state = RunState::Done;
    entry.recording = recording;
    entry.setup = setupOf(*recording);
    const RunId id = window->runs().add(entry);
    for (const auto& [text, answer] :
         {std::pair(QStringLiteral("Cancel"), false), std::pair(QStringLiteral("Discard"), true)}) {
        QTimer::singleShot(0, [text = text] {
            auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            ASSERT_NE(box, nullptr);
            for (QAbstractButton* each : box->buttons()) {
                if (each->text().remove('&').contains(text)) {
                    each->click();
                    return;
                }
            }
            ADD_FAILURE() << "no button " << text.toStdString();
            box->reject();
        });
        EXPECT_EQ(mayClose(window->runs(), window.get()), answer) << text.toStdString();
    }
    ASSERT_TRUE(saveRuns(window->runs(), {id}, place.path()).has_value());
    EXPECT_TRUE(storage::readRecording(window->runs().find(id)->file.toStdString()).has_value());
    EXPECT_TRUE(mayClose(window->runs(), nullptr));
}

TEST_F(RecoveryStripTest, SavingOverwritesNothingAndSaysWhatFails) {
    open();
    RunEntry entry;
    entry.state = RunState::Done;
    entry.recording = recording;
    entry.setup = setupOf(*recording);
    const RunId first = window->runs().add(entry);
    const RunId second = window->runs().add(entry);
    ASSERT_TRUE(saveRuns(window->runs(), {first, second}, place.path()).has_value());
    EXPECT_NE(window->runs().find(first)->file, window->runs().find(second)->file);
    const RunId third = window->runs().add(entry);
    const auto failed =
        saveRuns(window->runs(), {third}, place.filePath(QStringLiteral("no such folder")));
    ASSERT_FALSE(failed.has_value());
    EXPECT_NE(failed.error().message.find("no such folder"), std::string::npos);
    EXPECT_EQ(unsavedRuns(window->runs()), std::vector<RunId>{third});
}

TEST_F(RecoveryStripTest, TheViewIsCopiedAsPixelsAndAsVectors) {
    leave("one");
    RecoveryStrip* strip = open();
    auto* copy = window->findChild<QAction*>(QStringLiteral("copyImage"));
    ASSERT_NE(copy, nullptr);
    EXPECT_FALSE(copy->isEnabled());
    strip->recover(0);
    ASSERT_TRUE(waitFor([&] { return copy->isEnabled() && !strip->isVisible(); }));
    QCoreApplication::processEvents(); // the views take the strip's place
    const QSize shown = window->panes().size();
    QTest::keyClick(window.get(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    const QMimeData* data = QApplication::clipboard()->mimeData();
    ASSERT_NE(data, nullptr);
    const QImage image = QImage::fromData(data->data(QStringLiteral("image/png")), "PNG");
    EXPECT_EQ(image.size(), shown);
    EXPECT_TRUE(data->data(QStringLiteral("image/svg+xml")).contains("</svg>"));
    EXPECT_TRUE(data->hasImage());
}

} // namespace
} // namespace interleave::ui
