// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/bookmark_file.h"

#include "engine/storage/atomic_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace interleave::storage {
namespace {

class BookmarkFile : public testing::Test {
protected:
    BookmarkFile() {
        std::string pattern = (std::filesystem::temp_directory_path() / "marks-XXXXXX").string();
        m_folder = ::mkdtemp(pattern.data());
        m_recording = m_folder / "run.ilv";
    }
    ~BookmarkFile() override { std::filesystem::remove_all(m_folder); }

    std::filesystem::path m_folder;
    std::filesystem::path m_recording;
};

const std::vector<Bookmark> kTwo{{1'000, "1", "Here the lock is taken.\nWatch chef 2."},
                                 {-5, "", "„Übrigens“ \" \\ ☂"}};

TEST_F(BookmarkFile, KeepsNotesBesideTheRecordingInOrderOfTime) {
    ASSERT_TRUE(writeBookmarks(m_recording, kTwo));
    EXPECT_TRUE(std::filesystem::exists(m_folder / "run.ilv.bookmarks"));
    const auto read = readBookmarks(m_recording);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, (std::vector<Bookmark>{kTwo[1], kTwo[0]}));
}

TEST_F(BookmarkFile, IsNotThereWithoutBookmarks) {
    EXPECT_TRUE(readBookmarks(m_recording)->empty());
    ASSERT_TRUE(writeBookmarks(m_recording, kTwo));
    ASSERT_TRUE(writeBookmarks(m_recording, {}));
    EXPECT_TRUE(std::filesystem::is_empty(m_folder));
}

TEST_F(BookmarkFile, PutsAsideWhatItCannotReadInsteadOfOverwritingIt) {
    ASSERT_TRUE(writeFileAtomically(bookmarkFileOf(m_recording), "{\"format\": \"of others\"}"));
    const auto read = readBookmarks(m_recording);
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().message.find("run.ilv.bookmarks: these bookmarks can't be read"),
              std::string::npos);
    ASSERT_TRUE(writeBookmarks(m_recording, kTwo));
    EXPECT_EQ(readBookmarks(m_recording)->size(), 2U);
    EXPECT_EQ(*readFile(m_folder / "run.ilv.bookmarks.unreadable"), "{\"format\": \"of others\"}");
}

TEST_F(BookmarkFile, SaysWhereItCouldNotBeWritten) {
    const auto written = writeBookmarks(m_folder / "none" / "run.ilv", kTwo);
    ASSERT_FALSE(written);
    EXPECT_NE(written.error().message.find("none/run.ilv.bookmarks"), std::string::npos);
}

TEST(Bookmarks, AreRefusedWithTheReason) {
    const auto why = [](std::string_view text) {
        const auto parsed = parseBookmarks(text, "F");
        return parsed ? std::string("read") : parsed.error().message;
    };
    const std::string head = R"({"format":"interleave bookmarks","version":1,)";
    EXPECT_EQ(why(head + R"("bookmarks":[{"time_ns":1,"note":7}]})"), "read"); // a note of no use
    EXPECT_NE(why("").find("no bookmark file"), std::string::npos);
    EXPECT_NE(why("[]").find("no bookmark file"), std::string::npos);
    EXPECT_NE(why(R"({"format":"interleave bookmarks","version":2})").find("version"),
              std::string::npos);
    EXPECT_NE(why(head + R"("bookmarks":{}})").find("no list"), std::string::npos);
    EXPECT_NE(why(head + R"("bookmarks":[{"time_ns":1},{"time_ns":1.5}]})").find("number 2"),
              std::string::npos);
}

TEST(Bookmarks, SurviveANoteThatIsNoText) {
    const auto parsed = parseBookmarks(bookmarkText({{1, "", "bad \xff byte"}}), "F");
    ASSERT_TRUE(parsed);
    EXPECT_TRUE(parsed->front().note.starts_with("bad "));
}

} // namespace
} // namespace interleave::storage
