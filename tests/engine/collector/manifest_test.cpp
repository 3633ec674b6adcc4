// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/manifest.h"

#include "engine/collector/session_diagnostics.h"
#include "tests/engine/collector/session_text.h"

#include <gmock/gmock.h>

namespace interleave::collector {
namespace {

using testing::HasSubstr;

TEST(Manifest, ComesBackFromItsText) {
    Manifest manifest = kitchen();
    manifest.info.seed = 0xffff'ffff'ffff'ffffu;
    manifest.info.about = "quotes \" and umlauts ä";
    const auto back = parseManifest(toJson(manifest));
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(toJson(*back), toJson(manifest));
    EXPECT_EQ(back->info.seed, manifest.info.seed);
    EXPECT_EQ(back->objects[2].capacity, 2u);
    EXPECT_EQ(back->info.parameters, manifest.info.parameters);
}

TEST(Manifest, SaysWhatIsWrongWithADamagedText) {
    EXPECT_THAT(parseManifest("").error().message, HasSubstr("not JSON"));
    EXPECT_THAT(parseManifest(R"({"version":1})").error().message, HasSubstr("\"info\""));
    EXPECT_THAT(parseManifest(R"({"version":99})").error().message, HasSubstr("version 99"));
    std::string text = toJson(kitchen());
    text.replace(text.find("\"capacity\":1"), 12, "\"capacity\":-");
    EXPECT_FALSE(parseManifest(text));
}

TEST(Manifest, NeverCrashesOnCutText) {
    const std::string text = toJson(kitchen());
    for (std::size_t length = 0; length + 2 < text.size(); ++length) {
        EXPECT_FALSE(parseManifest(std::string_view(text).substr(0, length)));
    }
}

TEST(Diagnostics, AreReadLineByLineAndCutLinesPassedOver) {
    const auto diagnostics = parseDiagnostics(
        "{\"kind\":\"deadlock\",\"severity\":\"warning\",\"count\":1,\"message\":\"a waits\"}\n"
        "garbage\n{\"kind\":\"cut\",\"sev");
    ASSERT_EQ(diagnostics.size(), 1u);
    EXPECT_EQ(diagnostics[0].kind, "deadlock");
    EXPECT_EQ(diagnostics[0].severity, recording::Severity::Warning);
    EXPECT_EQ(diagnostics[0].message, "a waits");
}

} // namespace
} // namespace interleave::collector
