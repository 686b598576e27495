#include "ui/views/tokens_button.h"

#include "core/text/token_words.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"

#include <QEvent>
#include <QMenu>

#include <algorithm>
#include <array>

namespace attn::ui {
namespace {

constexpr std::size_t kTokenCharacters = 24;
constexpr Index kMostSegments = 8;
constexpr std::array kSequences{Sequence::Text, Sequence::Context, Sequence::Target};

bool anySpecial(const Tokens& tokens) {
    return std::any_of(tokens.items.begin(), tokens.items.end(), surroundsText);
}

bool anyMerged(const Tokens& tokens) {
    const std::vector<std::uint8_t> begins = wordBeginnings(tokens.items);
    return std::find(begins.begin(), begins.end(), 0) != begins.end();
}

}  // namespace

TokensButton::TokensButton(SceneDocument* document, QWidget* parent)
    : QToolButton(parent), m_document(document), m_menu(new QMenu(this)) {
    setObjectName(QStringLiteral("sentence.shown"));
    setProperty("option", true);
    setFocusPolicy(Qt::StrongFocus);
    setPopupMode(QToolButton::InstantPopup);
    m_menu->setToolTipsVisible(true);
    const auto add = [this](const char* name) {
        QAction* action = m_menu->addAction(QString());
        action->setObjectName(QString::fromLatin1(name));
        action->setCheckable(true);
        connect(action, &QAction::triggered, this, [this] {
            m_document->setTokensView(
                {m_hide->isChecked(), m_renormalise->isChecked(), m_words->isChecked()});
        });
        return action;
    };
    m_hide = add("tokens.hideSpecial");
    m_renormalise = add("tokens.renormalise");
    m_words = add("tokens.wholeWords");
    setMenu(m_menu);
    connect(m_menu, &QMenu::aboutToShow, this, &TokensButton::fillSegments);
    connect(m_document, &SceneDocument::traceChanged, this, &TokensButton::follow);
    connect(m_document, &SceneDocument::viewChanged, this, &TokensButton::follow);
    retranslate();
}

/// There only where there is something to hide, to merge or to say.
void TokensButton::follow() {
    const TracePtr& trace = m_document->trace();
    if (trace && trace != m_looked) {
        // The same tokens have the same words.
        const bool same = m_looked && std::all_of(kSequences.begin(), kSequences.end(), [&](Sequence s) {
                              return m_looked->tokens(s) == trace->tokens(s);
                          });
        m_looked = trace;
        if (!same) {
            m_canHide = m_canMerge = false;
            for (const Sequence sequence : kSequences) {
                const Tokens* const tokens = trace->tokens(sequence);
                if (tokens == nullptr) continue;
                m_canHide = m_canHide || anySpecial(*tokens);
                m_canMerge = m_canMerge || anyMerged(*tokens);
            }
        }
    }
    const TokensView& view = m_document->view().tokens;
    m_hide->setChecked(view.hideSpecial);
    m_renormalise->setChecked(view.renormalise);
    m_words->setChecked(view.wholeWords);
    m_hide->setEnabled(m_canHide || view.hideSpecial);
    m_renormalise->setEnabled(view.hideSpecial);
    m_words->setEnabled(m_canMerge || view.wholeWords);
    const bool segments = trace && trace->model() != nullptr && trace->model()->tokenTypes > 1;
    setVisible(m_canHide || m_canMerge || segments || view.hideSpecial || view.wholeWords);
    const QString state = view.hideSpecial && view.wholeWords ? tr("Tokens: words, no special")
                          : view.hideSpecial                  ? tr("Tokens: no special")
                          : view.wholeWords                   ? tr("Tokens: words")
                                                              : tr("Tokens");
    setText(state + QStringLiteral(" ▾"));
    setAccessibleName(state);
}

/// The selected query where its token is one of the text, else the key.
int TokensButton::selectedToken() const {
    const TracePtr& trace = m_document->trace();
    const Selection& selection = *m_document->selection();
    const SiteInfo* const site = trace ? trace->site(selection.site().toStdString()) : nullptr;
    if (site == nullptr) return -1;
    if (site->queriesFrom == Sequence::Text && selection.pinned().query >= 0) return selection.pinned().query;
    return site->keysFrom == Sequence::Text ? selection.pinned().key : -1;
}

void TokensButton::fillSegments() {
    for (QAction* each : m_segments) each->deleteLater();
    m_segments.clear();
    const TracePtr& trace = m_document->trace();
    if (!trace || trace->model() == nullptr || trace->model()->tokenTypes < 2) return;
    m_segments.push_back(m_menu->addSection(tr("Segments (token types)")));
    const int token = selectedToken();
    const bool chosen = token >= 0 && token < static_cast<int>(trace->tokens().items.size());
    const QString text =
        chosen ? QString::fromStdString(displayText(
                     trace->tokens().items[static_cast<std::size_t>(token)].text, kTokenCharacters))
               : QString();
    for (Index segment = 0; segment < std::min(trace->model()->tokenTypes, kMostSegments); ++segment) {
        QAction* action = m_menu->addAction(
            chosen ? tr("Segment %1 from ‘%2’ (token %3) on").arg(segment).arg(text).arg(token)
                   : tr("Segment %1 from the selected token on").arg(segment));
        action->setObjectName(QStringLiteral("tokens.segment.%1").arg(segment));
        action->setToolTip(
            tr("The model adds another vector to the tokens of each segment: BERT was trained "
               "on pairs of sentences."));
        action->setEnabled(chosen);
        connect(action, &QAction::triggered, m_document,
                [this, token, segment] { m_document->setSegmentFrom(token, static_cast<int>(segment)); });
        m_segments.push_back(action);
    }
    QAction* one = m_menu->addAction(tr("One segment"));
    one->setObjectName(QStringLiteral("tokens.oneSegment"));
    one->setEnabled(!m_document->inputs().segments.empty());
    connect(one, &QAction::triggered, m_document, &SceneDocument::clearSegments);
    m_segments.push_back(one);
}

void TokensButton::retranslate() {
    setToolTip(tr("How tokens are shown, in every view"));
    m_hide->setText(tr("Hide special tokens"));
    m_hide->setToolTip(
        tr("Leaves out the rows and columns of what the tokenizer put around the text: "
           "<s>, [CLS], [SEP], <|endoftext|>"));
    m_renormalise->setText(tr("Renormalise rows"));
    m_renormalise->setToolTip(
        tr("What is left of a row of weights is divided by its sum, so that it sums to "
           "1 again"));
    m_words->setText(tr("Whole words"));
    m_words->setToolTip(
        tr("Weights of whole words in place of their pieces: the sum over a key's pieces, "
           "the mean over a query's"));
    follow();
}

void TokensButton::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    QToolButton::changeEvent(event);
}

}  // namespace attn::ui
