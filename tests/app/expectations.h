#pragma once
/// How a run of the program should have ended.

#include "tests/app/program.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>

namespace attn::test {

/// Status 0, and nothing on standard error.
inline void expectFine(const Outcome& outcome) {
    EXPECT_EQ(outcome.status, 0) << outcome.error;
    EXPECT_THAT(outcome.error, testing::IsEmpty());
}

/// Status 1, and one line on standard error that holds `text`, whatever was printed before.
inline void expectRefusal(const Outcome& outcome, const std::string& text) {
    EXPECT_EQ(outcome.status, 1) << outcome.error;
    EXPECT_THAT(outcome.error, testing::StartsWith("attention-lab: "));
    EXPECT_THAT(outcome.error, testing::HasSubstr(text));
    EXPECT_EQ(std::count(outcome.error.begin(), outcome.error.end(), '\n'), 1) << outcome.error;
    EXPECT_EQ(outcome.error.back(), '\n');
}

/// The same, with nothing printed.
inline void expectBadValue(const Outcome& outcome, const std::string& text) {
    expectRefusal(outcome, text);
    EXPECT_THAT(outcome.out, testing::IsEmpty());
}

}  // namespace attn::test
