#pragma once
/// The thread of the √d_k workspace: random numbers and products away from the window, newest question first.

#include "core/experiment/scaling_study.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace attn::ui {

/// Refines a ScalingStudy and brings its pictures to the window, at most one for each frame, beginning with
/// one from few samples within a frame. A new question cancels what is under way at once, but for that first
/// picture: a slider that is dragged faster than pictures come is followed all the same.
class ScalingRun : public QObject {
    Q_OBJECT
public:
    using Settings = experiment::StudySettings;
    using PicturePtr = std::shared_ptr<const experiment::StudyPicture>;

    explicit ScalingRun(QObject* parent = nullptr);
    ~ScalingRun() override;  ///< cancels and joins

    /// Asks; what the last question left alone goes on from where it is. Settings that are out of range
    /// change nothing and give the reason. Asking what is asked already does nothing.
    [[nodiscard]] Result<void> request(const Settings& settings);
    /// The trace whose q and k are measured beside; null: none.
    void setSentence(const TracePtr& trace, const std::string& site);

    /// Rests at the samples there are, until resume() or another question.
    void stop();
    void resume();
    [[nodiscard]] bool isStopped() const { return m_stopped; }
    /// While nobody looks: no work beyond a first picture. Whether stop() was called stays as it is.
    void setPaused(bool paused);

    [[nodiscard]] const Settings& settings() const { return m_request.settings; }
    /// The newest picture; null until the first has come.
    [[nodiscard]] const PicturePtr& picture() const { return m_picture; }
    /// True when the picture belongs to the newest question, from however many samples.
    [[nodiscard]] bool isCurrent() const { return m_delivered == m_serial; }
    /// True when it will not get better by itself: all samples are there, or stop() was heard.
    [[nodiscard]] bool isResting() const { return isCurrent() && m_resting; }
    /// Samples that everything in the picture has, at least.
    [[nodiscard]] std::int64_t samples() const { return m_samples; }

signals:
    void pictureChanged();
    void restingChanged();

private:
    struct Request {
        Settings settings;
        TracePtr trace;
        std::string site;
        bool stopped = false;  ///< nothing beyond the first picture
        std::uint64_t serial = 0;
    };
    struct Delivery {
        PicturePtr picture;
        std::uint64_t serial = 0;
        std::int64_t samples = 0;
        bool resting = false;
    };

    void send();
    void run(const std::stop_token& stop);
    void work(experiment::ScalingStudy& study, const Request& request, const std::stop_token& running,
              const std::stop_token& stop);
    void publish(const experiment::ScalingStudy& study, const Request& request, bool resting);
    void arrived();
    void deliver();

    // The window's side.
    Request m_request;
    std::uint64_t m_serial = 0, m_delivered = 0;
    PicturePtr m_picture;
    std::int64_t m_samples = 0;
    bool m_resting = false, m_stopped = false, m_paused = false;
    QElapsedTimer m_sinceDelivery;
    QTimer m_frame;

    // Between both.
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::optional<Request> m_next;
    std::optional<Delivery> m_delivery;
    std::stop_source m_running{std::nostopstate};
    std::jthread m_thread;  // last: starts when everything else is there
};

}  // namespace attn::ui
