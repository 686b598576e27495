#include "core/scene/parameter.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>

namespace attn {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

using std::string;

string numberText(double value) {
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    return {buffer, end};
}

tl::unexpected<Error> outOfRange(const ParameterSpec& spec, const string& text) {
    return fail(tr("%1: %2 is outside %3 … %4"),
                {spec.key, text, numberText(spec.minimum), numberText(spec.maximum)});
}

string choiceList(const ParameterSpec& spec) {
    string list;
    for (const ParameterChoice& choice : spec.choices) {
        if (!list.empty()) list += ", ";
        list += choice.value;
    }
    if (spec.kind == ParameterKind::ChoiceOrReal) list += tr(" or a number");
    return list;
}

bool isChoice(const ParameterSpec& spec, std::string_view text) {
    return std::any_of(spec.choices.begin(), spec.choices.end(),
                       [&](const ParameterChoice& choice) { return text == choice.value; });
}

template <typename T>
bool parseNumber(std::string_view text, T& value) {
    if (!text.empty() && text.front() == '+') text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

Result<ParameterValue> parseValue(const ParameterSpec& spec, std::string_view text) {
    switch (spec.kind) {
        case ParameterKind::Toggle:
            if (text == "true") return ParameterValue(true);
            if (text == "false") return ParameterValue(false);
            return fail(tr("%1: '%2' is neither true nor false"), {spec.key, string(text)});
        case ParameterKind::Integer: {
            std::int64_t integer = 0;
            if (parseNumber(text, integer)) return checkValue(spec, integer);
            double real = 0;
            if (parseNumber(text, real) && std::isfinite(real)) {
                if (real != std::floor(real))
                    return fail(tr("%1: %2 is no whole number"), {spec.key, string(text)});
                if (std::abs(real) < 1e15) return checkValue(spec, static_cast<std::int64_t>(real));
                return outOfRange(spec, string(text));
            }
            return fail(tr("%1: '%2' is no whole number"), {spec.key, string(text)});
        }
        case ParameterKind::Real: {
            double real = 0;
            if (!parseNumber(text, real)) return fail(tr("%1: '%2' is no number"), {spec.key, string(text)});
            return checkValue(spec, real);
        }
        case ParameterKind::Choice:
            return checkValue(spec, string(text));
        case ParameterKind::ChoiceOrReal: {
            double real = 0;
            if (parseNumber(text, real)) return checkValue(spec, real);
            return checkValue(spec, string(text));
        }
    }
    return fail("");
}

Result<ParameterValue> checkValue(const ParameterSpec& spec, const ParameterValue& value) {
    const auto wrongType = [&](const char* expected) {
        return fail(tr("%1: expected %2, got %3"), {spec.key, expected, formatValue(value)});
    };
    const auto checkReal = [&](double real) -> Result<ParameterValue> {
        // NaN fails both comparisons.
        if (!(real >= spec.minimum && real <= spec.maximum)) return outOfRange(spec, numberText(real));
        return ParameterValue(real);
    };
    switch (spec.kind) {
        case ParameterKind::Toggle:
            if (std::holds_alternative<bool>(value)) return value;
            return wrongType(tr("true or false"));
        case ParameterKind::Integer:
            if (const auto* integer = std::get_if<std::int64_t>(&value)) {
                const auto real = static_cast<double>(*integer);
                if (real < spec.minimum || real > spec.maximum)
                    return outOfRange(spec, std::to_string(*integer));
                return value;
            }
            if (const auto* real = std::get_if<double>(&value)) {
                if (std::isfinite(*real) && *real == std::floor(*real) && std::abs(*real) < 1e15) {
                    return checkValue(spec, static_cast<std::int64_t>(*real));
                }
            }
            return wrongType(tr("a whole number"));
        case ParameterKind::Real:
            if (const auto* integer = std::get_if<std::int64_t>(&value))
                return checkReal(static_cast<double>(*integer));
            if (const auto* real = std::get_if<double>(&value)) return checkReal(*real);
            return wrongType(tr("a number"));
        case ParameterKind::ChoiceOrReal:
            if (const auto* integer = std::get_if<std::int64_t>(&value))
                return checkReal(static_cast<double>(*integer));
            if (const auto* real = std::get_if<double>(&value)) return checkReal(*real);
            [[fallthrough]];
        case ParameterKind::Choice:
            if (const auto* choice = std::get_if<string>(&value)) {
                if (isChoice(spec, *choice)) return value;
                return fail(tr("%1: '%2' is none of %3"), {spec.key, *choice, choiceList(spec)});
            }
            return wrongType(choiceList(spec).c_str());
    }
    return fail("");
}

std::string formatValue(const ParameterValue& value) {
    if (const bool* toggle = std::get_if<bool>(&value)) return *toggle ? "true" : "false";
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
    if (const auto* real = std::get_if<double>(&value)) return numberText(*real);
    return std::get<string>(value);
}

Parameters::Parameters() {
    for (const ParameterSpec& each : parameterTable())
        m_values[static_cast<std::size_t>(each.id)] = each.defaultValue;
}

const ParameterValue& Parameters::get(ParameterId id, std::string_view site) const {
    if (!m_ofSites.empty() && !site.empty()) {
        const auto found = m_ofSites.find({string(site), id});
        if (found != m_ofSites.end()) return found->second;
    }
    return get(id);
}

bool Parameters::hasOwn(ParameterId id, std::string_view site) const {
    return m_ofSites.count({string(site), id}) > 0;
}

void Parameters::set(ParameterId id, ParameterValue value) {
    assert(checkValue(spec(id), value));
    m_values[static_cast<std::size_t>(id)] = std::move(value);
    m_choosesMask = m_choosesMask || id == ParameterId::Mask;
}

void Parameters::leaveMaskToModel() {
    m_values[static_cast<std::size_t>(ParameterId::Mask)] = spec(ParameterId::Mask).defaultValue;
    m_choosesMask = false;
}

void Parameters::set(ParameterId id, std::string site, ParameterValue value) {
    assert(spec(id).scope == ParameterScope::Site && checkValue(spec(id), value));
    m_ofSites[{std::move(site), id}] = std::move(value);
}

void Parameters::reset(ParameterId id, std::string_view site) {
    m_ofSites.erase({string(site), id});
}

void Parameters::resetSites(ParameterId id) {
    std::erase_if(m_ofSites, [&](const auto& each) { return each.first.second == id; });
}

std::size_t Parameters::ownCount(ParameterId id) const {
    return static_cast<std::size_t>(std::count_if(m_ofSites.begin(), m_ofSites.end(),
                                                  [&](const auto& each) { return each.first.second == id; }));
}

Result<void> Parameters::setFromText(std::string_view key, std::string_view text) {
    const std::size_t dot = key.rfind('.');
    const std::string_view name = dot == std::string_view::npos ? key : key.substr(dot + 1);
    const ParameterSpec* found = findSpec(name);
    if (found == nullptr) return fail(tr("unknown parameter '%1'"), {string(key)});
    if (dot != std::string_view::npos && (found->scope != ParameterScope::Site || dot == 0)) {
        return fail(tr("parameter '%1' cannot be set for one site"), {string(key)});
    }
    Result<ParameterValue> value = parseValue(*found, text);
    if (!value) return tl::unexpected(value.error());
    if (dot == std::string_view::npos) {
        set(found->id, *std::move(value));
    } else {
        set(found->id, string(key.substr(0, dot)), *std::move(value));
    }
    return {};
}

}  // namespace attn
