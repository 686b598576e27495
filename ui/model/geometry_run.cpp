#include "ui/model/geometry_run.h"

#include "ui/model/newest_work.h"

#include <algorithm>
#include <utility>

namespace attn::ui {

namespace {
/// About a millisecond.
constexpr double kQuickly = 2e6;
}  // namespace

GeometryRun::GeometryRun(QObject* parent) : QObject(parent), m_work(new NewestWork(this)) {}

GeometryRun::Plane GeometryRun::Question::answer() const {
    return std::make_shared<const Geometry>(geometryOf(q->matrix(queryMatrix), k->matrix(keyMatrix)));
}

double GeometryRun::Question::work() const {
    const auto n = static_cast<double>(q->rows() + k->rows()), d = static_cast<double>(q->cols());
    const double side = std::min(n, d);
    return q->cols() <= 2 ? 0 : n * d * side + 10 * side * side * side;
}

GeometryRun::Plane GeometryRun::request(const TensorPtr& q, Index queryMatrix, const TensorPtr& k,
                                        Index keyMatrix) {
    Question question{q, k, queryMatrix, keyMatrix};
    if (m_known == question) {
        m_work->cancel();
        m_asked.reset();
        return m_plane;
    }
    if (question.work() <= kQuickly) {
        m_work->cancel();
        m_asked.reset();
        m_plane = question.answer();
        m_known = std::move(question);
        return m_plane;
    }
    if (m_asked == question) return nullptr;
    m_asked = question;
    m_work->ask([this, question](const std::stop_token&) -> NewestWork::Show {
        return [this, question, plane = question.answer()] {
            m_asked.reset();
            m_known = question;
            m_plane = plane;
            emit planeReady();
        };
    });
    return nullptr;
}

}  // namespace attn::ui
