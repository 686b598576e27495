#include "ui/views/predictions_view.h"

#include "core/io/trace_file.h"
#include "core/text/tokenizer.h"
#include "core/trace/row_entries.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/panels/elided_button.h"
#include "ui/panels/parameter_editor.h"
#include "ui/plot/number_text.h"
#include "ui/plot/prediction_bars.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace attn::ui {

namespace {

constexpr std::size_t kShown = 10;

TokenDistribution distributionOf(const TensorPtr& logits, double temperature) {
    return TokenDistribution({logits->matrix().data(), static_cast<std::size_t>(logits->cols())},
                             temperature);
}

QString quoted(const Token& token) {
    return QStringLiteral("‘%1’").arg(QString::fromStdString(displayText(token.text, 40)));
}

}  // namespace

PredictionsView::PredictionsView(SceneDocument* document, QWidget* parent)
    : Card(QStringLiteral("predictions"), parent), m_document(document) {
    m_bars = new PredictionBars(this);
    m_bars->setObjectName(QStringLiteral("predictions.bars"));
    m_mask = new ElidedButton(this);
    m_mask->setObjectName(QStringLiteral("predictions.mask"));
    m_mask->setCheckable(true);
    m_back = new QPushButton(this);
    m_back->setObjectName(QStringLiteral("predictions.back"));
    m_write = new ElidedButton(this);
    m_write->setObjectName(QStringLiteral("predictions.write"));
    m_key = new QLabel(this);
    m_key->setProperty("look", QStringLiteral("muted"));
    m_summary = new QLabel(this);
    m_summary->setObjectName(QStringLiteral("predictions.summary"));
    for (QLabel* label : {m_key, m_summary}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    m_temperature = ParameterEditor::create(spec(ParameterId::SamplingTemperature), document, nullptr, this);
    add(m_mask);
    add(m_bars);
    auto* writing = new QHBoxLayout;
    writing->setSpacing(8);
    writing->addWidget(m_back);
    writing->addWidget(m_write, 1);
    body()->addLayout(writing);
    add(m_key);
    add(m_summary);
    add(m_temperature);
    body()->addStretch(1);

    m_copy = new QAction(this);
    m_copy->setObjectName(QStringLiteral("predictions.copy"));
    m_bars->addAction(m_copy);
    m_bars->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(m_copy, &QAction::triggered, this,
            [this] { QApplication::clipboard()->setText(QString::fromStdString(csv())); });
    connect(m_mask, &QPushButton::clicked, this,
            [this] { m_document->toggleMaskedToken(static_cast<int>(maskablePosition())); });
    connect(m_write, &QPushButton::clicked, this, [this] {
        if (m_changes.empty()) return;
        m_wrote = true;
        m_document->writeToken(likeliest());
    });
    connect(m_back, &QPushButton::clicked, this, [this] {
        m_wrote = true;
        m_document->eraseLastToken();
    });
    connect(m_document, &SceneDocument::traceChanged, this, &PredictionsView::followEnd);
    connect(m_document, &SceneDocument::inputsChanged, m_temperature, [this] {
        m_temperature->refresh();
        refresh();  // the sampling temperature needs no new trace
    });
    connect(m_document, &SceneDocument::traceChanged, this, &PredictionsView::refresh);
    connect(m_document, &SceneDocument::tensorReady, this, &PredictionsView::refresh);
    connect(m_document, &SceneDocument::baselineReady, this, &PredictionsView::refresh);
    connect(m_document->selection(), &Selection::cellChanged, this, &PredictionsView::refresh);
    connect(m_document->selection(), &Selection::siteChanged, this, &PredictionsView::refresh);
    retranslate();
}

void PredictionsView::retranslate() {
    m_shown.reset();  // its sentence too
    setTitle(tr("PREDICTIONS"));
    m_copy->setText(tr("Copy data"));
    m_back->setAccessibleName(tr("Take the last token back"));
    m_write->setAccessibleName(tr("Write the next token"));
    m_key->setText(
        tr("The line across a bar is what it was without your changes; behind it, the difference in "
           "percentage points."));
    refresh();
}

QString PredictionsView::tokenText(const Trace& trace, std::int64_t id) const {
    return QString::fromStdString(displayText(tokenOf(trace, id).text, 40));
}

void PredictionsView::showNothing(const QString& reason) {
    setCaption(reason);
    for (QWidget* each :
         std::initializer_list<QWidget*>{m_mask, m_back, m_write, m_bars, m_key, m_summary, m_temperature})
        each->hide();
    m_changes.clear();
    m_row.reset();
    m_rowBefore.reset();
    m_shown.reset();
    m_shownBefore.reset();
    m_position = -1;
    m_complete = true;
}

void PredictionsView::refresh() {
    const TracePtr& trace = m_document->trace();
    m_complete = !isVisible();
    if (!isVisible() || !trace) return;
    if (predictionKind(*trace) == PredictionKind::None) {
        showNothing(trace->inputs().model == "toy"
                        ? tr("The toy model predicts nothing: nobody trained it. Open a trained model with a "
                             "language-model head to see the tokens that it expects.")
                        : tr("This model has no language-model head: it makes vectors of tokens and predicts "
                             "none."));
        return;
    }
    const auto count = static_cast<std::int64_t>(predictingTokens(*trace).items.size());
    if (count == 0) {
        showNothing(tr("Type a sentence above"));
        return;
    }
    // The selected query, where the selected site asks with the tokens that predict.
    const SiteInfo* const site = trace->site(m_document->selection()->site().toStdString());
    const bool asks = site != nullptr && &trace->queryTokens(*site) == &predictingTokens(*trace);
    const std::int64_t chosen = asks ? m_document->selection()->pinned().query : -1;
    m_position = chosen >= 0 && chosen < count ? chosen : defaultPosition(*trace);
    const std::shared_ptr<const RowEntries> baseline = m_document->requestBaseline();
    const bool compare = baseline != trace->logitRows();
    m_row = trace->logitRows()->row(m_position);
    m_rowBefore = compare && baseline && baseline->rows() == count ? baseline->row(m_position) : nullptr;
    const TensorPtr logits = m_document->request(m_row);
    const TensorPtr before = m_document->request(m_rowBefore);
    setCaption(headline(*trace));
    if (!logits) return;  // the old bars stay until it has come
    showRow(*trace, logits, before);
    showMask(*trace);
    showWriting(*trace);
    m_complete = !compare || before != nullptr;
}

void PredictionsView::showRow(const Trace& trace, const TensorPtr& logits, const TensorPtr& before) {
    const double temperature =
        std::get<double>(m_document->parameters().get(ParameterId::SamplingTemperature));
    if (logits == m_shown && before == m_shownBefore && temperature == m_shownTemperature) return;
    m_shown = logits;
    m_shownBefore = before;
    m_shownTemperature = temperature;
    const TokenDistribution now = distributionOf(logits, temperature);
    std::optional<TokenDistribution> then;
    if (before) then = distributionOf(before, temperature);
    m_compared = then.has_value();
    m_changes = compare(then ? *then : now, now, kShown);
    const std::int64_t here = predictingTokens(trace).items[static_cast<std::size_t>(m_position)].id;
    const bool ofHere = predictionKind(trace) == PredictionKind::Same;
    std::vector<PredictionBar> bars;
    for (const PredictionChange& each : m_changes) {
        bars.push_back({tokenText(trace, each.id), each.after,
                        then ? std::optional(each.before) : std::nullopt, ofHere && each.id == here});
    }
    m_bars->setBars(std::move(bars));
    m_bars->show();
    m_key->setVisible(m_compared);
    m_summary->setText(summary(trace, now, then));
    m_summary->show();
    m_temperature->show();
}

void PredictionsView::showMask(const Trace& trace) {
    const std::int64_t position = maskablePosition();
    m_mask->setVisible(position >= 0);
    if (position < 0) return;
    const auto& masked = m_document->inputs().maskedTokens;
    const bool hidden = std::binary_search(masked.begin(), masked.end(), position);
    const QString mask = tokenText(trace, trace.maskTokenId());
    m_mask->setChecked(hidden);
    if (trace.target() != nullptr) {
        const QString token = quoted(trace.tokens().items[static_cast<std::size_t>(position)]);
        m_mask->setText(hidden ? tr("Show token %1 of the source again").arg(position)
                               : tr("Hide %1 of the source behind %2").arg(token, mask));
        m_mask->setToolTip(tr("The decoder then has to make up for it"));
        return;
    }
    m_mask->setText(hidden ? tr("Show this token again") : tr("Hide this token behind %1").arg(mask));
    m_mask->setToolTip(tr("The model then has to guess it from the others"));
}

/// The token whose prediction is shown; of an encoder-decoder the selected one of the source, which its
/// encoder reads. −1: none can be hidden.
std::int64_t PredictionsView::maskablePosition() const {
    const TracePtr& trace = m_document->trace();
    if (!trace || trace->maskTokenId() < 0) return -1;
    if (predictionKind(*trace) == PredictionKind::Same) return m_position;
    if (trace->target() == nullptr) return -1;
    const SiteInfo* const site = trace->site(m_document->selection()->site().toStdString());
    if (site == nullptr) return -1;
    const Cell cell = m_document->selection()->pinned();
    const int token = site->queriesFrom == Sequence::Text ? cell.query
                      : site->keysFrom == Sequence::Text  ? cell.key
                                                          : -1;
    return token < static_cast<int>(trace->tokens().items.size()) ? token : -1;
}

std::int64_t PredictionsView::likeliest() const {
    const auto best = std::min_element(
        m_changes.begin(), m_changes.end(),
        [](const PredictionChange& a, const PredictionChange& b) { return a.rankAfter < b.rankAfter; });
    return best == m_changes.end() ? -1 : best->id;
}

/// A decoder goes on token by token, from the end alone.
void PredictionsView::showWriting(const Trace& trace) {
    const bool writes = predictionKind(trace) == PredictionKind::Next;
    const auto last = static_cast<std::int64_t>(predictingTokens(trace).items.size()) - 1;
    m_back->setVisible(writes);
    m_write->setVisible(writes);
    if (!writes) return;
    m_back->setText(tr("← Back"));
    m_back->setToolTip(tr("Takes the last token away again"));
    m_back->setEnabled(last > 0);
    const bool ends = !m_changes.empty() && tokenOf(trace, likeliest()).special;
    const bool atEnd =
        m_position == last && !predictingTokens(trace).truncated() && !m_changes.empty() && !ends;
    m_write->setEnabled(atEnd);
    m_write->setText(atEnd ? tr("Write ‘%1’ →").arg(tokenText(trace, likeliest()))
                     : ends && m_position == last ? tr("It would end here")
                                                  : tr("Write the next token →"));
    m_write->setToolTip(atEnd ? tr("Goes on with the likeliest token; its row of attention is shown next")
                              : tr("Select the last token to go on from there"));
}

/// After a step the newest token is what is looked at.
void PredictionsView::followEnd() {
    if (!m_wrote || !m_document->isCurrent()) return;
    m_wrote = false;
    const TracePtr& trace = m_document->trace();
    const auto last = static_cast<int>(predictingTokens(*trace).items.size()) - 1;
    Selection* selection = m_document->selection();
    const SiteInfo* site = trace->site(selection->site().toStdString());
    const bool asks = site != nullptr && &trace->queryTokens(*site) == &predictingTokens(*trace);
    if (last >= 0 && asks) selection->pin({last, selection->pinned().key, -1});
}

QString PredictionsView::headline(const Trace& trace) const {
    const Token& token = predictingTokens(trace).items[static_cast<std::size_t>(m_position)];
    if (predictionKind(trace) == PredictionKind::Next)
        return tr("After %1 (token %2) the model expects:").arg(quoted(token)).arg(m_position);
    if (token.id == trace.maskTokenId())
        return tr("Behind %1 (token %2) the model expects:").arg(quoted(token)).arg(m_position);
    return tr("In the place of %1 (token %2), which it sees, the model expects:")
        .arg(quoted(token))
        .arg(m_position);
}

/// How sure it is, and how the text goes on.
QString PredictionsView::summary(const Trace& trace, const TokenDistribution& now,
                                 const std::optional<TokenDistribution>& before) const {
    QString text = before ? tr("Entropy %1 nats, before %2.")
                                .arg(shortNumber(now.entropyNats()), shortNumber(before->entropyNats()))
                          : tr("Entropy %1 nats.").arg(shortNumber(now.entropyNats()));
    const auto following = static_cast<std::size_t>(m_position + 1);
    const std::vector<Token>& tokens = predictingTokens(trace).items;
    if (predictionKind(trace) == PredictionKind::Next && following < tokens.size()) {
        const Token& next = tokens[following];
        const Prediction actual = now.of(next.id);
        text += u' ' + tr("The text goes on with %1: rank %2, %3.")
                           .arg(quoted(next), QString::number(actual.rank + 1),
                                PredictionBars::percent(actual.probability));
    }
    return text;
}

std::string PredictionsView::csv() const {
    std::string out = "rank,token,id,probability,probability_before\n";
    if (!m_document->trace()) return out;
    for (const PredictionChange& each : m_changes) {
        const auto number = [](double value) { return QString::number(value, 'g', 10).toStdString(); };
        out += std::to_string(each.rankAfter) + "," +
               csvField(tokenForFile(tokenOf(*m_document->trace(), each.id).text)) + "," +
               std::to_string(each.id) + "," + number(each.after) + "," +
               (m_compared ? number(each.before) : std::string()) + "\n";
    }
    return out;
}

void PredictionsView::showEvent(QShowEvent* event) {
    Card::showEvent(event);
    refresh();
}

void PredictionsView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    Card::changeEvent(event);
}

}  // namespace attn::ui
