#include "core/scene/parameter_reference.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace attn {
namespace {

constexpr const char* kBegin = "<!-- parameters: from the ParameterSpec table -->\n";
constexpr const char* kEnd = "<!-- /parameters -->\n";

/// The README's table is the one that the program makes. UPDATE_REFERENCE=1 writes it anew.
TEST(ParameterReference, theReadmeHoldsIt) {
    std::ifstream file(ATTN_README);
    std::stringstream stream;
    stream << file.rdbuf();
    std::string readme = stream.str();
    const std::size_t begin = readme.find(kBegin);
    const std::size_t end = readme.find(kEnd);
    ASSERT_NE(begin, std::string::npos);
    ASSERT_NE(end, std::string::npos);
    const std::size_t first = begin + std::string(kBegin).size();
    if (std::getenv("UPDATE_REFERENCE") != nullptr) {
        readme.replace(first, end - first, parameterReference());
        std::ofstream(ATTN_README) << readme;
        return;
    }
    EXPECT_EQ(readme.substr(first, end - first), parameterReference());
}

}  // namespace
}  // namespace attn
