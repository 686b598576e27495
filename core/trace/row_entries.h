#pragma once
/// A tensor that is too large to be made for one of its rows: each row is a tensor by itself, made when
/// somebody asks. The logits of a text of 1,024 tokens are 200 MB, those of one token 200 kB.

#include "core/trace/trace.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace attn {

class RowEntries {
public:
    using Recipe = std::function<Tensor(Index row)>;  ///< 1 × columns

    RowEntries(Index rows, Index columns, Recipe recipe, std::shared_ptr<DerivedCache> cache)
        : m_rows(rows), m_columns(columns), m_recipe(std::move(recipe)), m_cache(std::move(cache)) {}

    [[nodiscard]] Index rows() const { return m_rows; }
    [[nodiscard]] Index columns() const { return m_columns; }
    /// The same entry as long as somebody holds it. `row` must be there: asserted. Thread-safe.
    [[nodiscard]] EntryPtr row(Index row) const;

private:
    Index m_rows, m_columns;
    Recipe m_recipe;
    std::shared_ptr<DerivedCache> m_cache;
    mutable std::mutex m_mutex;
    mutable std::map<Index, std::weak_ptr<const TensorEntry>> m_entries;
};

}  // namespace attn
