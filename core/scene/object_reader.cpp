#include "core/scene/object_reader.h"

#include "core/scene/parameter.h"

#include <algorithm>

namespace attn::scene_file {
namespace {

using nlohmann::json;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

std::string realText(double value) {
    return formatValue(ParameterValue(value));
}

Result<double> readReal(const std::string& name, const json& value, double least, double most) {
    if (!value.is_number()) return wrongType(name, tr("a number"), value);
    const double number = value.get<double>();
    if (!(number >= least && number <= most)) {
        return fail(tr("%1: %2 is outside %3 … %4"),
                    {name, jsonExcerpt(value), realText(least), realText(most)});
    }
    return number;
}

Result<std::int64_t> readInteger(const std::string& name, const json& value, std::int64_t least,
                                 std::int64_t most) {
    if (!value.is_number_integer()) return wrongType(name, tr("a whole number"), value);
    // An unsigned number beyond int64 would turn negative.
    const bool huge =
        value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(most);
    if (huge || value.get<std::int64_t>() < least || value.get<std::int64_t>() > most) {
        return fail(tr("%1: %2 is outside %3 … %4"),
                    {name, jsonExcerpt(value), std::to_string(least), std::to_string(most)});
    }
    return value.get<std::int64_t>();
}

}  // namespace

std::optional<json> ObjectReader::take(const char* key) {
    const auto found = m_object.find(key);
    if (found == m_object.end()) return std::nullopt;
    json value = std::move(*found);
    m_object.erase(found);
    return value;
}

Result<ObjectReader> ObjectReader::section(const char* key) {
    std::optional<json> value = take(key);
    const std::string name = fullName(key);
    if (!value) return ObjectReader(json::object(), name + ".");
    if (!value->is_object()) return wrongType(name, tr("an object"), *value);
    return ObjectReader(std::move(*value), name + ".");
}

Result<void> ObjectReader::text(const char* key, std::string& out, std::size_t most) {
    const std::optional<json> value = take(key);
    if (!value) return {};
    if (!value->is_string()) return wrongType(fullName(key), tr("a text"), *value);
    const auto& string = value->get_ref<const std::string&>();
    if (string.size() > most) {
        return fail(tr("%1: %2 bytes are too many (at most %3)"),
                    {fullName(key), std::to_string(string.size()), std::to_string(most)});
    }
    out = string;
    return {};
}

Result<void> ObjectReader::optionalText(const char* key, std::optional<std::string>& out, std::size_t most) {
    const auto found = m_object.find(key);
    if (found == m_object.end()) return {};
    if (!found->is_null()) return text(key, out.emplace(), most);
    m_object.erase(found);
    return {};
}

Result<void> ObjectReader::toggle(const char* key, bool& out) {
    const std::optional<json> value = take(key);
    if (!value) return {};
    if (!value->is_boolean()) return wrongType(fullName(key), tr("true or false"), *value);
    out = value->get<bool>();
    return {};
}

Result<void> ObjectReader::integer(const char* key, std::int64_t& out, std::int64_t least,
                                   std::int64_t most) {
    const std::optional<json> value = take(key);
    if (!value) return {};
    const Result<std::int64_t> number = readInteger(fullName(key), *value, least, most);
    if (!number) return tl::unexpected(number.error());
    out = *number;
    return {};
}

Result<void> ObjectReader::real(const char* key, double& out, double least, double most) {
    const std::optional<json> value = take(key);
    if (!value) return {};
    const Result<double> number = readReal(fullName(key), *value, least, most);
    if (!number) return tl::unexpected(number.error());
    out = *number;
    return {};
}

Result<void> ObjectReader::reals(const char* key, std::vector<double>& out, std::size_t fewest,
                                 std::size_t most, double least, double largest) {
    const std::optional<json> value = take(key);
    if (!value) return {};
    if (!value->is_array()) return wrongType(fullName(key), tr("a list"), *value);
    if (value->size() < fewest || value->size() > most) {
        return fail(tr("%1: %2 numbers, expected %3 … %4"), {fullName(key), std::to_string(value->size()),
                                                             std::to_string(fewest), std::to_string(most)});
    }
    std::vector<double> numbers;
    numbers.reserve(value->size());
    for (std::size_t i = 0; i < value->size(); ++i) {
        const Result<double> number =
            readReal(fullName(key) + "[" + std::to_string(i) + "]", (*value)[i], least, largest);
        if (!number) return tl::unexpected(number.error());
        numbers.push_back(*number);
    }
    out = std::move(numbers);
    return {};
}

Result<void> ObjectReader::integers(const char* key, std::optional<std::vector<std::int64_t>>& out,
                                    std::size_t most, std::int64_t least, std::int64_t largest) {
    const std::optional<json> value = take(key);
    if (!value || value->is_null()) return {};
    if (!value->is_array()) return wrongType(fullName(key), tr("a list"), *value);
    if (value->size() > most) {
        return fail(tr("%1: %2 numbers, expected %3 … %4"),
                    {fullName(key), std::to_string(value->size()), "0", std::to_string(most)});
    }
    std::vector<std::int64_t> numbers;
    numbers.reserve(value->size());
    for (std::size_t i = 0; i < value->size(); ++i) {
        const Result<std::int64_t> number =
            readInteger(fullName(key) + "[" + std::to_string(i) + "]", (*value)[i], least, largest);
        if (!number) return tl::unexpected(number.error());
        numbers.push_back(*number);
    }
    out = std::move(numbers);
    return {};
}

Result<void> ObjectReader::texts(const char* key, std::vector<std::string>& out, std::size_t most,
                                 std::size_t mostBytes) {
    std::optional<json> value = take(key);
    if (!value) return {};
    if (!value->is_array()) return wrongType(fullName(key), tr("a list"), *value);
    if (value->size() > most) {
        return fail(tr("%1: %2 texts are too many (at most %3)"),
                    {fullName(key), std::to_string(value->size()), std::to_string(most)});
    }
    std::vector<std::string> found(value->size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        const std::string place = std::string(key) + "[" + std::to_string(i) + "]";
        ObjectReader single(json{{place, std::move((*value)[i])}}, m_prefix);
        if (Result<void> read = single.text(place.c_str(), found[i], mostBytes); !read) return read;
    }
    out = std::move(found);
    return {};
}

Result<void> ObjectReader::choice(const char* key, std::size_t& out, const std::vector<std::string>& names) {
    std::string name;
    if (!m_object.contains(key)) return {};
    if (Result<void> read = text(key, name); !read) return read;
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
        std::string all;
        for (const std::string& each : names) all += (all.empty() ? "" : ", ") + each;
        return fail(tr("%1: '%2' is none of %3"), {fullName(key), name, all});
    }
    out = static_cast<std::size_t>(found - names.begin());
    return {};
}

json ObjectReader::rest(std::vector<std::string>& names) {
    for (const auto& item : m_object.items()) names.push_back(fullName(item.key()));
    return std::move(m_object);
}

}  // namespace attn::scene_file
