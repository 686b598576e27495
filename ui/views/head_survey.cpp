#include "ui/views/head_survey.h"

#include "core/trace/ablated.h"
#include "ui/model/newest_work.h"
#include "ui/model/scene_document.h"
#include "ui/views/edited_flags.h"
#include "ui/views/head_figure.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace attn::ui {
namespace {

/// Cells along a side of a kept picture: 1,024 heads then take 8 MB, 144 take 5.
constexpr Index kMostCells = 128, kMostCellsOfMany = 64;
constexpr int kMany = 256;

}  // namespace

std::vector<HeadPicture> pictureHeads(const Trace& trace, const SiteInfo& site, const TensorPtr& pattern,
                                      const HeatMapData& frame, Index mostCells) {
    const MeasuredTokens tokens = measuredTokens(trace, site);
    const std::map<Index, CellFlags> edited = flagsOfEditedHeads(
        frame.flags, trace, {site.name, TensorName::Pattern}, pattern->rows(), pattern->cols());
    std::vector<HeadPicture> out(static_cast<std::size_t>(pattern->heads()));
    HeatMapData data = frame;
    data.tensor = pattern;
    for (Index h = 0; h < pattern->heads(); ++h) {
        HeadPicture& picture = out[static_cast<std::size_t>(h)];
        picture.largest = largestValue(*pattern, Quantity::Probability, h);
        data.head = h;
        const auto own = edited.find(h);
        data.flags = own == edited.end() ? frame.flags : own->second;
        data.range = {0, picture.largest};
        picture.colors = cellColors(data, mostCells, mostCells);
        picture.measures = measureHead(pattern->matrix(h), tokens);
    }
    return out;
}

HeadSurvey::HeadSurvey(SceneDocument* document, QObject* parent)
    : QObject(parent), m_document(document), m_work(new NewestWork(this)) {
    connect(m_document, &SceneDocument::traceChanged, this, &HeadSurvey::follow);
    connect(m_document, &SceneDocument::viewChanged, this, &HeadSurvey::follow);  // which tokens are shown
    connect(m_document, &SceneDocument::tensorReady, this, &HeadSurvey::next);
}

void HeadSurvey::setActive(bool active) {
    if (active == m_active) return;
    m_active = active;
    if (!active) return;
    follow();
    next();  // what was left when somebody looked last
}

void HeadSurvey::setMeasure(HeadMeasure measure, std::vector<std::vector<float>> values) {
    takeMeasure(m_sites, measure, values);
    m_given[measure] = std::move(values);
    emit measured();
}

const HeadPicture* HeadSurvey::picture(int site, int head) const {
    if (site < 0 || static_cast<std::size_t>(site) >= m_sites.size()) return nullptr;
    const std::vector<HeadPicture>& pictures = m_sites[static_cast<std::size_t>(site)].pictures;
    return head < 0 || static_cast<std::size_t>(head) >= pictures.size()
               ? nullptr
               : &pictures[static_cast<std::size_t>(head)];
}

int HeadSurvey::headCount() const {
    Index count = 0;
    for (const Site& site : m_sites) count += site.heads;
    return static_cast<int>(count);
}

int HeadSurvey::mostHeads() const {
    Index most = 0;
    for (const Site& site : m_sites) most = std::max(most, site.heads);
    return static_cast<int>(most);
}

double HeadSurvey::largest() const {
    double found = 0;
    for (const Site& site : m_sites)
        for (const HeadPicture& picture : site.pictures) found = std::max(found, picture.largest);
    return found > 0 ? found : 1;
}

bool HeadSurvey::isComplete() const {
    return m_trace != nullptr && m_trace == m_document->shownTrace() &&
           std::all_of(m_sites.begin(), m_sites.end(), [](const Site& site) { return site.current; });
}

/// A pattern that is the same object as before keeps its pictures; one of the same shape keeps the old ones
/// until the new ones have come.
void HeadSurvey::follow() {
    if (!m_active || m_trace == m_document->shownTrace() || !m_document->shownTrace()) return;
    m_trace = m_document->shownTrace();
    std::vector<Site> sites;
    for (const SiteInfo& info : m_trace->sites()) {
        Site site{info.name, info.cross, hasMlp(*m_trace, info), info.heads, info.queries, info.keys, {}, {},
                  false,     0};
        site.entry = m_trace->find({info.name, TensorName::Pattern});
        if (sites.size() < m_sites.size()) {
            Site& before = m_sites[sites.size()];
            const bool alike = before.name == site.name && before.heads == site.heads &&
                               before.queries == site.queries && before.keys == site.keys;
            if (alike) {
                site.pictures = std::move(before.pictures);
                site.version = before.version;
                site.current = before.current && before.entry == site.entry;
            }
        }
        if (!site.entry || site.heads == 0 || site.queries == 0) site.current = true;
        sites.push_back(std::move(site));
    }
    const bool sameFrame =
        sites.size() == m_sites.size() &&
        std::equal(sites.begin(), sites.end(), m_sites.begin(), [](const Site& a, const Site& b) {
            return a.name == b.name && a.heads == b.heads && a.hasMlp == b.hasMlp && a.queries == b.queries &&
                   a.keys == b.keys;
        });
    m_sites = std::move(sites);
    if (!sameFrame) m_given.clear();
    if (!sameFrame) emit sitesChanged();
    next();
}

/// One site at a time: its pattern may be let go as soon as its pictures are made.
void HeadSurvey::next() {
    if (!m_active || m_work->isBusy() || !m_trace) return;
    const auto count = static_cast<int>(m_sites.size());
    for (int i = 0; i < count; ++i) {
        const int index = (std::clamp(m_first, 0, count - 1) + i) % count;
        const Site& site = m_sites[static_cast<std::size_t>(index)];
        if (site.current) continue;
        if (const TensorPtr pattern = m_document->request(site.entry)) start(index, pattern);
        return;  // else it is on its way
    }
}

void HeadSurvey::start(int index, const TensorPtr& pattern) {
    const Site& site = m_sites[static_cast<std::size_t>(index)];
    const SiteInfo* const info = m_trace->site(site.name);
    const HeatMapData frame =
        m_adapter.heatMap(*m_trace, *info, {site.name, TensorName::Pattern}, nullptr, 0, RangeMode::Unit);
    const Index mostCells = headCount() > kMany ? kMostCellsOfMany : kMostCells;
    m_work->ask([this, entry = site.entry, pattern, frame, trace = m_trace, name = site.name,
                 mostCells](const std::stop_token&) -> NewestWork::Show {
        auto made = std::make_shared<std::vector<HeadPicture>>(
            pictureHeads(*trace, *trace->site(name), pattern, frame, mostCells));
        return [this, entry, made] { receive(entry, std::move(*made)); };
    });
}

void HeadSurvey::receive(const EntryPtr& entry, std::vector<HeadPicture> pictures) {
    for (std::size_t i = 0; i < m_sites.size(); ++i) {
        Site& site = m_sites[i];
        if (site.entry != entry) continue;
        site.pictures = std::move(pictures);
        for (const auto& given : m_given) takeMeasure(m_sites, given.first, given.second);
        site.current = true;
        site.version = ++m_versions;
        emit siteChanged(static_cast<int>(i));
        break;
    }
    next();
}

}  // namespace attn::ui
