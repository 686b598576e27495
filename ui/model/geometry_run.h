#pragma once
/// The plane of a head's queries and keys: at once where it is quickly found, else worked out away from the
/// window, the newest question first.

#include "core/analysis/geometry.h"
#include "core/tensor/tensor.h"

#include <QObject>

#include <memory>
#include <optional>

namespace attn::ui {

class NewestWork;

class GeometryRun : public QObject {
    Q_OBJECT
public:
    using Plane = std::shared_ptr<const Geometry>;

    explicit GeometryRun(QObject* parent = nullptr);

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

    NewestWork* m_work;
    std::optional<Question> m_asked, m_known;
    Plane m_plane;  ///< of m_known
};

}  // namespace attn::ui
