#include "core/scene/parameter_reference.h"

#include "core/scene/parameter.h"

namespace attn {
namespace {

std::string code(const std::string& text) {
    return "`" + text + "`";
}

std::string valuesOf(const ParameterSpec& spec) {
    std::string values;
    for (const ParameterChoice& choice : spec.choices) {
        if (!values.empty()) values += ", ";
        values += code(choice.value);
    }
    if (spec.kind == ParameterKind::Toggle) return "`true`, `false`";
    if (spec.kind == ParameterKind::ChoiceOrReal) return values + " or a number";
    if (!values.empty()) return values;
    const std::string range = formatValue(spec.minimum) + " … " + formatValue(spec.maximum);
    return spec.kind == ParameterKind::Integer ? "whole numbers " + range : range;
}

}  // namespace

std::string parameterReference() {
    std::string out = "| key | values | default | what it does |\n| --- | --- | --- | --- |\n";
    for (const ParameterSpec& each : parameterTable()) {
        const std::string site = each.scope == ParameterScope::Site ? " *site*" : "";
        out += "| " + code(each.key) + site + " | " + valuesOf(each) + " | " +
               code(formatValue(each.defaultValue)) + " | " + each.tip + " |\n";
    }
    return out;
}

}  // namespace attn
