#pragma once
/// All heads of all sites in small: a reduced picture and the measures of each, made on a thread of its own
/// from one site's pattern after another. What is kept are pictures, not tensors.

#include "core/analysis/head_measures.h"
#include "core/trace/trace.h"
#include "ui/plot/heat_map_painter.h"
#include "ui/views/trace_adapter.h"

#include <QObject>

#include <map>
#include <vector>

namespace attn::ui {

class NewestWork;
class SceneDocument;

/// One head. Its colours run from 0 to its own largest weight.
struct HeadPicture {
    CellColors colors;
    double largest = 0;
    HeadMeasures measures{};
};

/// What becomes of a pattern of a site of `trace`; pure, for any thread. `frame`: what else there is to know
/// of it, without numbers.
[[nodiscard]] std::vector<HeadPicture> pictureHeads(const Trace& trace, const SiteInfo& site,
                                                    const TensorPtr& pattern, const HeatMapData& frame,
                                                    Index mostCells);

class HeadSurvey : public QObject {
    Q_OBJECT
public:
    struct Site {
        std::string name;
        bool cross = false, hasMlp = false;
        Index heads = 0, queries = 0, keys = 0;
        EntryPtr entry;                     ///< of its pattern; null in a model without one
        std::vector<HeadPicture> pictures;  ///< empty until the first have come
        bool current = false;               ///< the pictures belong to the entry
        std::uint64_t version = 0;          ///< another number, other pictures
    };

    explicit HeadSurvey(SceneDocument* document, QObject* parent = nullptr);

    /// While nobody looks nothing is made.
    void setActive(bool active);
    /// Numbers of a measure that the patterns themselves do not have, by site and head; NaN where there is
    /// none. They stay, also beside new pictures, until others take their place or the sites change.
    void setMeasure(HeadMeasure measure, std::vector<std::vector<float>> values);
    /// The sites that are in sight come first.
    void setFirst(int site) { m_first = site; }

    [[nodiscard]] const std::vector<Site>& sites() const { return m_sites; }
    [[nodiscard]] const HeadPicture* picture(int site, int head) const;
    [[nodiscard]] int headCount() const;  ///< of all sites
    [[nodiscard]] int mostHeads() const;  ///< of a site
    /// The largest weight of all heads that are there.
    [[nodiscard]] double largest() const;
    [[nodiscard]] bool isComplete() const;

signals:
    void sitesChanged();         ///< other sites, other numbers of heads
    void siteChanged(int site);  ///< its pictures
    void measured();             ///< setMeasure

private:
    void follow();
    void next();
    void start(int site, const TensorPtr& pattern);
    void receive(const EntryPtr& entry, std::vector<HeadPicture> pictures);

    SceneDocument* m_document;
    NewestWork* m_work;
    std::map<HeadMeasure, std::vector<std::vector<float>>> m_given;
    TraceAdapter m_adapter;
    TracePtr m_trace;
    std::vector<Site> m_sites;
    int m_first = 0;
    bool m_active = false;
    std::uint64_t m_versions = 0;
};

}  // namespace attn::ui
