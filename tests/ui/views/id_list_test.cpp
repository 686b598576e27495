#include "ui/views/id_list.h"

#include <gtest/gtest.h>

namespace attn::ui {
namespace {

TEST(IdList, ReadsWhatPeopleType) {
    for (const char* text : {"5, 7, 9", "5 7 9", " 5,7,\n9 ,", "5;7;9"})
        EXPECT_EQ(parseIds(QString::fromLatin1(text), 10).value(), (std::vector<std::int64_t>{5, 7, 9}))
            << text;
    EXPECT_TRUE(parseIds({}, 10)->empty());
    EXPECT_EQ(idText({5, 7, 9}), QStringLiteral("5, 7, 9"));
    EXPECT_EQ(parseIds(idText({0, 50256}), 50257).value(), (std::vector<std::int64_t>{0, 50256}));
}

TEST(IdList, SaysWhatIsWrong) {
    const auto error = [](const char* text) {
        const auto ids = parseIds(QString::fromLatin1(text), 10);
        return ids ? std::string("no error") : ids.error().english();
    };
    EXPECT_EQ(error("5, x"), "ids: 'x' is no whole number");
    EXPECT_EQ(error("1.5"), "ids: '1.5' is no whole number");
    EXPECT_EQ(error("10"), "ids: 10 is outside the vocabulary 0 … 9");
    EXPECT_EQ(error("-1"), "ids: -1 is outside the vocabulary 0 … 9");
    EXPECT_EQ(error("99999999999999999999"), "ids: '99999999999999999999' is no whole number");
}

}  // namespace
}  // namespace attn::ui
