#include "core/trace/site_name.h"

#include <algorithm>
#include <charconv>

namespace attn {

SitePlace sitePlace(std::string_view name) {
    SitePlace place;
    bool numbered = false;
    for (std::size_t begin = 0; begin <= name.size();) {
        const std::size_t end = std::min(name.find('.', begin), name.size());
        const std::string_view part = name.substr(begin, end - begin);
        Index number = 0;
        const auto [last, error] = std::from_chars(part.data(), part.data() + part.size(), number);
        const bool isNumber = error == std::errc() && last == part.data() + part.size() && number >= 0;
        if (isNumber && !numbered) {
            place.layer = number;
            numbered = true;
        } else {
            if (!place.stack.empty()) place.stack += '.';
            place.stack += part;
        }
        begin = end + 1;
    }
    return place;
}

}  // namespace attn
