#include "ui/views/sentence_edit.h"

#include "core/scene/scene.h"
#include "ui/style/fonts.h"

#include <QAbstractTextDocumentLayout>
#include <QCoreApplication>
#include <QDropEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <QScopedValueRollback>
#include <QTextBlock>
#include <QTextLayout>

#include <algorithm>
#include <cmath>
#include <memory>

namespace attn::ui {

namespace {

constexpr int kMostLines = 3;
constexpr double kButtonTextPx = 20;  // of a button's height, what is not padding or frame
constexpr QChar kBlock(0x2029), kLine(0x2028);

/// How a character stands in the widget, which has meanings of its own for some.
QChar imageOf(QChar c) {
    const char16_t code = c.unicode();
    if (code == u'\n') return kBlock;
    if (code == u'\t') return c;
    if (code < 0x20) return QChar(static_cast<char16_t>(0x2400 + code));
    if (code == 0x7F) return QChar(0x2421);
    if (code == 0x2028 || code == 0x2029) return QChar(0x23CE);
    if (code == 0xFDD0 || code == 0xFDD1 || code == 0xFFFC) return QChar(QChar::ReplacementCharacter);
    return c;
}

QString imageOf(QStringView text) {
    QString image = text.toString();
    std::transform(image.begin(), image.end(), image.begin(), [](QChar c) { return imageOf(c); });
    return image;
}

/// What somebody typed: only line breaks stand for something else.
QString textOf(QStringView image) {
    QString text = image.toString();
    std::replace(text.begin(), text.end(), kBlock, QChar(u'\n'));
    std::replace(text.begin(), text.end(), kLine, QChar(u'\n'));
    return text;
}

qsizetype shownLength(const QString& text) {
    if (text.size() <= SentenceEdit::kShown) return text.size();
    return text[SentenceEdit::kShown - 1].isHighSurrogate() ? SentenceEdit::kShown - 1 : SentenceEdit::kShown;
}

/// Where two texts differ: [begin, end of a) against [begin, end of b).
struct Difference {
    qsizetype begin, endA, endB;
};

Difference difference(QStringView a, QStringView b) {
    qsizetype begin = 0;
    const qsizetype shorter = std::min(a.size(), b.size());
    while (begin < shorter && a[begin] == b[begin]) ++begin;
    qsizetype same = 0;
    while (same < shorter - begin && a[a.size() - 1 - same] == b[b.size() - 1 - same]) ++same;
    return {begin, a.size() - same, b.size() - same};
}

/// Text from elsewhere may hold halves of characters, which UTF-8 cannot.
QString repaired(QString text) {
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (!text[i].isSurrogate()) continue;
        if (text[i].isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate()) {
            ++i;
        } else {
            text[i] = QChar(QChar::ReplacementCharacter);
        }
    }
    return text;
}

/// The longest beginning of whole characters that a scene holds.
QString withinLimit(const QString& text, bool* cut) {
    *cut = false;
    if (static_cast<std::size_t>(text.size()) * 3 <= kMaxTextBytes) return text;
    const QByteArray bytes = text.toUtf8();
    *cut = static_cast<std::size_t>(bytes.size()) > kMaxTextBytes;
    if (!*cut) return text;
    auto end = static_cast<qsizetype>(kMaxTextBytes);
    while (end > 0 && (static_cast<unsigned char>(bytes[end]) & 0xC0U) == 0x80U) --end;
    return QString::fromUtf8(bytes.first(end));
}

}  // namespace

SentenceEdit::SentenceEdit(QWidget* parent) : QPlainTextEdit(parent) {
    setUndoRedoEnabled(false);
    setTabChangesFocus(true);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    document()->setDocumentMargin(0);
    connect(this, &QPlainTextEdit::textChanged, this, &SentenceEdit::takeEdit);
    connect(document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this,
            &SentenceEdit::fitHeight);
    fitHeight();
}

void SentenceEdit::setText(const QString& text) {
    if (text == m_text) return;
    m_text = text;
    m_cut = false;
    showImage();
}

/// Changes in the widget only what differs, so that the cursor keeps its place.
void SentenceEdit::showImage() {
    const QString wanted = imageOf(QStringView(m_text).first(shownLength(m_text)));
    const QScopedValueRollback guard(m_updating, true);
    const Difference d = difference(m_image, wanted);
    if (d.endA > d.begin || d.endB > d.begin) {
        QTextCursor cursor(document());
        cursor.setPosition(static_cast<int>(d.begin));
        cursor.setPosition(static_cast<int>(d.endA), QTextCursor::KeepAnchor);
        cursor.insertText(wanted.mid(d.begin, d.endB - d.begin));
    }
    m_image = wanted;
}

void SentenceEdit::takeEdit() {
    if (m_updating) return;
    const QString now = document()->toRawText();
    const Difference d = difference(m_image, now);
    if (d.endA == d.begin && d.endB == d.begin) return;
    m_text.replace(d.begin, d.endA - d.begin, textOf(QStringView(now).mid(d.begin, d.endB - d.begin)));
    m_image = now;
    m_cut = false;
    // Where much was typed or deleted at the beginning of a long text, other characters come into sight.
    const bool outgrown = m_image.size() > 2 * kShown || (hidden() > 0 && m_image.size() < kShown / 2);
    if (outgrown) showImage();
    emit edited(m_text);
}

