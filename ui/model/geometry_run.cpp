#include "ui/model/geometry_run.h"

#include <algorithm>
#include <utility>

namespace attn::ui {

namespace {
/// About a millisecond.
constexpr double kQuickly = 2e6;
}  // namespace

GeometryRun::GeometryRun(QObject* parent) : QObject(parent) {}

GeometryRun::~GeometryRun() {
    m_thread.request_stop();
    if (m_thread.joinable()) m_thread.join();
}

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
    if (m_known == question) return m_plane;
    if (question.work() <= kQuickly) {
        m_asked.reset();
        m_plane = question.answer();
        m_known = std::move(question);
        return m_plane;
    }
    if (m_asked == question) return nullptr;
    m_asked = question;
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        m_next = std::move(question);
    }
    if (!m_thread.joinable()) m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
    m_wake.notify_one();
    return nullptr;
}

void GeometryRun::run(const std::stop_token& stop) {
    for (;;) {
        Question question;
        {
            std::unique_lock<std::mutex> lock(m_mutex);
            if (!m_wake.wait(lock, stop, [&] { return m_next.has_value(); })) return;
            question = *std::exchange(m_next, std::nullopt);
        }
        Plane plane = question.answer();
        if (stop.stop_requested()) return;
        QMetaObject::invokeMethod(
            this, [this, question, plane = std::move(plane)] { receive(question, plane); },
            Qt::QueuedConnection);
    }
}

void GeometryRun::receive(const Question& question, Plane plane) {
    if (m_asked != question) return;  // another one is wanted by now
    m_asked.reset();
    m_known = question;
    m_plane = std::move(plane);
    emit planeReady();
}

}  // namespace attn::ui
