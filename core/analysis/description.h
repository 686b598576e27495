#pragma once
/// Tables that say what the values of an enumeration are called: one row for each, in its order. For the
/// sources of core/analysis alone.

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace attn {

struct Description {
    const char* name;         ///< in files and on the command line
    const char* title;        ///< a few words, marked for translation
    const char* explanation;  ///< one sentence, likewise
};

template <typename Kind, std::size_t kCount>
class Descriptions {
public:
    explicit constexpr Descriptions(const std::array<Description, kCount>& rows) : m_rows(rows) {}

    [[nodiscard]] constexpr const Description& of(Kind kind) const {
        return m_rows[static_cast<std::size_t>(kind)];
    }
    [[nodiscard]] std::optional<Kind> withName(std::string_view name) const {
        for (std::size_t i = 0; i < kCount; ++i)
            if (name == m_rows[i].name) return static_cast<Kind>(i);
        return std::nullopt;
    }

private:
    std::array<Description, kCount> m_rows;
};

}  // namespace attn
