// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include "tests/ui/theme/colour_difference.h"
#include "ui/theme/contrast.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <string>

namespace interleave::ui {
namespace {

constexpr ThemeKind kThemes[] = {ThemeKind::Light, ThemeKind::Dark, ThemeKind::Print};
// The bars that a picture is about; the others lean on height and hatch. Ends such as failed are
// glyphs, not bars.
constexpr State kMain[] = {State::Running,   State::Transfer,   State::Starting,
                           State::Ready,     State::WaitingGil, State::WaitingLock,
                           State::WaitingIo, State::Sleeping};

bool differsInForm(const StateLook& a, const StateLook& b) {
    return a.hatch != b.hatch || std::abs(a.heightRatio - b.heightRatio) >= 0.15 ||
           a.hasTick != b.hasTick;
}

std::string pairText(State a, State b) {
    return std::string(nameOf(a)) + " and " + std::string(nameOf(b));
}

// Known values of the formula; Sharma's table is in Lab, so greys and extremes serve here.
TEST(ColourDifference, IsRightWhereItIsKnown) {
    EXPECT_NEAR(ciede2000(Qt::black, Qt::white), 100, 0.1);
    EXPECT_DOUBLE_EQ(ciede2000(QColor(12, 200, 77), QColor(12, 200, 77)), 0);
    EXPECT_NEAR(ciede2000(QColor(255, 0, 0), QColor(0, 255, 0)), 86.6, 0.2);
    EXPECT_NEAR(ciede2000(QColor(0, 0, 255), QColor(255, 255, 0)), 103.4, 0.3);
}

TEST(Theme, MainStatesDifferInColourForEveryVision) {
    for (const ThemeKind kind : kThemes) {
        const Theme theme = themeOf(kind);
        for (const State a : kMain) {
            for (const State b : kMain) {
                if (a >= b) {
                    continue;
                }
                for (const Vision vision :
                     {Vision::Normal, Vision::Deutan, Vision::Protan, Vision::Tritan}) {
                    EXPECT_GE(ciede2000(seenBy(vision, theme.of(a).fill),
                                        seenBy(vision, theme.of(b).fill)),
                              15)
                        << nameOf(kind).toStdString() << ": " << pairText(a, b);
                }
                EXPECT_GE(greyDifference(theme.of(a).fill, theme.of(b).fill), 5.9)
                    << nameOf(kind).toStdString() << ": " << pairText(a, b);
            }
        }
    }
}

TEST(Theme, EveryPairOfStatesDiffersWithoutColour) {
    for (const ThemeKind kind : kThemes) {
        const Theme theme = themeOf(kind);
        for (int i = 0; i < kStateCount; ++i) {
            for (int j = i + 1; j < kStateCount; ++j) {
                const auto a = static_cast<State>(i);
                const auto b = static_cast<State>(j);
                if (theme.of(a).heightRatio == 0 || theme.of(b).heightRatio == 0) {
                    continue; // no bars
                }
                EXPECT_TRUE(differsInForm(theme.of(a), theme.of(b)) ||
                            greyDifference(theme.of(a).fill, theme.of(b).fill) >= 6)
                    << nameOf(kind).toStdString() << ": " << pairText(a, b);
            }
        }
    }
}

/// Of all four visions the least.
double leastDifference(const QColor& a, const QColor& b) {
    double least = 1000;
    for (const Vision vision : {Vision::Normal, Vision::Deutan, Vision::Protan, Vision::Tritan}) {
        least = std::min(least, ciede2000(seenBy(vision, a), seenBy(vision, b)));
    }
    return least;
}

TEST(Theme, EveryPairOfStatesDiffersForEveryVision) {
    for (const ThemeKind kind : kThemes) {
        const Theme theme = themeOf(kind);
        for (int i = 0; i < kStateCount; ++i) {
            for (int j = i + 1; j < kStateCount; ++j) {
                const auto a = static_cast<State>(i);
                const auto b = static_cast<State>(j);
                if (theme.of(a).heightRatio == 0 || theme.of(b).heightRatio == 0) {
                    continue; // no bars
                }
                EXPECT_TRUE(differsInForm(theme.of(a), theme.of(b)) ||
                            leastDifference(theme.of(a).fill, theme.of(b).fill) >= 10)
                    << nameOf(kind).toStdString() << ": " << pairText(a, b);
            }
        }
    }
}

// They lie beside each other in one bar, all of one height: each pair has to differ in colour for
// everybody, and where the hatch does not help, in a print without colours as well.
TEST(Theme, PartsOfAWaterfallDifferForEveryVision) {
    for (const ThemeKind kind : kThemes) {
        const Theme theme = themeOf(kind);
        for (std::size_t i = 0; i < analysis::kParts; ++i) {
            for (std::size_t j = i + 1; j < analysis::kParts; ++j) {
                const PartLook& a = theme.parts[i];
                const PartLook& b = theme.parts[j];
                const std::string who = nameOf(kind).toStdString() + ": " +
                                        std::string(titleOf(static_cast<analysis::Part>(i))) +
                                        " and " +
                                        std::string(titleOf(static_cast<analysis::Part>(j)));
                EXPECT_GE(leastDifference(a.fill, b.fill), a.hatch == b.hatch ? 15 : 10) << who;
                if (a.hatch == b.hatch) {
                    EXPECT_GE(greyDifference(a.fill, b.fill), 6) << who;
                }
            }
        }
    }
}

TEST(Theme, APartLooksLikeTheStateThatIsItsCause) {
    using analysis::Part;
    for (const ThemeKind kind : kThemes) {
        const Theme theme = themeOf(kind);
        for (const auto& [part, state] :
             {std::pair(Part::Work, State::Running), std::pair(Part::OwnWaits, State::WaitingIo),
              std::pair(Part::InterpreterLock, State::WaitingGil),
              std::pair(Part::Locks, State::WaitingLock), std::pair(Part::StartUp, State::Starting),
              std::pair(Part::Transfer, State::Transfer), std::pair(Part::NoCore, State::Ready)}) {
            EXPECT_EQ(theme.of(part).fill, theme.of(state).fill) << titleOf(part);
            EXPECT_EQ(theme.of(part).hatch, theme.of(state).hatch) << titleOf(part);
        }
    }
}

TEST(Theme, CurvesDifferForEveryVisionAndStandOut) {
    for (const ThemeKind kind : kThemes) {
        const Theme theme = themeOf(kind);
        for (std::size_t i = 0; i < kCurveColours; ++i) {
            EXPECT_GE(contrastRatio(theme.curves[i], theme.background), 3);
            for (std::size_t j = i + 1; j < kCurveColours; ++j) {
                EXPECT_GE(leastDifference(theme.curves[i], theme.curves[j]), 15) << i << j;
                EXPECT_GE(greyDifference(theme.curves[i], theme.curves[j]), 6) << i << j;
            }
        }
    }
}

TEST(Theme, OutlinesAndTextStandOutFromTheirBackground) {
    for (const ThemeKind kind : kThemes) {
        const Theme theme = themeOf(kind);
        for (const QColor& behind : {theme.background, theme.panel, theme.alternateRow}) {
            EXPECT_GE(contrastRatio(theme.outline, behind), 3);
            EXPECT_GE(contrastRatio(theme.text, behind), 7);
            EXPECT_GE(contrastRatio(theme.mutedText, behind), 4.5);
            EXPECT_GE(contrastRatio(theme.accent, behind), 4.5);
            EXPECT_GE(contrastRatio(theme.error, behind), 4.5);
            EXPECT_GE(contrastRatio(theme.warning, behind), 4.5);
        }
    }
}

TEST(Theme, LabelsReadOnEveryFill) {
    for (const ThemeKind kind : kThemes) {
        for (const StateLook& look : themeOf(kind).states) {
            EXPECT_GE(contrastRatio(inkOn(look.fill), look.fill), 4.5);
        }
        for (const PartLook& look : themeOf(kind).parts) {
            EXPECT_GE(contrastRatio(inkOn(look.fill), look.fill), 4.5);
        }
    }
}

TEST(Contrast, PicksTheInkThatReads) {
    EXPECT_EQ(inkOn(QColor(0x27, 0x44, 0x83)), QColor(255, 255, 255));
    EXPECT_EQ(inkOn(QColor(0xef, 0xc8, 0x3d)), QColor(0, 0, 0));
    EXPECT_NEAR(contrastRatio(Qt::black, Qt::white), 21, 0.01);
    EXPECT_NEAR(contrastRatio(Qt::white, Qt::white), 1, 0.01);
}

TEST(Theme, EveryStateHasALookAndALetterOfItsOwn) {
    const Theme theme = themeOf(ThemeKind::Light);
    std::string letters;
    for (const StateLook& look : theme.states) {
        ASSERT_TRUE(look.fill.isValid());
        letters.push_back(look.letter.toLatin1());
    }
    std::sort(letters.begin(), letters.end());
    EXPECT_EQ(std::adjacent_find(letters.begin(), letters.end()), letters.end()) << letters;
}

TEST(Theme, FollowsTheDesktopsPalette) {
    QPalette palette;
    palette.setColor(QPalette::Window, QColor(40, 40, 40));
    EXPECT_EQ(systemThemeKind(palette), ThemeKind::Dark);
    palette.setColor(QPalette::Window, QColor(240, 240, 240));
    EXPECT_EQ(systemThemeKind(palette), ThemeKind::Light);
}

TEST(Theme, ApplicationPalettesAreReadable) {
    for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
        const QPalette palette = applicationPalette(themeOf(kind));
        const auto ratio = [&](QPalette::ColorRole text, QPalette::ColorRole behind) {
            return contrastRatio(palette.color(text), palette.color(behind));
        };
        EXPECT_GE(ratio(QPalette::WindowText, QPalette::Window), 7);
        EXPECT_GE(ratio(QPalette::Text, QPalette::Base), 7);
        EXPECT_GE(ratio(QPalette::ButtonText, QPalette::Button), 7);
        EXPECT_GE(ratio(QPalette::HighlightedText, QPalette::Highlight), 4.5);
        EXPECT_GE(ratio(QPalette::ToolTipText, QPalette::ToolTipBase), 7);
        EXPECT_EQ(systemThemeKind(palette), kind);
    }
}

} // namespace
} // namespace interleave::ui
