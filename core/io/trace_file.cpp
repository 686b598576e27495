#include "core/io/trace_file.h"

#include "core/io/file.h"
#include "core/io/npy.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <utility>

namespace attn {
namespace {

std::vector<std::string> texts(const Tokens& tokens) {
    std::vector<std::string> out;
    out.reserve(tokens.items.size());
    for (const Token& token : tokens.items)
        out.push_back(tokenForFile(token.piece.empty() ? token.text : token.piece));
    return out;
}

std::vector<std::int64_t> ids(const Tokens& tokens) {
    std::vector<std::int64_t> out;
    out.reserve(tokens.items.size());
    for (const Token& token : tokens.items) out.push_back(token.id);
    return out;
}

std::string quoted(const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Elements as write(0), write(1) … puts them, with commas between, in brackets.
template <typename Write>
void appendList(std::string& out, Index count, const Write& write) {
    out += '[';
    for (Index i = 0; i < count; ++i) {
        if (i > 0) out += ',';
        write(i);
    }
    out += ']';
}

void appendDecimal(std::string& out, float value) {
    std::array<char, 24> buffer{};
    out.append(buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr);
}

/// JSON has no infinity.
void appendNumber(std::string& out, float value) {
    if (std::isfinite(value)) {
        appendDecimal(out, value);
    } else {
        out += "null";
    }
}

template <typename AnyMatrix>
void appendMatrix(std::string& out, const AnyMatrix& matrix) {
    appendList(out, matrix.rows(), [&](Index row) {
        appendList(out, matrix.cols(), [&](Index col) { appendNumber(out, matrix(row, col)); });
    });
}

void appendTensor(std::string& out, const Tensor& tensor) {
    if (tensor.rank() == 2) {
        appendMatrix(out, tensor.matrix());
    } else {
        appendList(out, tensor.heads(), [&](Index head) { appendMatrix(out, tensor.matrix(head)); });
    }
}

void appendTexts(std::string& out, const std::vector<std::string>& list) {
    appendList(out, static_cast<Index>(list.size()),
               [&](Index i) { out += quoted(list[static_cast<std::size_t>(i)]); });
}

/// Calls each(prefix, tokens) for the sequences that the trace has: "", "context.", "target.".
template <typename Each>
void forSequences(const Trace& trace, const Each& each) {
    for (const Sequence sequence : {Sequence::Text, Sequence::Context, Sequence::Target}) {
        const std::string scope = scopeOf(sequence);
        if (const Tokens* const tokens = trace.tokens(sequence))
            each(scope.empty() ? scope : scope + ".", *tokens);
    }
}

void appendTokens(std::string& out, const std::string& prefix, const Tokens& tokens) {
    out += "\"" + prefix + "tokens\":";
    appendTexts(out, texts(tokens));
    out += ",\n\"" + prefix + "ids\":";
    appendList(out, static_cast<Index>(tokens.items.size()),
               [&](Index i) { out += std::to_string(tokens.items[static_cast<std::size_t>(i)].id); });
}

}  // namespace

std::string csvField(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + "\"";
}

std::string shortestDecimal(float value) {
    std::string out;
    appendDecimal(out, value);
    return out;
}

std::string tokenForFile(std::string_view tokenText) {
    std::string repaired = repairUtf8(tokenText);
    return repaired == tokenText ? repaired : displayText(tokenText);
}

Result<void> writeTraceNpz(const std::filesystem::path& path, const Trace& trace, bool weights) {
    std::vector<NpzMember> members;
    const auto addBytes = [&](const std::string& name, std::string bytes) {
        const std::size_t size = bytes.size();
        members.push_back({name, size, [bytes = std::move(bytes)] { return bytes; }});
    };
    forSequences(trace, [&](const std::string& prefix, const Tokens& tokens) {
        addBytes(prefix + "tokens.npy", npyFromStrings(texts(tokens)));
        addBytes(prefix + "ids.npy", npyFromInts(ids(tokens)));
    });
    for (const TensorKey& key : trace.keys()) {
        if (isWeight(key.name) && !weights) continue;
        const EntryPtr entry = trace.find(key);
        members.push_back({key.fullName() + ".npy", npyBytes(entry->rank(), entry->shape()),
                           [entry] { return npyFromTensor(*entry->get()); }});
    }
    return writeNpz(path, members);
}

namespace {

/// Hands one piece after another to put(text).
template <typename Put>
void putTraceAsJson(const Trace& trace, bool weights, const Put& put) {
    std::string out = "{";
    forSequences(trace, [&](const std::string& prefix, const Tokens& tokens) {
        if (out.size() > 1) out += ",\n";
        appendTokens(out, prefix, tokens);
    });
    for (const TensorKey& key : trace.keys()) {
        if (isWeight(key.name) && !weights) continue;
        out += ",\n\"" + key.fullName() + "\":";
        appendTensor(out, *trace.find(key)->get());
        put(out);
        out.clear();
    }
    put(out + "}\n");
}

}  // namespace

std::string traceToJson(const Trace& trace, bool weights) {
    std::string out;
    putTraceAsJson(trace, weights, [&](const std::string& piece) { out += piece; });
    return out;
}

Result<void> writeTraceJson(const std::filesystem::path& path, const Trace& trace, bool weights) {
    return writeFileBy(path, [&](const std::filesystem::path& temporary) -> Result<void> {
        std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
        putTraceAsJson(trace, weights, [&](const std::string& piece) {
            file.write(piece.data(), static_cast<std::streamsize>(piece.size()));
        });
        file.close();
        if (file.good()) return {};
        return fail(translatable("core", "%1: cannot be written: %2"), {path.string(), std::strerror(errno)});
    });
}

std::string toCsv(const LabelledMatrix& matrix) {
    std::string out = csvField(matrix.name);
    for (const std::string& column : matrix.columns) out += "," + csvField(column);
    out += '\n';
    for (Index row = 0; row < matrix.values.rows(); ++row) {
        out += csvField(matrix.rows[static_cast<std::size_t>(row)]);
        for (Index col = 0; col < matrix.values.cols(); ++col) {
            out += ',';
            appendDecimal(out, matrix.values(row, col));
        }
        out += '\n';
    }
    return out;
}

std::string toJson(const LabelledMatrix& matrix) {
    std::string out = "{\"name\":" + quoted(matrix.name) + ",\n\"rows\":";
    appendTexts(out, matrix.rows);
    out += ",\n\"columns\":";
    appendTexts(out, matrix.columns);
    out += ",\n\"values\":";
    appendMatrix(out, matrix.values);
    return out + "}\n";
}

std::string toNpy(const LabelledMatrix& matrix) {
    const std::array<std::int64_t, 2> shape{matrix.values.rows(), matrix.values.cols()};
    return npyFromFloats({matrix.values.data(), static_cast<std::size_t>(matrix.values.size())}, shape);
}

}  // namespace attn
