#include "ui/views/token_chips.h"

#include <QAccessible>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>

namespace attn::ui {

namespace {

constexpr std::size_t kTipCharacters = 400;

}  // namespace

TokenChips::TokenChips(Role role, QWidget* parent) : QWidget(parent), m_role(role) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    name();
    forgetMeasures();
    arrange();
}

void TokenChips::name() {
    setAccessibleName(m_role == Role::Key ? tr("Tokens of the context") : tr("Tokens of the sentence"));
}

void TokenChips::setTokens(const Tokens& tokens, ChipNotes notes) {
    const bool otherNotes = !(notes == m_notes);
    m_notes = std::move(notes);
    if (tokens == m_tokens) {
        if (otherNotes) arrange();  // the count may be another one
        return;
    }
    // What was measured stays for the tokens before the place where somebody types.
    std::size_t same = 0;
    const std::size_t shorter = std::min(tokens.items.size(), m_tokens.items.size());
    while (same < shorter && tokens.items[same].text == m_tokens.items[same].text) ++same;
    m_measured.resize(same);
    m_measured.resize(tokens.items.size());
    m_tokens = tokens;
    m_hovered = -1;
    m_current = std::clamp(m_current, count() > 0 ? 0 : -1, count() - 1);
    m_query = m_query < count() ? m_query : -1;
    m_key = m_key < count() ? m_key : -1;
    if (m_first >= count()) m_first = 0;
    arrange();
    describe();
}

void TokenChips::setMarked(int query, int key) {
    if (query == m_query && key == m_key) return;
    const int mine = m_role == Role::Key ? key : query;
    const bool changed = mine != (m_role == Role::Key ? m_key : m_query);
    m_query = query;
    m_key = key;
    if (changed && mine >= 0 && mine < count()) {
        m_current = mine;
        if (m_hovered < 0) showToken(mine);
        describe();
    }
    update();
}

QRect TokenChips::chipRect(int index) const {
    if (index < m_first || index >= endVisible()) return {};
    return m_chips[static_cast<std::size_t>(index - m_first)].rect;
}

int TokenChips::tokenAt(QPoint position) const {
    const auto found = std::find_if(m_chips.begin(), m_chips.end(),
                                    [&](const Chip& each) { return each.rect.contains(position); });
    return found == m_chips.end() ? -1 : m_first + static_cast<int>(found - m_chips.begin());
}

QString TokenChips::countText() const {
    const QLocale locale;
    if (m_tokens.truncated()) {
        return tr("%1 of %2 tokens used")
            .arg(locale.toString(count()), locale.toString(static_cast<qulonglong>(m_tokens.found)));
    }
    const bool merged = std::any_of(m_notes.chips.begin(), m_notes.chips.end(),
                                    [](const ChipNote& note) { return note.pieces > 1; });
    QString text = merged         ? tr("%1 words of %2 tokens").arg(count()).arg(m_notes.tokens)
                   : count() == 1 ? tr("1 token")
                                  : tr("%Ln tokens", nullptr, count());
    if (m_notes.hidden > 0) text += tr(", %1 hidden").arg(m_notes.hidden);
    return text;
}

ChipNote TokenChips::noteOf(int index) const {
    const auto place = static_cast<std::size_t>(index);
    ChipNote own;
    own.token = index;
    return place < m_notes.chips.size() ? m_notes.chips[place] : own;
}

void TokenChips::paintEvent(QPaintEvent*) {
    const Palette& colours = paletteFor(*this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t i = 0; i < m_chips.size(); ++i)
        paintChip(painter, m_first + static_cast<int>(i), m_chips[i]);

    painter.setFont(font());
    painter.setPen(colours.muted);
    if (!m_before.isNull()) painter.drawText(m_before, Qt::AlignCenter, moreText(m_first, true));
    if (!m_after.isNull())
        painter.drawText(m_after, Qt::AlignCenter, moreText(count() - endVisible(), false));
    if (m_tokens.truncated()) painter.setPen(colours.edited);
    painter.drawText(m_countRect, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, countText());
}

