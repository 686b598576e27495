#pragma once
/// What a picture of queries and keys in a plane shows: the same for the window and for a figure.

#include "core/analysis/geometry.h"
#include "ui/plot/heat_map_data.h"

#include <QString>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace attn::ui {

/// What colours say; the shape always says the role: queries are round, keys are square.
enum class GeometryColor : std::uint8_t { Role, Position, Length };
inline constexpr std::array<const char*, 3> kGeometryColors{"role", "position", "length"};

struct GeometryData {
    std::shared_ptr<const Geometry> plane;
    Labels queries, keys;
    GeometryColor color = GeometryColor::Role;
    Index query = -1, key = -1;                    ///< the pair that is looked at; −1: none
    std::vector<float> weights;                    ///< of every key for that query: lines; empty: none
    std::optional<PairGeometry> pair;              ///< lengths and angle of the pair
    std::vector<Index> editedQueries, editedKeys;  ///< vectors with numbers that were set by hand, ascending
    QString title, xTitle, yTitle;

    [[nodiscard]] bool isEmpty() const { return !plane || (plane->queries.empty() && plane->keys.empty()); }
    /// Arrows from 0 instead of points: where the plane is exact and they can be told apart.
    [[nodiscard]] bool arrows() const;
    /// The same points with the same names and colours: what is selected may differ.
    [[nodiscard]] bool samePoints(const GeometryData& other) const;
};

/// One of the points.
struct GeometryPoint {
    Role role = Role::None;  ///< Query or Key; None: no point
    Index index = -1;

    [[nodiscard]] bool isValid() const { return role != Role::None && index >= 0; }
    bool operator==(const GeometryPoint&) const = default;
};

}  // namespace attn::ui
