#pragma once
/// Measures of heads that take more than their own patterns: likeness to the selected head, and what heads do
/// on repeated random tokens. Only what is looked at is worked out, away from the window's thread.

#include "core/analysis/likeness.h"
#include "core/analysis/probe.h"

#include <QObject>
#include <QString>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace attn::ui {

class HeadSurvey;
class SceneDocument;
class StudyRun;

/// Hands what it finds to the survey.
class HeadExtras : public QObject {
    Q_OBJECT
public:
    HeadExtras(SceneDocument* document, HeadSurvey* survey, QObject* parent = nullptr);

    /// The measure that is looked at; of one that the survey has by itself nothing is to be done.
    void setMeasure(HeadMeasure measure);
    void setActive(bool active);  ///< while nobody looks nothing begins

    /// The survey has the numbers of the measure that is looked at, as far as there are some.
    [[nodiscard]] bool isComplete() const;
    /// "25 random tokens, repeated 4 times; 4 texts, seed 1", and how far it is; empty: nothing to say.
    [[nodiscard]] QString status() const;

signals:
    void changed();  ///< numbers, or how far they are

private:
    using Values = std::vector<std::vector<float>>;  ///< by site and head
    /// What the probe's numbers belong to, and its three measures.
    struct Probed {
        Inputs model;
        std::optional<ProbeSettings> settings;  ///< none: the model has no room for a probe
        std::vector<std::pair<HeadMeasure, Values>> measures;
    };

    void follow();
    void followLikeness();
    void followProbe();
    /// Another model: the worker will not work out any more what was asked of the one before.
    void leaveOtherModel();
    void forgetProbe();
    void receiveTrace(const TracePtr& trace);
    void finishText();
    void show(const Probed& probed);

    SceneDocument* m_document;
    HeadSurvey* m_survey;
    HeadMeasure m_measure = HeadMeasure::Entropy;
    bool m_active = false;

    StudyRun* m_likenessRun;
    std::shared_ptr<LikenessStudy> m_likeness;  ///< the newest
    TracePtr m_likenessTrace;                   ///< and what it is of
    std::string m_likenessSite;
    Index m_likenessHead = -1;

    StudyRun* m_probeRun;
    std::shared_ptr<Probe> m_probe;  ///< under way; null: none is
    Inputs m_probedModel;
    std::optional<ProbeSettings> m_settings;  ///< of the probe under way, or of the one that is shown
    std::vector<Inputs> m_texts;              ///< of the probe; those that are left end with the last
    std::vector<Probed> m_known;              ///< the newest last
};

}  // namespace attn::ui