void SentenceEdit::replaceSelected(const QString& pasted) {
    const QString text = repaired(pasted);
    const QTextCursor cursor = textCursor();
    const qsizetype begin = cursor.selectionStart();
    const qsizetype length = cursor.selectionEnd() - begin;
    if (text.isEmpty() && length == 0) return;
    QString whole = m_text;
    whole.replace(begin, length, text);
    m_text = withinLimit(whole, &m_cut);
    showImage();
    QTextCursor after = textCursor();
    after.setPosition(static_cast<int>(std::min(begin + text.size(), m_image.size())));
    setTextCursor(after);
    emit edited(m_text);
}

void SentenceEdit::insertFromMimeData(const QMimeData* source) {
    if (!source->hasText()) return;
    QString text = source->text();
    // A line copied from a page or an editor brings its end along.
    text.replace(QStringLiteral("\r\n"), QStringLiteral("\n"));
    replaceSelected(text);
}

bool SentenceEdit::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)) {
            event->ignore();  // the window's action; without one keyPressEvent sees it
            return true;
        }
    }
    return QPlainTextEdit::event(event);
}

void SentenceEdit::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Undo)) {
        emit undoRequested();
    } else if (event->matches(QKeySequence::Redo)) {
        emit redoRequested();
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if ((event->modifiers() & Qt::ShiftModifier) != 0) replaceSelected(QStringLiteral("\n"));
    } else if (event->key() == Qt::Key_Escape) {
        event->ignore();
        return;
    } else {
        QPlainTextEdit::keyPressEvent(event);
        return;
    }
    event->accept();
}

void SentenceEdit::focusInEvent(QFocusEvent* event) {
    QPlainTextEdit::focusInEvent(event);
    if (event->reason() == Qt::ShortcutFocusReason) selectAll();
}

void SentenceEdit::resizeEvent(QResizeEvent* event) {
    QPlainTextEdit::resizeEvent(event);
    fitHeight();
}

void SentenceEdit::changeEvent(QEvent* event) {
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) fitHeight();
}

int SentenceEdit::singleLineHeight() const {
    const int text =
        std::max(fontMetrics().lineSpacing() + 2, static_cast<int>(kButtonTextPx * textZoom(*this)));
    return text + frameHeight();
}

/// What the style sheet puts around the text.
int SentenceEdit::frameHeight() const {
    return std::max(0,
                    height() - viewport()->height() - viewportMargins().top() - viewportMargins().bottom());
}

void SentenceEdit::fitHeight() {
    // The lines as they were laid out: those of Chinese are higher than the font says.
    double text = 0;
    int lines = 0;
    for (QTextBlock block = document()->begin(); block.isValid() && lines <= kMostLines;
         block = block.next()) {
        const QTextLayout* layout = block.layout();
        for (int i = 0; i < std::max(1, layout->lineCount()) && lines <= kMostLines; ++i, ++lines) {
            const double height =
                i < layout->lineCount() ? layout->lineAt(i).height() : fontMetrics().lineSpacing();
            if (lines < kMostLines) text += height;
        }
    }
    const int content = static_cast<int>(std::ceil(text)) + 2;
    // A single line is as high as the buttons beside it.
    const int spare = lines <= 1 ? std::max(0, singleLineHeight() - frameHeight() - content) : 0;
    const int frame = frameHeight();
    if (viewportMargins().top() != spare / 2) setViewportMargins(0, spare / 2, 0, spare - spare / 2);
    const int wanted = content + spare + frame;
    setVerticalScrollBarPolicy(lines > kMostLines ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
    if (minimumHeight() != wanted || maximumHeight() != wanted) setFixedHeight(wanted);
}

void SentenceEdit::contextMenuEvent(QContextMenuEvent* event) {
    const std::unique_ptr<QMenu> menu(createStandardContextMenu());
    // Undo and redo there are the widget's own, which are off.
    for (QAction* action : menu->actions()) {
        if (action->objectName() == u"edit-undo" || action->objectName() == u"edit-redo")
            action->setVisible(false);
    }
    menu->exec(event->globalPos());
}

// Files are the window's.
void SentenceEdit::dragEnterEvent(QDragEnterEvent* event) {
    if (!event->mimeData()->hasUrls()) return QPlainTextEdit::dragEnterEvent(event);
    QCoreApplication::sendEvent(window(), event);
}

void SentenceEdit::dragMoveEvent(QDragMoveEvent* event) {
    if (!event->mimeData()->hasUrls()) return QPlainTextEdit::dragMoveEvent(event);
    QCoreApplication::sendEvent(window(), event);
}

void SentenceEdit::dropEvent(QDropEvent* event) {
    if (!event->mimeData()->hasUrls()) return QPlainTextEdit::dropEvent(event);
    QCoreApplication::sendEvent(window(), event);
}

}  // namespace attn::ui
