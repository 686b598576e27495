#include "core/model/config_reader.h"

#include <cmath>

namespace attn {
namespace {

using nlohmann::json;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

}  // namespace

const json* ConfigReader::find(std::initializer_list<const char*> names) const {
    for (const char* name : names) {
        const auto found = m_config.find(name);
        if (found != m_config.end() && !found->is_null()) return &*found;
    }
    return nullptr;
}

bool ConfigReader::isNull(const char* name) const {
    const auto found = m_config.find(name);
    return found != m_config.end() && found->is_null();
}

void ConfigReader::fail(const char* text, std::vector<std::string> arguments) {
    if (!m_error) m_error = Error{text, std::move(arguments)};
}

std::int64_t ConfigReader::size(std::initializer_list<const char*> names, std::int64_t most) {
    const std::int64_t value = size(names, most, 0);
    if (value == 0) fail(tr("%1 is missing"), {*names.begin()});
    return value;
}

std::int64_t ConfigReader::size(std::initializer_list<const char*> names, std::int64_t most,
                                std::int64_t absent) {
    const json* const value = find(names);
    if (value == nullptr) return absent;
    const bool fits = value->is_number_unsigned() && value->get<std::uint64_t>() >= 1 &&
                      value->get<std::uint64_t>() <= static_cast<std::uint64_t>(most);
    if (!fits) {
        fail(tr("%1: %2 is no whole number from 1 to %3"),
             {*names.begin(), jsonExcerpt(*value), std::to_string(most)});
        return 1;
    }
    return value->get<std::int64_t>();
}

std::int64_t ConfigReader::count(const char* name, std::int64_t most, std::int64_t absent) {
    const json* const value = find({name});
    if (value == nullptr) return absent;
    if (value->is_number_unsigned() && value->get<std::uint64_t>() == 0) return 0;
    return size({name}, most, absent);
}

double ConfigReader::positive(std::initializer_list<const char*> names, double absent) {
    const json* const value = find(names);
    if (value == nullptr) return absent;
    const double number = value->is_number() ? value->get<double>() : 0;
    if (!(number > 0 && number <= 1e18)) {
        fail(tr("%1: %2 is no number above 0"), {*names.begin(), jsonExcerpt(*value)});
        return absent;
    }
    return number;
}

bool ConfigReader::flag(const char* name, bool absent) {
    const json* const value = find({name});
    if (value == nullptr) return absent;
    if (!value->is_boolean()) {
        fail(tr("%1: %2 is neither true nor false"), {name, jsonExcerpt(*value)});
        return absent;
    }
    return value->get<bool>();
}

std::string ConfigReader::text(std::initializer_list<const char*> names, const char* absent) {
    const json* const value = find(names);
    if (value == nullptr) return absent;
    if (!value->is_string()) {
        fail(tr("%1: %2 is no text"), {*names.begin(), jsonExcerpt(*value)});
        return absent;
    }
    return value->get<std::string>();
}

}  // namespace attn
