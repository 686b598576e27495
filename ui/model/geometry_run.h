#pragma once
/// The plane of a head's queries and keys: at once where it is quickly found, else by a thread of its own,
/// the newest question first.

#include "core/analysis/geometry.h"
#include "core/tensor/tensor.h"

#include <QObject>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace attn::ui {

class GeometryRun : public QObject {
    Q_OBJECT
public:
    using Plane = std::shared_ptr<const Geometry>;

    explicit GeometryRun(QObject* parent = nullptr);
    ~GeometryRun() override;

    /// The plane of one matrix of q and one of k: at once, or null and planeReady later. A question that is
    /// asked again costs nothing.
    Plane request(const TensorPtr& q, Index queryMatrix, const TensorPtr& k, Index keyMatrix);

signals:
    void planeReady();  ///< ask again

private:
    struct Question {
        TensorPtr q, k;
        Index queryMatrix = 0, keyMatrix = 0;
        bool operator==(const Question&) const = default;
        [[nodiscard]] Plane answer() const;
        [[nodiscard]] double work() const;  ///< about so many multiplications
    };
    void run(const std::stop_token& stop);
    void receive(const Question& question, Plane plane);

    // The window's side.
    std::optional<Question> m_asked, m_known;
    Plane m_plane;

    // Between both.
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::optional<Question> m_next;
    std::jthread m_thread;  ///< last, and not before the first question that takes long
};

}  // namespace attn::ui
