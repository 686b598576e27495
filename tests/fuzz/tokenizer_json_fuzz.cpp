// Any bytes as a tokenizer.json: an error, or a tokenizer whose ids it can name again. After the first NUL
// comes the text that it is given.
#include "core/text/model_tokenizer.h"
#include "tests/fuzz/require.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using attn::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string all(data, data + size);
    const std::size_t end = all.find('\0');
    const attn::Result<attn::ModelTokenizerPtr> tokenizer = attn::tokenizerFromJson(all.substr(0, end));
    if (!tokenizer) {
        require(!tokenizer.error().english().empty());
        return 0;
    }
    const std::string text = end == std::string::npos ? "Hello, 12 <s>\xe9\xb1\xbc" : all.substr(end + 1);
    const attn::Result<attn::Tokens> tokens = (*tokenizer)->encode(text, 64);
    if (!tokens) return 0;
    require(tokens->items.size() <= 64 && tokens->items.size() <= tokens->found);
    for (const attn::Token& token : tokens->items) {
        require(token.id >= 0);
        require((*tokenizer)->token(token.id).piece == token.piece);
    }
    return 0;
}
