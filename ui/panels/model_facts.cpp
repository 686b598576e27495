#include "ui/panels/model_facts.h"

#include "ui/model/scene_document.h"
#include "ui/model/selection.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include <cmath>
#include <utility>

namespace attn::ui {
namespace {

using Facts = std::vector<std::pair<QString, QString>>;

/// "124.4 million": as people say it.
QString roundNumber(std::int64_t number) {
    const QLocale locale;
    constexpr double kMillion = 1e6, kBillion = 1e9;
    const auto value = static_cast<double>(number);
    if (value >= kBillion) return ModelFacts::tr("%1 billion").arg(locale.toString(value / kBillion, 'f', 1));
    if (value >= kMillion) return ModelFacts::tr("%1 million").arg(locale.toString(value / kMillion, 'f', 1));
    return locale.toString(static_cast<qlonglong>(number));
}

QString positionsText(PositionsKind kind) {
    switch (kind) {
        case PositionsKind::Learned:
            return ModelFacts::tr("learned");
        case PositionsKind::Rotary:
            return ModelFacts::tr("rotary");
        case PositionsKind::Sinusoidal:
            return ModelFacts::tr("sinusoidal");
        case PositionsKind::None:
            break;
    }
    return ModelFacts::tr("none");
}

QString maskText(const attn::ModelFacts& facts) {
    if (facts.mask == MaskKind::Sliding)
        return ModelFacts::tr("causal, last %1")
            .arg(QLocale().toString(static_cast<qlonglong>(facts.maskWindow)));
    return facts.mask == MaskKind::Causal ? ModelFacts::tr("causal") : ModelFacts::tr("none");
}

/// Heads and mask are those of the site that is looked at: an encoder's may differ from its decoder's.
Facts factsOf(const ModelInfo& model, const attn::ModelFacts& site) {
    const QLocale locale;
    const auto number = [&](Index n) { return locale.toString(static_cast<qlonglong>(n)); };
    Facts facts{
        {ModelFacts::tr("kind"), QString::fromStdString(model.family)},
        {ModelFacts::tr("layers"),
         model.encoderLayers > 0
             ? ModelFacts::tr("%1 encoder, %2 decoder").arg(number(model.encoderLayers), number(model.layers))
             : number(model.layers)},
        {ModelFacts::tr("heads"), number(site.heads)}};
    if (site.kvHeads != site.heads)
        facts.emplace_back(ModelFacts::tr("heads of k and v"), number(site.kvHeads));
    facts.insert(facts.end(), {{ModelFacts::tr("dₖ = dᵥ"), number(site.dHead)},
                               {ModelFacts::tr("d model"), number(model.dModel)},
                               {ModelFacts::tr("d MLP"), number(model.dMlp)},
                               {ModelFacts::tr("positions"), positionsText(model.positions)},
                               {ModelFacts::tr("own mask"), maskText(site)},
                               {ModelFacts::tr("vocabulary"), number(model.vocabulary)},
                               {ModelFacts::tr("context"), number(model.context)},
                               {ModelFacts::tr("weights"), roundNumber(model.parameters)}});
    return facts;
}

}  // namespace

ModelFacts::ModelFacts(SceneDocument* document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_heading(new QLabel(this)),
      m_grid(new QGridLayout),
      m_note(new QLabel(this)),
      m_toToy(new QPushButton(this)) {
    setObjectName(QStringLiteral("modelFacts"));
    m_heading->setProperty("look", QStringLiteral("group"));
    m_note->setProperty("look", QStringLiteral("muted"));
    m_note->setWordWrap(true);
    m_toToy->setObjectName(QStringLiteral("modelFacts.toToy"));
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(3);
    m_grid->setColumnStretch(0, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_heading);
    layout->addLayout(m_grid);
    layout->addWidget(m_note);
    layout->addWidget(m_toToy);
    connect(m_toToy, &QPushButton::clicked, this, [this] { m_document->openModel(QStringLiteral("toy")); });
    connect(document, &SceneDocument::traceChanged, this, &ModelFacts::follow);
    connect(document->selection(), &Selection::siteChanged, this, &ModelFacts::follow);
    follow();
}

void ModelFacts::follow() {
    const TracePtr& trace = m_document->trace();
    const ModelInfo* model = trace ? trace->model() : nullptr;
    if (model != nullptr) {
        const SiteInfo* site = trace->site(m_document->selection()->site().toStdString());
        if (site == nullptr) site = &trace->sites().front();
        showFacts(factsOf(*model, site->facts.value_or(attn::ModelFacts{})));
        m_heading->setText(tr("Model").toUpper());
        m_note->setText(tr("These are fixed by the weights."));
        m_toToy->setText(tr("To the toy model"));
        m_toToy->setAccessibleName(m_toToy->text());
        m_toToy->setToolTip(tr("There every size is a slider; undo brings this model back"));
        setAccessibleName(tr("Facts of the model"));
        setAccessibleDescription(text());
    }
    if (m_relevant == (model != nullptr)) return;
    m_relevant = model != nullptr;
    emit relevanceChanged();
}

void ModelFacts::showFacts(const Facts& facts) {
    while (m_rows.size() > facts.size()) {
        delete m_rows.back().first;
        delete m_rows.back().second;
        m_rows.pop_back();
    }
    while (m_rows.size() < facts.size()) {
        const int row = static_cast<int>(m_rows.size());
        auto* name = new QLabel(this);
        auto* value = new QLabel(this);
        name->setProperty("look", QStringLiteral("muted"));
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_grid->addWidget(name, row, 0);
        m_grid->addWidget(value, row, 1, Qt::AlignRight);
        m_rows.emplace_back(name, value);
    }
    for (std::size_t i = 0; i < facts.size(); ++i) {
        if (m_rows[i].first->text() != facts[i].first) m_rows[i].first->setText(facts[i].first);
        if (m_rows[i].second->text() != facts[i].second) m_rows[i].second->setText(facts[i].second);
    }
}

QString ModelFacts::text() const {
    QStringList lines;
    for (const auto& row : m_rows) lines += row.first->text() + u' ' + row.second->text();
    return lines.join(u'\n');
}

void ModelFacts::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) follow();
}

}  // namespace attn::ui