void TokenChips::paintChip(QPainter& painter, int index, const Chip& chip) const {
    const Palette& colours = paletteFor(*this);
    const bool isQuery = index == m_query, isKey = index == m_key;
    const QRectF body = QRectF(chip.rect).adjusted(1, 1, -1, -1);
    const double radius = body.height() / 2;

    // What the tokenizer put around the text, or what stands for none, is an outline.
    const bool special = m_tokens.items[static_cast<std::size_t>(index)].special;
    const QColor ground = special && index != m_hovered ? colours.card : colours.chip;
    painter.setPen(isKey     ? QPen(colours.key, 2)
                   : special ? QPen(colours.line, 1, Qt::DashLine)
                             : QPen(Qt::NoPen));
    painter.setBrush(isQuery ? colours.query : index == m_hovered ? colours.chipHover : ground);
    painter.drawRoundedRect(body, radius, radius);
    if (hasFocus() && index == m_current) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colours.focus, 1.5, Qt::DotLine));
        painter.drawRoundedRect(body.adjusted(3, 3, -3, -3), radius - 3, radius - 3);
    }

    painter.setFont(chipFont(isQuery || isKey));
    const QColor ink = isQuery ? colours.card : special ? colours.muted : colours.text;
    painter.setPen(ink);
    painter.drawText(chip.rect, Qt::AlignCenter, chip.text);
    paintNote(painter, index, chip);
}

/// A dotted line below what the model hardly knows, and the segment where there are several.
void TokenChips::paintNote(QPainter& painter, int index, const Chip& chip) const {
    const Palette& colours = paletteFor(*this);
    const ChipNote note = noteOf(index);
    const bool isQuery = index == m_query;
    const QColor quiet = isQuery ? colours.card : colours.muted;
    const QFontMetrics metrics(painter.font());
    if (note.segment > 0) {
        QFont small = painter.font();
        small.setPixelSize(std::max(8, small.pixelSize() * 5 / 8));
        small.setBold(true);
        painter.setFont(small);
        painter.setPen(quiet);
        const QRect corner = chip.rect.adjusted(0, 2, -QFontMetrics(small).averageCharWidth() / 2 - 2, 0);
        painter.drawText(corner, Qt::AlignRight | Qt::AlignTop, QString::number(note.segment));
    }
    if (m_tokens.items[static_cast<std::size_t>(index)].known && !note.splitWord) return;
    const int half = metrics.horizontalAdvance(chip.text) / 2;
    const double y = chip.rect.center().y() + metrics.height() / 2.0 + 1;
    painter.setPen(QPen(quiet, 1.5, Qt::DotLine));
    painter.drawLine(QPointF(chip.rect.center().x() - half, y), QPointF(chip.rect.center().x() + half, y));
}

QString TokenChips::tokenTip(int index) const {
    const Token& token = m_tokens.items[static_cast<std::size_t>(index)];
    const ChipNote note = noteOf(index);
    const int tokens = m_notes.tokens > 0 ? m_notes.tokens : count();
    QString tip = QString::fromStdString(displayText(token.text, kTipCharacters)) + u'\n';
    tip += note.pieces > 1 ? tr("tokens %1 to %2 of %3: %4")
                                 .arg(note.token + 1)
                                 .arg(note.token + note.pieces)
                                 .arg(tokens)
                                 .arg(note.text)
                           : tr("token %1 of %2, id %3").arg(note.token + 1).arg(tokens).arg(token.id);
    if (!token.piece.empty() && token.piece != token.text)
        tip += u'\n' + tr("In the vocabulary: %1").arg(QString::fromStdString(displayText(token.piece)));
    if (note.segment > 0) tip += u'\n' + tr("Segment %1 (token type)").arg(note.segment);
    if (token.special) tip += u'\n' + tr("A special token of the model's, not of the text.");
    if (!token.known) tip += u'\n' + tr("Not among the counted words: it has a random vector.");
    if (note.splitWord) {
        tip +=
            u'\n' + (note.pieces > 1 || note.text.isEmpty()
                         ? tr("The vocabulary does not have this word in one piece: it is rarer than those "
                              "that it has, and the model knows it less well.")
                         : tr("A piece of ‘%1’, which the vocabulary does not have in one piece: it is rarer "
                              "than words that it has, and the model knows it less well.")
                               .arg(note.text));
    }
    return tip;
}

bool TokenChips::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int index = tokenAt(help->pos());
        if (index >= 0) {
            // Plain text, whatever the token looks like.
            QToolTip::showText(help->globalPos(),
                               tokenTip(index).toHtmlEscaped().replace(u'\n', QStringLiteral("<br>")), this,
                               chipRect(index));
        } else {
            QToolTip::hideText();
        }
        return true;
    }
    return QWidget::event(event);
}

