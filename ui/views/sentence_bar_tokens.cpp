// The chips: which tokens they stand for, what is noted on them, and what a click on one chooses.
#include "core/text/token_words.h"
#include "core/trace/shown_tokens.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/views/sentence_bar.h"
#include "ui/views/token_chips.h"

#include <span>
#include <utility>

namespace attn::ui {

namespace {

/// The whole word that a piece belongs to.
QString wordAround(const std::vector<Token>& tokens, const std::vector<std::uint8_t>& begins,
                   std::size_t piece) {
    std::size_t first = piece, end = piece + 1;
    while (first > 0 && begins[first] == 0) --first;
    while (end < tokens.size() && begins[end] == 0) ++end;
    return QString::fromStdString(
        displayText(joinedText(std::span<const Token>(tokens).subspan(first, end - first)), 80));
}

/// Ids that no tokenizer gives a name are numbers: "#5".
Tokens named(const Trace& trace, Tokens tokens) {
    if (trace.model() == nullptr || trace.tokenizer()) return tokens;
    for (Token& token : tokens.items) {
        if (token.piece.empty()) token.text.insert(0, 1, '#');
    }
    return tokens;
}

/// Equal tokens, and tokens that are shown alike, are the same objects from one trace to the next.
bool sameTokens(const Trace& a, const Trace& b) {
    if (a.inputs().segments != b.inputs().segments ||
        (a.shownTokens() == nullptr) != (b.shownTokens() == nullptr))
        return false;
    for (std::size_t i = 0; i < kSequenceCount; ++i) {
        if (a.tokens(static_cast<Sequence>(i)) != b.tokens(static_cast<Sequence>(i))) return false;
    }
    return true;
}

}  // namespace

void SentenceBar::followTrace() {
    if (!m_document->trace()) return;
    followInputs();
    showTokens();
}

/// Other tokens are shown of the same trace.
void SentenceBar::followShown() {
    if (m_document->shownTrace() != m_shownTrace) showTokens();
}

void SentenceBar::showTokens() {
    const TracePtr before = std::exchange(m_shownTrace, m_document->shownTrace());
    if (!m_shownTrace) return;
    if (before && sameTokens(*before, *m_shownTrace)) return followSelection();
    m_chips->setTokens(named(*m_shownTrace, m_shownTrace->tokens()), notesOf(Sequence::Text));
    // The toy's context, or what a decoder reads.
    const Sequence second = secondSequence();
    const Tokens* const tokens = m_shownTrace->tokens(second);
    m_contextChips->setTokens(tokens != nullptr ? named(*m_shownTrace, *tokens) : Tokens{}, notesOf(second));
    followSelection();
}

Sequence SentenceBar::secondSequence() const {
    const TracePtr& trace = m_document->trace();
    return trace && trace->context() == nullptr ? Sequence::Target : Sequence::Context;
}

/// How the tokens of a sequence are shown, null where they are one by one.
const TokenGroups* SentenceBar::groupsOf(const TokenChips* chips) const {
    const TracePtr& shown = m_document->shownTrace();
    if (!shown || !shown->shownTokens()) return nullptr;
    const Sequence which = chips == m_chips ? Sequence::Text : secondSequence();
    const ShownSequence* const sequence = shown->shownTokens()->sequence(which);
    return sequence == nullptr ? nullptr : &sequence->words;
}

ChipNotes SentenceBar::notesOf(Sequence which) const {
    const TracePtr& trace = m_document->trace();
    const Tokens* const tokens = trace->tokens(which);
    if (tokens == nullptr) return {};
    const TokenGroups* const groups = groupsOf(which == Sequence::Text ? m_chips : m_contextChips);
    const std::vector<Token>& items = tokens->items;
    const bool trained = trace->model() != nullptr;
    const auto begins = wordBeginnings(items);
    const auto split = trained ? splitWordPieces(items) : std::vector<std::uint8_t>(items.size(), 0);
    const std::vector<std::int64_t>& segments = trace->inputs().segments;
    const auto count = groups == nullptr ? items.size() : static_cast<std::size_t>(groups->count());
    ChipNotes notes;
    notes.tokens = static_cast<int>(items.size());
    notes.hidden = groups == nullptr ? 0 : static_cast<int>(groups->hidden());
    for (std::size_t i = 0; i < count; ++i) {
        const TokenRun run =
            groups == nullptr ? TokenRun{static_cast<Index>(i), 1} : groups->run(static_cast<Index>(i));
        const auto first = static_cast<std::size_t>(run.first);
        ChipNote note;
        note.token = static_cast<int>(run.first);
        note.pieces = static_cast<int>(run.count);
        note.splitWord = split[first] != 0;
        if (which == Sequence::Text && first < segments.size())
            note.segment = static_cast<int>(segments[first]);
        if (run.count > 1) {
            QStringList pieces;
            for (Index piece = run.first; piece < run.first + run.count; ++piece) {
                const Token& each = items[static_cast<std::size_t>(piece)];
                pieces += QStringLiteral("‘%1’").arg(QString::fromStdString(displayText(each.text, 40)));
            }
            note.text = pieces.join(QStringLiteral(" "));
        } else if (note.splitWord) {
            note.text = wordAround(items, begins, first);
        }
        notes.chips.push_back(note);
    }
    return notes;
}

/// The chip that stands for a token; −1: hidden, or none.
int SentenceBar::chipOf(const TokenChips* chips, int token) const {
    const TokenGroups* const groups = groupsOf(chips);
    if (groups == nullptr || token < 0 || token >= groups->tokens()) return token;
    return static_cast<int>(groups->placeOf(token));
}

/// The token that a chip stands for: the selected one where it is among its pieces, else the first.
int SentenceBar::tokenOf(const TokenChips* chips, int chip, int selected) const {
    const TokenGroups* const groups = groupsOf(chips);
    if (groups == nullptr || chip < 0 || chip >= groups->count()) return chip;
    const TokenRun run = groups->run(chip);
    const bool among = selected >= run.first && selected < run.first + run.count;
    return among ? selected : static_cast<int>(run.first);
}

SentenceBar::Axes SentenceBar::axesOf(const TokenChips* chips) const {
    const bool isText = chips == m_chips;
    const TracePtr& trace = m_document->trace();
    const SiteInfo* site = trace ? trace->site(m_document->selection()->site().toStdString()) : nullptr;
    // Before the first trace: what the inputs say.
    if (site == nullptr) return {isText, isText != m_document->inputs().context.has_value()};
    return {(site->queriesFrom == Sequence::Text) == isText, (site->keysFrom == Sequence::Text) == isText};
}

/// A click chooses a query where the tokens ask, else a key; the other click a key where they answer.
void SentenceBar::choose(const TokenChips* chips, int index, bool other) {
    const Axes axes = axesOf(chips);
    Selection* selection = m_document->selection();
    const Cell now = selection->pinned();
    if (axes.queries && !(other && axes.keys)) {
        selection->pin({tokenOf(chips, index, now.query), now.key});
    } else if (axes.keys) {
        selection->pin({now.query, tokenOf(chips, index, now.key)});
    }
}

void SentenceBar::preview(const TokenChips* chips, int index) {
    const Axes axes = axesOf(chips);
    Selection* selection = m_document->selection();
    const Cell now = selection->pinned();
    if (index < 0 || !(axes.queries || axes.keys)) {
        selection->setPreview({});
    } else {
        selection->setPreview(axes.queries ? Cell{tokenOf(chips, index, now.query), now.key}
                                           : Cell{now.query, tokenOf(chips, index, now.key)});
    }
}

void SentenceBar::followSelection() {
    const Cell cell = m_document->selection()->shown();
    for (TokenChips* chips : {m_chips, m_contextChips}) {
        const Axes axes = axesOf(chips);
        chips->setMarked(axes.queries ? chipOf(chips, cell.query) : -1,
                         axes.keys ? chipOf(chips, cell.key) : -1);
    }
}

}  // namespace attn::ui
