// SPDX-License-Identifier: GPL-3.0-or-later
// Feeds a fuzzer's function without libFuzzer: every file of the corpus, cut anywhere and with any
// byte changed. The suite's name, and of how many files a corpus has at least, are given by who
// compiles it.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace interleave {
namespace {

int feed(const std::string& text) {
    return LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

TEST(INTERLEAVE_FUZZ_SUITE, NoCutAndNoChangedByteBreaksTheReader) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(INTERLEAVE_FUZZ_CORPUS)) {
        std::ifstream stream(entry.path(), std::ios::binary);
        const std::string text(std::istreambuf_iterator<char>(stream), {});
        ASSERT_FALSE(text.empty()) << entry.path();
        ++files;
        EXPECT_EQ(feed(text), 0);
        for (std::size_t i = 0; i < text.size(); ++i) {
            EXPECT_EQ(feed(text.substr(0, i)), 0);
            for (const char byte : {'\0', '\1', '"', '}', '9', '-', '\x7f', '\x80', '\xff'}) {
                std::string changed = text;
                changed[i] = byte;
                EXPECT_EQ(feed(changed), 0);
            }
        }
    }
    EXPECT_GE(files, std::size_t{INTERLEAVE_FUZZ_FILES});
    EXPECT_EQ(feed({}), 0);
    EXPECT_EQ(feed(std::string(100'000, '[')), 0);
}

} // namespace
} // namespace interleave
