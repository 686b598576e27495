#pragma once
/// Queries and keys in their plane as tables.

#include "core/analysis/geometry.h"

#include <string>
#include <vector>

namespace attn {

struct GeometryLabels {
    std::string site;
    Index head = 0;
    std::vector<std::string> queryTokens, keyTokens;
    std::vector<Index> queries = {},
                       keys = {};  ///< their numbers in the text; empty: 0, 1, 2 … (none is hidden)
};

/// "role,index,token,x,y,length": the queries, then the keys.
[[nodiscard]] std::string geometryToCsv(const Geometry& geometry, const GeometryLabels& labels);
/// {"site", "head", "d_k", "exact", "explained": [x, y], "zero": [x, y], "mean", "axes", "queries":
/// [{"index", "token", "x", "y", "length"}…], "keys": […]}. Ends with a line break.
[[nodiscard]] std::string geometryToJson(const Geometry& geometry, const GeometryLabels& labels);

}  // namespace attn
