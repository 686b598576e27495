#pragma once
/// Stages with memory: what a stage made last time is handed on while its key stays the same.

#include "core/tensor/tensor.h"

#include <any>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace attn {

/// What a stage depends on: numbers and texts of its slice of the scene, and the outputs it reads, as owning
/// pointers (an address alone could be that of a new object in an old place).
class StageKey {
public:
    template <typename... Parts>
    explicit StageKey(const Parts&... parts) : m_parts{Part(convert(parts))...} {}

    bool operator==(const StageKey&) const = default;

private:
    using Part = std::variant<std::int64_t, double, std::string, std::shared_ptr<const void>>;

    static std::int64_t convert(std::int64_t value) { return value; }
    static std::int64_t convert(std::uint32_t value) { return value; }
    static std::int64_t convert(std::size_t value) { return static_cast<std::int64_t>(value); }
    static std::int64_t convert(bool value) { return value ? 1 : 0; }
    static double convert(double value) { return value; }
    static std::string convert(const std::string& value) { return value; }
    template <typename T>
    static std::shared_ptr<const void> convert(const std::shared_ptr<T>& value) {
        return value;
    }
    template <typename Enum, std::enable_if_t<std::is_enum_v<Enum>, int> = 0>
    static std::int64_t convert(Enum value) {
        return static_cast<std::int64_t>(value);
    }

    std::vector<Part> m_parts;
};

/// Keys and outputs of all stages of one evaluation: what the next one starts from.
class StageMemory {
public:
    struct Record {
        StageKey key;
        std::any output;  ///< std::shared_ptr<const T>
    };
    std::map<std::string, Record, std::less<>> records;
};

/// Thrown where a stop was requested and caught by Pipeline::evaluate alone.
struct EvaluationStopped {};

inline void throwIfStopped(const std::stop_token& stop) {
    if (stop.stop_requested()) throw EvaluationStopped{};
}

/// Calls each(head, begin, count) for blocks of a head's queries, from several threads: blocks that are small
/// enough for the processor's cache, where one query needs `rowBytes` in all, and large enough for a product.
/// Throws EvaluationStopped.
void forHeadBlocks(Index heads, Index queries, std::size_t rowBytes, const std::stop_token& stop,
                   const std::function<void(Index head, Index begin, Index count)>& each);

/// One run through the stages of a scene.
class Evaluation {
public:
    Evaluation(std::shared_ptr<const StageMemory> previous, std::stop_token stop)
        : m_previous(std::move(previous)),
          m_stop(std::move(stop)),
          m_memory(std::make_shared<StageMemory>()) {}

    /// The output of stage `id`: the previous one where the key is the same, else what `make` returns (a T,
    /// or a shared_ptr<const T> where a T cannot be moved).
    template <typename T, typename Make>
    std::shared_ptr<const T> stage(const std::string& id, StageKey key, Make make) {
        if (auto kept = recall<T>(id, key)) return kept;
        checkStop();
        if constexpr (std::is_same_v<std::invoke_result_t<Make>, T>) {
            return remember<T>(id, std::move(key), std::make_shared<const T>(make()));
        } else {
            return remember<T>(id, std::move(key), std::shared_ptr<const T>(make()));
        }
    }

    /// The same for outputs that often come out equal though their inputs changed (a space typed at the end
    /// of a text): an equal output is replaced by the previous object, and what depends on it does not run.
    template <typename T, typename Make>
    std::shared_ptr<const T> comparedStage(const std::string& id, StageKey key, Make make) {
        if (auto kept = recall<T>(id, key)) return kept;
        checkStop();
        auto made = std::make_shared<const T>(make());
        if (const auto previous = previousOutput<T>(id); previous && *previous == *made) made = previous;
        return remember<T>(id, std::move(key), std::move(made));
    }

    void checkStop() const { throwIfStopped(m_stop); }
    [[nodiscard]] const std::stop_token& stopToken() const { return m_stop; }
    [[nodiscard]] const std::vector<std::string>& ran() const { return m_ran; }
    [[nodiscard]] std::shared_ptr<const StageMemory> memory() const { return m_memory; }

private:
    friend class HeadwiseStages;

    template <typename T>
    std::shared_ptr<const T> previousOutput(const std::string& id) const {
        if (!m_previous) return nullptr;
        const auto found = m_previous->records.find(id);
        if (found == m_previous->records.end()) return nullptr;
        const auto* output = std::any_cast<std::shared_ptr<const T>>(&found->second.output);
        return output == nullptr ? nullptr : *output;
    }

    template <typename T>
    std::shared_ptr<const T> recall(const std::string& id, const StageKey& key) {
        if (!m_previous) return nullptr;
        const auto found = m_previous->records.find(id);
        if (found == m_previous->records.end() || !(found->second.key == key)) return nullptr;
        m_memory->records.insert(*found);
        return std::any_cast<std::shared_ptr<const T>>(found->second.output);
    }

    template <typename T>
    std::shared_ptr<const T> remember(const std::string& id, StageKey key, std::shared_ptr<const T> output) {
        if (id.find('/') == std::string::npos)
            m_ran.push_back(id);  // "site/name" are entries, not computations
        m_memory->records.insert_or_assign(id, StageMemory::Record{std::move(key), output});
        return output;
    }

    std::shared_ptr<const StageMemory> m_previous;
    std::stop_token m_stop;
    std::shared_ptr<StageMemory> m_memory;
    std::vector<std::string> m_ran;
};

/// Stages that work head by head and query by query (scores, pattern, z). Those that have to run are run
/// together, one block of a head's queries after another: a block's scores are still in the processor's cache
/// when its softmax and its weighted sum want them.
class HeadwiseStages {
public:
    /// Fills rows [begin, begin + count) of one head of the stage's own tensor.
    using Fill = std::function<void(Index head, Index begin, Index count, Tensor& out)>;

    HeadwiseStages(Evaluation& evaluation, Index heads, Index queries)
        : m_evaluation(evaluation), m_heads(heads), m_queries(queries) {}

    /// The stage's output, whose numbers are there after run(). Stages run in the order in which they were
    /// added.
    TensorPtr add(const std::string& id, StageKey key, const std::function<Tensor()>& allocate, Fill fill);

    /// Runs what has to run. `rowBytes`: bytes that one query needs in all the stages together.
    void run(std::size_t rowBytes);

private:
    struct Pending {
        std::shared_ptr<Tensor> tensor;
        Fill fill;
    };
    Evaluation& m_evaluation;
    Index m_heads, m_queries;
    std::vector<Pending> m_pending;
};

}  // namespace attn
