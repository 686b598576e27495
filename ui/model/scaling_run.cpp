#include "ui/model/scaling_run.h"

#include <chrono>
#include <utility>

namespace attn::ui {

namespace {

using std::chrono::steady_clock;

constexpr int kFrameMillis = 16;
/// A first picture may gather more samples so long: over draws that are kept, a slider's drag then shows
/// nearly all of them.
constexpr std::chrono::milliseconds kFirst{8};
constexpr std::chrono::milliseconds kLater{40};

}  // namespace

ScalingRun::ScalingRun(QObject* parent) : QObject(parent) {
    m_frame.setSingleShot(true);
    m_frame.setTimerType(Qt::PreciseTimer);
    connect(&m_frame, &QTimer::timeout, this, &ScalingRun::deliver);
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

ScalingRun::~ScalingRun() {
    m_thread.request_stop();
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        m_running.request_stop();
    }
    m_thread.join();
}

Result<void> ScalingRun::request(const Settings& settings) {
    if (Result<void> good = experiment::checkStudy(settings); !good) return good;
    if (m_serial > 0 && settings == m_request.settings) return {};
    m_request.settings = settings;
    m_stopped = false;
    send();
    return {};
}

void ScalingRun::setSentence(const TracePtr& trace, const std::string& site) {
    if (trace == m_request.trace && site == m_request.site) return;
    m_request.trace = trace;
    m_request.site = site;
    if (m_serial > 0) send();
}

void ScalingRun::stop() {
    if (m_stopped || m_serial == 0) return;
    m_stopped = true;
    send();
}

void ScalingRun::resume() {
    if (!m_stopped) return;
    m_stopped = false;
    send();
}

void ScalingRun::setPaused(bool paused) {
    if (paused == m_paused) return;
    m_paused = paused;
    if (m_serial > 0) send();
}

void ScalingRun::send() {
    const bool rested = isResting();
    m_request.stopped = m_stopped || m_paused;
    m_request.serial = ++m_serial;
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        m_next = m_request;
        m_running.request_stop();
    }
    m_wake.notify_one();
    if (rested) emit restingChanged();
}

void ScalingRun::run(const std::stop_token& stop) {
    experiment::ScalingStudy study;
    while (!stop.stop_requested()) {
        Request request;
        std::stop_token running;
        {
            std::unique_lock<std::mutex> lock(m_mutex);
            if (!m_wake.wait(lock, stop, [&] { return m_next.has_value(); })) return;
            request = *std::exchange(m_next, std::nullopt);
            m_running = std::stop_source();
            running = m_running.get_token();
        }
        if (stop.stop_requested()) return;  // the destructor may have come before m_running was new
        static_cast<void>(study.configure(request.settings));  // request() has checked them
        study.setSentence(request.trace, request.site);
        work(study, request, running, stop);
    }
}

void ScalingRun::work(experiment::ScalingStudy& study, const Request& request, const std::stop_token& running,
                      const std::stop_token& stop) {
    auto last = steady_clock::now();
    bool first = true;
    for (;;) {
        const bool patient = study.inFirstPass();
        if (!patient && request.stopped) return publish(study, request, true);
        const bool more = study.step(patient ? stop : running);
        if (stop.stop_requested()) return;
        if (!more) return publish(study, request, true);
        if (study.inFirstPass()) continue;
        const bool superseded = running.stop_requested();
        const auto now = steady_clock::now();
        if (superseded ? first : now - last >= (first ? kFirst : kLater)) {
            publish(study, request, false);
            last = now;
            first = false;
        }
        if (superseded) return;
    }
}

void ScalingRun::publish(const experiment::ScalingStudy& study, const Request& request, bool resting) {
    Delivery delivery{std::make_shared<const experiment::StudyPicture>(study.picture()), request.serial,
                      study.samples(), resting};
    const std::lock_guard<std::mutex> lock(m_mutex);
    const bool posted = m_delivery.has_value();
    m_delivery = std::move(delivery);
    // One event at a time: what comes while it waits takes its place.
    if (!posted) QMetaObject::invokeMethod(this, &ScalingRun::arrived, Qt::QueuedConnection);
}

void ScalingRun::arrived() {
    const qint64 since = m_sinceDelivery.isValid() ? m_sinceDelivery.elapsed() : kFrameMillis;
    if (since >= kFrameMillis) {
        deliver();
    } else {
        m_frame.start(static_cast<int>(kFrameMillis - since));
    }
}

void ScalingRun::deliver() {
    std::optional<Delivery> delivery;
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        delivery = std::exchange(m_delivery, std::nullopt);
    }
    if (!delivery) return;
    const bool rested = isResting();
    m_sinceDelivery.start();
    m_picture = std::move(delivery->picture);
    m_delivered = delivery->serial;
    m_samples = delivery->samples;
    m_resting = delivery->resting;
    emit pictureChanged();
    if (isResting() != rested) emit restingChanged();
}

}  // namespace attn::ui
