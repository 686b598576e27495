#pragma once
/// Marks of numbers that were set by hand, in the pictures of a tensor's heads.

#include "core/trace/trace.h"
#include "ui/plot/heat_map.h"

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace attn::ui {

using CellFlags = std::shared_ptr<const std::vector<std::uint8_t>>;

/// Where a head of a tensor has numbers that were set by hand, as its tokens are shown; hidden ones are left
/// out, and what lies outside rows × columns (numbers of the moment before).
[[nodiscard]] std::vector<MatrixCell> editedCells(const Trace& trace, const TensorKey& key, Index head,
                                                  Index rows, Index columns);
/// `base` (null: no flags) with these cells marked: what was set is seen, whatever the mask says.
[[nodiscard]] CellFlags withEditedCells(const CellFlags& base, const std::vector<MatrixCell>& cells,
                                        Index rows, Index columns);
/// The flags of the heads that have such numbers; the others have `base`.
[[nodiscard]] std::map<Index, CellFlags> flagsOfEditedHeads(const CellFlags& base, const Trace& trace,
                                                            const TensorKey& key, Index rows, Index columns);

}  // namespace attn::ui