void TokenChips::mousePressEvent(QMouseEvent* event) {
    const QPoint at = event->position().toPoint();
    const bool left = event->button() == Qt::LeftButton;
    if (left && m_before.contains(at)) return turnPage(-1);
    if (left && m_after.contains(at)) return turnPage(1);
    const int index = tokenAt(at);
    if (index < 0 || (!left && event->button() != Qt::RightButton)) return;
    setCurrent(index);
    choose(index, !left || (event->modifiers() & (Qt::ControlModifier | Qt::ShiftModifier)));
}

void TokenChips::mouseMoveEvent(QMouseEvent* event) {
    const QPoint at = event->position().toPoint();
    setHovered(tokenAt(at));
    const bool hand = m_hovered >= 0 || m_before.contains(at) || m_after.contains(at);
    setCursor(hand ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void TokenChips::leaveEvent(QEvent* event) {
    QWidget::leaveEvent(event);
    setHovered(-1);
}

void TokenChips::keyPressEvent(QKeyEvent* event) {
    if (count() == 0) {
        event->ignore();
        return;
    }
    const int forward = isRightToLeft() ? -1 : 1;
    switch (event->key()) {
        case Qt::Key_Left:
            setCurrent(std::max(0, m_current - forward));
            break;
        case Qt::Key_Right:
            setCurrent(std::min(count() - 1, m_current + forward));
            break;
        case Qt::Key_Home:
            setCurrent(0);
            break;
        case Qt::Key_End:
            setCurrent(count() - 1);
            break;
        case Qt::Key_PageUp:
            setCurrent(std::max(0, m_first - 1));
            break;
        case Qt::Key_PageDown:
            setCurrent(std::min(count() - 1, endVisible()));
            break;
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Space:
            choose(m_current, event->modifiers() & (Qt::ControlModifier | Qt::ShiftModifier));
            break;
        default:
            event->ignore();
            return;
    }
    event->accept();
}

void TokenChips::wheelEvent(QWheelEvent* event) {
    if (m_before.isNull() && m_after.isNull()) {
        event->ignore();
        return;
    }
    event->accept();
    m_wheel += event->angleDelta().y();
    const int pages = m_wheel / QWheelEvent::DefaultDeltasPerStep;
    m_wheel -= pages * QWheelEvent::DefaultDeltasPerStep;
    for (int i = 0; i < std::abs(pages); ++i) turnPage(pages > 0 ? -1 : 1);
    setHovered(tokenAt(event->position().toPoint()));
}

void TokenChips::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    if (m_current < 0 && count() > 0) m_current = m_first;
    describe();
    update();
}

void TokenChips::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

void TokenChips::contextMenuEvent(QContextMenuEvent* event) {
    event->accept();
}  // the right button chooses

void TokenChips::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) name();
    if (event->type() == QEvent::FontChange) forgetMeasures();
    if (event->type() == QEvent::FontChange || event->type() == QEvent::LanguageChange) arrange();
}

void TokenChips::setHovered(int index) {
    if (index == m_hovered) return;
    m_hovered = index;
    update();
    emit tokenHovered(index);
}

void TokenChips::setCurrent(int index) {
    m_current = index;
    showToken(index);
    describe();
    update();
}

void TokenChips::choose(int index, bool other) {
    if (index < 0) return;
    if (other) {
        emit tokenOtherClicked(index);
    } else {
        emit tokenClicked(index);
    }
}

/// For assistive technology: where the keyboard stands, as a sentence.
void TokenChips::describe() {
    QString text = countText();
    if (m_current >= 0 && m_current < count()) {
        const auto& token = m_tokens.items[static_cast<std::size_t>(m_current)];
        text = tr("token %1 of %2: %3")
                   .arg(m_current + 1)
                   .arg(count())
                   .arg(QString::fromStdString(displayText(token.text)));
        if (m_current == m_query) text += tr(", the query");
        if (m_current == m_key) text += tr(", the key");
    }
    if (text == accessibleDescription()) return;
    setAccessibleDescription(text);
    QAccessibleEvent change(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&change);
}

}  // namespace attn::ui
