#include "core/analysis/links_file.h"

#include "core/io/trace_file.h"

#include <nlohmann/json.hpp>

namespace attn {
namespace {

const std::string& textOf(const std::vector<std::string>& tokens, Index index) {
    return tokens.at(static_cast<std::size_t>(index));
}

}  // namespace

std::string linksToCsv(const Links& links, const std::vector<std::string>& queries,
                       const std::vector<std::string>& keys) {
    std::string out = "head,query,key,query_token,key_token,weight\n";
    for (const Link& link : links.strongest) {
        out += (link.head < 0 ? std::string() : std::to_string(link.head)) + "," +
               std::to_string(link.query) + "," + std::to_string(link.key) + "," +
               csvField(textOf(queries, link.query)) + "," + csvField(textOf(keys, link.key)) + "," +
               shortestDecimal(link.weight) + "\n";
    }
    return out;
}

std::string linksToJson(const std::string& site, const std::string& weights, const Links& links,
                        const std::vector<std::string>& queries, const std::vector<std::string>& keys) {
    using nlohmann::ordered_json;
    ordered_json list = ordered_json::array();
    for (const Link& link : links.strongest) {
        ordered_json entry = ordered_json::object();
        if (link.head >= 0) entry["head"] = link.head;
        entry.update(ordered_json{{"query", link.query},
                                  {"key", link.key},
                                  {"query_token", textOf(queries, link.query)},
                                  {"key_token", textOf(keys, link.key)},
                                  {"weight", link.weight}});
        list.push_back(std::move(entry));
    }
    const ordered_json document = {{"site", site},
                                   {"weights", weights},
                                   {"links", list},
                                   {"hidden", links.hidden},
                                   {"hidden_share", links.hiddenShare}};
    return document.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace attn
