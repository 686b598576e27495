// Any bytes as a text: every tokenizer must give tokens that lie in order in the repaired text and say what
// stands there, and every token must have something to show.
#include "core/text/tokenizer.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    const std::string repaired = attn::repairUtf8(text);
    require(attn::repairUtf8(repaired) == repaired);
    for (const auto kind :
         {attn::TokenizerKind::Words, attn::TokenizerKind::Characters, attn::TokenizerKind::Bytes}) {
        const attn::Tokens tokens = attn::tokenize(text, kind, 64);
        require(tokens.items.size() <= 64 && tokens.items.size() <= tokens.found);
        std::size_t at = 0;
        for (const attn::Token& token : tokens.items) {
            require(at <= token.begin && token.begin < token.end && token.end <= repaired.size());
            require(std::string_view(repaired).substr(token.begin, token.end - token.begin) == token.text);
            const std::string shown = attn::displayText(token.text);
            require(!shown.empty() && attn::repairUtf8(shown) == shown);
            at = token.end;
        }
    }
    require(attn::displayText(text, 8).empty() == text.empty());
    return 0;
}
