#include "core/io/file.h"

#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <sys/stat.h>
#include <unistd.h>

namespace attn {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace fs = std::filesystem;

TEST(ReadFile, GivesTheBytesAsTheyAre) {
    const TemporaryFolder folder;
    const std::string bytes("a\0b\r\n\xff", 6);
    EXPECT_EQ(readFile(folder.write("f", bytes), 6).value(), bytes);
    EXPECT_EQ(readFile(folder.write("empty", ""), 0).value(), "");
}

TEST(ReadFile, RefusesMoreThanTheLimit) {
    const TemporaryFolder folder;
    const Result<std::string> result = readFile(folder.write("f", "seven b"), 6);
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().english(), HasSubstr("/f: is larger than 6 bytes"));
}

TEST(ReadFile, LimitHoldsForFilesThatDoNotTellTheirSize) {
    // Files in /proc say that they have 0 bytes.
    EXPECT_FALSE(readFile("/proc/self/status", 10));
    EXPECT_THAT(readFile("/proc/self/status", 1 << 20).value(), HasSubstr("Name:"));
}

TEST(ReadFile, NamesThePathAndTheReason) {
    const TemporaryFolder folder;
    EXPECT_THAT(readFile(folder / "missing", 10).error().english(),
                HasSubstr("/missing: cannot be read: No such file"));
    EXPECT_THAT(readFile(folder.path(), 10).error().english(), HasSubstr("is a folder"));
    EXPECT_THAT(readFile("/dev/zero", 10).error().english(), HasSubstr("/dev/zero: is not a regular file"));
}

TEST(ReadFile, DoesNotWaitForAPipe) {
    const TemporaryFolder folder;
    ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    EXPECT_THAT(readFile(folder / "pipe", 10).error().english(), HasSubstr("is not a regular file"));
}

TEST(WriteFile, WritesAndReplacesWithoutTraces) {
    const TemporaryFolder folder;
    ASSERT_TRUE(writeFile(folder / "f", "one"));
    ASSERT_TRUE(writeFile(folder / "f", std::string("t\0o", 3)));
    EXPECT_EQ(folder.read("f"), std::string("t\0o", 3));
    EXPECT_THAT(folder.names(), ElementsAre("f"));
}

TEST(WriteFile, NewFilesFollowTheUmaskAndOldOnesKeepTheirMode) {
    const TemporaryFolder folder;
    const auto mode = [&](const char* name) {
        struct stat info {};
        EXPECT_EQ(::stat((folder / name).c_str(), &info), 0);
        return info.st_mode & 0777U;
    };
    const mode_t before = ::umask(027);
    ASSERT_TRUE(writeFile(folder / "new", "x"));
    ::umask(before);
    EXPECT_EQ(mode("new"), 0640U);
    ::chmod((folder / "new").c_str(), 0604);
    ASSERT_TRUE(writeFile(folder / "new", "y"));
    EXPECT_EQ(mode("new"), 0604U);
}

TEST(WriteFile, FollowsLinksToTheirTarget) {
    const TemporaryFolder folder;
    folder.write("target", "old");
    fs::create_symlink("target", folder / "link");
    fs::create_symlink("link", folder / "link to link");
    ASSERT_TRUE(writeFile(folder / "link to link", "new"));
    EXPECT_TRUE(fs::is_symlink(folder / "link"));
    EXPECT_TRUE(fs::is_symlink(folder / "link to link"));
    EXPECT_EQ(folder.read("target"), "new");

    fs::create_symlink("not there yet", folder / "dangling");
    ASSERT_TRUE(writeFile(folder / "dangling", "made"));
    EXPECT_EQ(folder.read("not there yet"), "made");
}

TEST(WriteFile, ALoopOfLinksIsAnError) {
    const TemporaryFolder folder;
    fs::create_symlink("b", folder / "a");
    fs::create_symlink("a", folder / "b");
    EXPECT_FALSE(writeFile(folder / "a", "x"));
    EXPECT_THAT(folder.names(), ElementsAre("a", "b"));
}

TEST(WriteFile, FailsCleanlyWhereItCannot) {
    const TemporaryFolder folder;
    EXPECT_THAT(writeFile(folder / "no/such/f", "x").error().english(),
                HasSubstr("cannot be written: No such file"));
    EXPECT_THAT(writeFile(folder.path(), "x").error().english(), HasSubstr("is a folder"));
    EXPECT_THAT(writeFile(folder / "f/", "x").error().english(), HasSubstr("is a folder"));
    folder.write("file", "content");
    EXPECT_THAT(writeFile(folder / "file/below", "x").error().english(), HasSubstr("Not a directory"));
    EXPECT_THAT(folder.names(), ElementsAre("file"));
    EXPECT_EQ(folder.read("file"), "content");
}

TEST(WriteFile, ReadOnlyPlacesStayAsTheyAre) {
    if (::geteuid() == 0) GTEST_SKIP() << "the superuser may write everywhere";
    const TemporaryFolder folder;
    folder.write("locked", "old");
    ::chmod((folder / "locked").c_str(), 0444);
    EXPECT_THAT(writeFile(folder / "locked", "x").error().english(), HasSubstr("Permission denied"));
    EXPECT_EQ(folder.read("locked"), "old");
    ::chmod(folder.path().c_str(), 0555);
    EXPECT_THAT(writeFile(folder / "new", "x").error().english(), HasSubstr("Permission denied"));
    EXPECT_THAT(folder.names(), ElementsAre("locked"));
}

TEST(WriteFile, ADeviceIsWrittenToAndNotReplaced) {
    EXPECT_TRUE(writeFile("/dev/null", "x"));
    EXPECT_THAT(writeFile("/dev/full", "x").error().english(),
                HasSubstr("/dev/full: cannot be written: No space left"));
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
    EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST(WriteFiles, AllOrNone) {
    const TemporaryFolder folder;
    folder.write("a", "old");
    EXPECT_FALSE(writeFiles({{folder / "a", "new"}, {folder / "missing/b", "new"}}));
    EXPECT_EQ(folder.read("a"), "old");
    EXPECT_FALSE(writeFiles({{folder / "c", "new"}, {"/dev/full", "new"}}));
    EXPECT_THAT(folder.names(), ElementsAre("a"));
    EXPECT_TRUE(writeFiles({{folder / "a", "1"}, {folder / "b", "2"}}));
    EXPECT_EQ(folder.read("a") + folder.read("b"), "12");
}

TEST(WriteFiles, TheSameFileTwiceIsAnError) {
    const TemporaryFolder folder;
    fs::create_symlink("a", folder / "link");
    EXPECT_THAT(writeFiles({{folder / "a", "1"}, {folder / "link", "2"}}).error().english(),
                HasSubstr("would be written twice"));
    EXPECT_THAT(folder.names(), ElementsAre("link"));
}

TEST(ResourceFolder, TheEnvironmentDecidesElseTheSourceTree) {
    const char* const before = std::getenv("ATTENTION_LAB_RESOURCES");
    const std::string saved = before == nullptr ? "" : before;
    ::setenv("ATTENTION_LAB_RESOURCES", "/some/where", 1);
    EXPECT_EQ(resourceFolder(), "/some/where");
    ::unsetenv("ATTENTION_LAB_RESOURCES");
    EXPECT_TRUE(fs::exists(resourceFolder() / "icons"));
    if (before != nullptr) ::setenv("ATTENTION_LAB_RESOURCES", saved.c_str(), 1);
}

}  // namespace
}  // namespace attn
