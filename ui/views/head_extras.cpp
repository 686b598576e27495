#include "ui/views/head_extras.h"

#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/model/study_run.h"
#include "ui/views/head_survey.h"

#include <algorithm>
#include <utility>

namespace attn::ui {

namespace {

constexpr std::size_t kMostKnown = 8;
constexpr HeadMeasure kProbed[] = {HeadMeasure::ProbePrevious, HeadMeasure::ProbeDuplicate,
                                   HeadMeasure::ProbeInduction};

/// Reads one text's trace, on a thread.
class ProbeReading : public Study {
public:
    ProbeReading(std::shared_ptr<Probe> probe, TracePtr trace)
        : m_probe(std::move(probe)), m_trace(std::move(trace)) {}
    [[nodiscard]] std::size_t steps() const override { return 1; }
    [[nodiscard]] std::vector<EntryPtr> needs(std::size_t) const override { return {}; }
    [[nodiscard]] bool work(std::size_t, const std::stop_token& stop) override {
        if (stop.stop_requested()) return false;
        m_probe->add(*m_trace);
        return true;
    }

private:
    std::shared_ptr<Probe> m_probe;
    TracePtr m_trace;
};

}  // namespace

HeadExtras::HeadExtras(SceneDocument* document, HeadSurvey* survey, QObject* parent)
    : QObject(parent),
      m_document(document),
      m_survey(survey),
      m_likenessRun(new StudyRun(document, this)),
      m_probeRun(new StudyRun(document, this)) {
    connect(m_document, &SceneDocument::traceChanged, this, &HeadExtras::leaveOtherModel);
    connect(m_document, &SceneDocument::traceChanged, this, &HeadExtras::follow);
    connect(m_document, &SceneDocument::viewChanged, this, &HeadExtras::follow);
    connect(m_document->selection(), &Selection::siteChanged, this, &HeadExtras::follow);
    connect(m_document->selection(), &Selection::headChanged, this, &HeadExtras::follow);
    connect(m_document, &SceneDocument::probeReady, this, &HeadExtras::receiveTrace);
    connect(m_likenessRun, &StudyRun::finished, this, [this] {
        m_survey->setMeasure(HeadMeasure::Likeness, m_likeness->likenesses());
        emit changed();
    });
    connect(m_probeRun, &StudyRun::finished, this, &HeadExtras::finishText);
}

void HeadExtras::setMeasure(HeadMeasure measure) {
    m_measure = measure;
    follow();
}

void HeadExtras::setActive(bool active) {
    m_active = active;
    m_likenessRun->setActive(active);
    m_probeRun->setActive(active);
    follow();
}

void HeadExtras::follow() {
    if (!m_active || !m_document->trace()) return;
    if (m_measure == HeadMeasure::Likeness) followLikeness();
    if (isProbed(m_measure)) followProbe();
}

void HeadExtras::followLikeness() {
    const TracePtr& trace = m_document->shownTrace();  // as the overview's pictures
    const std::string site = m_document->selection()->site().toStdString();
    const Index head = m_document->selection()->head();
    const SiteInfo* const info = trace->site(site);
    if (info == nullptr || head < 0 || head >= info->heads || info->queries == 0) return;
    if (m_likenessTrace == trace && m_likenessSite == site && m_likenessHead == head) return;
    m_likenessTrace = trace;
    m_likenessSite = site;
    m_likenessHead = head;
    m_likeness = std::make_shared<LikenessStudy>(trace, site, head);
    m_likenessRun->start(m_likeness);
}

void HeadExtras::followProbe() {
    const Inputs model = probedModel(m_document->trace()->inputs());
    for (const Probed& each : m_known)
        if (each.model == model) return show(each);
    if (m_probe && m_probedModel == model) return;  // it is under way
    forgetProbe();
    m_probedModel = model;
    m_settings = possibleProbe(*m_document->trace());
    m_texts = probeInputs(*m_document->trace());
    if (m_texts.empty()) {
        m_known.push_back({model, std::nullopt, {}});
        return show(m_known.back());
    }
    m_probe = std::make_shared<Probe>();
    m_document->requestProbe(m_texts.front());
    emit changed();
}

void HeadExtras::forgetProbe() {
    m_probeRun->cancel();
    m_probe.reset();
    m_texts.clear();
}

void HeadExtras::leaveOtherModel() {
    const TracePtr& trace = m_document->trace();
    if (m_probe && trace && trace->inputs().model != m_probedModel.model) forgetProbe();
}

void HeadExtras::receiveTrace(const TracePtr& trace) {
    if (!m_probe || m_texts.empty()) return;
    if (!trace) {  // it cannot be worked out: not asked for again and again
        forgetProbe();
        m_known.push_back({m_probedModel, std::nullopt, {}});
        return follow();
    }
    if (trace->inputs() != m_texts.front()) return;
    m_probeRun->start(std::make_shared<ProbeReading>(m_probe, trace));
}

/// Of the last text the numbers are there.
void HeadExtras::finishText() {
    m_texts.erase(m_texts.begin());
    if (!m_texts.empty()) {
        m_document->requestProbe(m_texts.front());
        emit changed();
        return;
    }
    Probed probed{m_probedModel, m_settings, {}};
    for (const HeadMeasure measure : kProbed) {
        Values values;
        for (std::size_t s = 0; s < m_survey->sites().size(); ++s) {
            values.emplace_back();
            for (Index head = 0; head < m_survey->sites()[s].heads; ++head)
                values.back().push_back(m_probe->measure(s, head, measure));
        }
        probed.measures.emplace_back(measure, std::move(values));
    }
    m_probe.reset();
    if (m_known.size() >= kMostKnown) m_known.erase(m_known.begin());
    m_known.push_back(std::move(probed));
    follow();
}

void HeadExtras::show(const Probed& probed) {
    m_settings = probed.settings;
    for (const auto& each : probed.measures) m_survey->setMeasure(each.first, each.second);
    emit changed();
}

bool HeadExtras::isComplete() const {
    if (m_measure == HeadMeasure::Likeness) return !m_likenessRun->isRunning();
    return !isProbed(m_measure) || m_probe == nullptr;
}

QString HeadExtras::status() const {
    if (!isProbed(m_measure)) return {};
    if (!m_settings) return tr("There is no room for random tokens twice in a row.");
    const ProbeSettings& settings = *m_settings;
    if (m_probe) {
        const auto done = static_cast<int>(m_probe->count());
        return tr("probing: text %1 of %2").arg(done + 1).arg(settings.sequences);
    }
    return tr("%1 random tokens, %2 times in a row; mean of %3 such texts, seed %4")
        .arg(settings.length)
        .arg(settings.repeats)
        .arg(settings.sequences)
        .arg(settings.seed);
}

}  // namespace attn::ui
