#include "app/numbers.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <string_view>

namespace attn::app {
namespace {

template <typename T>
std::errc parse(std::string_view text, T& value) {
    if (text.size() > 1 && text.front() == '+' && text[1] != '-') text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end != text.data() + text.size() ? std::errc::invalid_argument : error;
}

/// Reads each of the texts between commas.
template <typename T, typename Read>
Result<std::vector<T>> parseList(const char* option, const std::string& text, std::size_t most, Read read) {
    constexpr const char* kBlank = " \t";
    if (text.find_first_not_of(kBlank) == std::string::npos) {
        return fail(translatable("core", "%1: the list is empty"), {option});
    }
    std::vector<T> values;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        if (values.size() == most) {
            return fail(translatable("core", "%1: more than %2 numbers"), {option, std::to_string(most)});
        }
        std::string item = text.substr(begin, end - begin);
        const std::size_t first = item.find_first_not_of(kBlank);
        if (first == std::string::npos) {
            return fail(translatable("core", "%1: number %2 is missing"),
                        {option, std::to_string(values.size() + 1)});
        }
        item = item.substr(first, item.find_last_not_of(kBlank) + 1 - first);
        const Result<T> value = read(item);
        if (!value) return tl::unexpected(value.error());
        values.push_back(*value);
        begin = end + 1;
    }
    return values;
}

}  // namespace

Result<double> parseReal(const char* option, const std::string& text) {
    double value = 0;
    if (parse(text, value) != std::errc() || !std::isfinite(value)) {
        return fail(translatable("core", "%1: '%2' is no finite number"), {option, text});
    }
    return value;
}

Result<std::int64_t> parseInteger(const char* option, const std::string& text, std::int64_t least,
                                  std::int64_t most) {
    std::int64_t value = 0;
    const std::errc error = parse(text, value);
    if (error == std::errc::invalid_argument) {
        return fail(translatable("core", "%1: '%2' is no whole number"), {option, text});
    }
    if (error != std::errc() || value < least || value > most) {
        return fail(translatable("core", "%1: %2 is outside %3 … %4"),
                    {option, text, std::to_string(least), std::to_string(most)});
    }
    return value;
}

Result<std::vector<double>> parseReals(const char* option, const std::string& text, std::size_t most) {
    return parseList<double>(option, text, most,
                             [&](const std::string& item) { return parseReal(option, item); });
}

Result<std::vector<std::int64_t>> parseIntegers(const char* option, const std::string& text,
                                                std::int64_t least, std::int64_t largest, std::size_t most) {
    return parseList<std::int64_t>(option, text, most, [&](const std::string& item) {
        return parseInteger(option, item, least, largest);
    });
}

std::string lowerCaseEnding(const std::string& path) {
    std::string ending = std::filesystem::path(path).extension().string();
    for (char& c : ending) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return ending;
}

}  // namespace attn::app
