#include "core/base/error.h"

namespace attn {

std::string substitute(const std::string& text, const std::vector<std::string>& arguments) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 1 < text.size() && text[i + 1] >= '1' && text[i + 1] <= '9') {
            const auto index = static_cast<std::size_t>(text[i + 1] - '1');
            if (index < arguments.size()) {
                out += arguments[index];
                ++i;
                continue;
            }
        }
        out += text[i];
    }
    return out;
}

std::string Error::english() const {
    std::vector<std::string> visible = arguments;
    for (std::string& argument : visible) {
        for (char& c : argument) {
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
        }
    }
    return substitute(text, visible);
}

}  // namespace attn
