// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/lesson/lesson.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <unistd.h>

namespace interleave::lesson {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class LessonFile : public testing::Test {
protected:
    LessonFile() { fs::create_directories(m_folder); }
    ~LessonFile() override { fs::remove_all(m_folder); }

    void write(const std::string& name, const std::string& text) const {
        std::ofstream(m_folder / name, std::ios::binary) << text;
    }
    void writeLesson(const std::string& run) const {
        write("lesson.toml", "name = \"N\"\ngoal = \"G\"\n[[run]]\nname = \"r\"\n" + run +
                                 "[[question]]\nkind = \"finish-line\"\nask = \"When?\"\n"
                                 "[[phenomenon]]\nsays = \"S\"\nholds = \"makespan_s > 0\"\n");
    }
    std::string complaint() const {
        const auto lesson = readLesson(m_folder);
        return lesson ? "" : lesson.error().message;
    }

    fs::path m_folder = fs::temp_directory_path() / ("lesson-" + std::to_string(::getpid()));
};

TEST_F(LessonFile, ReadsTheScenarioInItsFolderAndItsTexts) {
    write("own.toml", "[[task]]\nname = \"t\"\nsteps = []\n");
    write("text.md", "Think.\n");
    writeLesson("scenario = \"own.toml\"\nmodel = \"threads\"\n");
    const auto lesson = readLesson(m_folder);
    ASSERT_TRUE(lesson) << lesson.error().message;
    EXPECT_EQ(lesson->runs.at(0).scenario.tasks.size(), 1u);
    EXPECT_EQ(lesson->text, "Think.\n");
    EXPECT_EQ(lesson->afterwards, "") << "which may be left out";
}

TEST_F(LessonFile, TakesAShippedScenarioByItsName) {
    write("text.md", "");
    writeLesson("scenario = \"ten-dishes\"\nmodel = \"threads\"\n");
    EXPECT_EQ(complaint(), "");
}

TEST_F(LessonFile, SaysWhatIsMissingOrWrongInASentence) {
    EXPECT_THAT(complaint(), HasSubstr("lesson.toml does not exist"));
    writeLesson("scenario = \"ten-dishes\"\nmodel = \"threads\"\n");
    EXPECT_THAT(complaint(), HasSubstr("text.md does not exist"));
    writeLesson("scenario = \"elven-dishes\"\nmodel = \"threads\"\n");
    EXPECT_THAT(complaint(), HasSubstr("\"elven-dishes\""));
    writeLesson("scenario = \"ten-dishes\"\nmodel = \"thread\"\n");
    EXPECT_THAT(complaint(), HasSubstr("lesson.toml:3:"));
    writeLesson("scenario = \"ten-dishes\"\nmodel = \"threads\"\nset = { pol = \"x\" }\n");
    EXPECT_THAT(complaint(), HasSubstr("pol"));
    writeLesson("program = \"nothing.py\"\n");
    EXPECT_THAT(complaint(), HasSubstr("there is no program \"nothing.py\""));
    write("text.md", std::string("\xff\xfe", 2));
    writeLesson("scenario = \"ten-dishes\"\nmodel = \"threads\"\n");
    EXPECT_THAT(complaint(), HasSubstr("text.md is not a text file"));
}

TEST_F(LessonFile, StaysInItsFolder) {
    write("text.md", "");
    writeLesson("scenario = \"../../x.toml\"\nmodel = \"threads\"\n");
    EXPECT_THAT(complaint(), HasSubstr("not in the lesson's folder"));
    writeLesson("program = \"/bin/sh\"\n");
    EXPECT_THAT(complaint(), HasSubstr("no program"));
    write("lesson.toml",
          "text = \"../text.md\"\nname = \"N\"\ngoal = \"G\"\n[[run]]\nname = \"r\"\n"
          "scenario = \"ten-dishes\"\nmodel = \"threads\"\n"
          "[[question]]\nkind = \"finish-line\"\nask = \"When?\"\n"
          "[[phenomenon]]\nsays = \"S\"\nholds = \"makespan_s > 0\"\n");
    EXPECT_THAT(complaint(), HasSubstr("\"../text.md\" is not in the lesson's folder"));
}

TEST(ShippedLessons, AreTwelveInOrderAndEachSaysWhatItIsAbout) {
    const auto lessons = shippedLessons();
    ASSERT_TRUE(lessons) << lessons.error().message;
    ASSERT_EQ(lessons->size(), 12u);
    int number = 0;
    for (const Lesson& lesson : *lessons) {
        ++number;
        EXPECT_EQ(std::stoi(lesson.id), number);
        EXPECT_GT(lesson.text.size(), 300u) << lesson.id;
        EXPECT_FALSE(lesson.afterwards.empty()) << lesson.id;
        EXPECT_FALSE(lesson.concepts.empty()) << lesson.id;
        EXPECT_TRUE(lesson.exercise) << lesson.id;
        EXPECT_FALSE(lesson.plays.empty()) << lesson.id;
        for (const Phenomenon& phenomenon : lesson.phenomena) {
            EXPECT_TRUE(phenomenon.number) << lesson.id << ": " << phenomenon.says;
        }
    }
}

TEST(ShippedLessons, AreFoundByNumberAndByName) {
    for (const char* name :
         {"4", "04", "threads-and-the-gil", "04-threads-and-the-gil",
          LESSONS "/04-threads-and-the-gil", LESSONS "/04-threads-and-the-gil/lesson.toml"}) {
        const auto lesson = findLesson(name);
        ASSERT_TRUE(lesson) << lesson.error().message;
        EXPECT_EQ(lesson->name, "Threads and the GIL") << name;
    }
    EXPECT_THAT(findLesson("04-threads-and-the-gli").error().message, HasSubstr("did you mean"));
    EXPECT_FALSE(findLesson(""));
    EXPECT_FALSE(findLesson("0"));
}

TEST(ShippedLessons, EveryPhenomenonIsInTheListOfConcepts) {
    std::ifstream stream(LESSONS "/concepts.md");
    const std::string concepts{std::istreambuf_iterator<char>(stream),
                               std::istreambuf_iterator<char>()};
    const auto lessons = shippedLessons();
    ASSERT_TRUE(lessons);
    for (const Lesson& lesson : *lessons) {
        for (const Phenomenon& phenomenon : lesson.phenomena) {
            EXPECT_THAT(concepts, HasSubstr("| " + phenomenon.says + " | `" +
                                            phenomenon.number->text() + "`"))
                << lesson.id;
        }
        for (const std::string& concept_ : lesson.concepts) {
            EXPECT_THAT(concepts, HasSubstr(concept_)) << lesson.id;
        }
    }
}

} // namespace
} // namespace interleave::lesson
