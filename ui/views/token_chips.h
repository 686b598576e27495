#pragma once
/// The tokens of a sequence as chips, in one painted widget: at most two rows, in pages where there are more.
/// Only the page that is seen is measured and drawn, so that a thousand tokens cost no more than thirty.

#include "core/text/tokenizer.h"
#include "ui/style/palette.h"

#include <QString>
#include <QWidget>

#include <memory>
#include <vector>

namespace attn::ui {

/// What is known of a chip besides its token.
struct ChipNote {
    int token = 0;           ///< where its first token stands in the text
    int pieces = 1;          ///< tokens that it stands for
    bool splitWord = false;  ///< of a word that the vocabulary does not have in one piece
    int segment = 0;         ///< token type
    QString text;            ///< the pieces of several, or the word that a piece belongs to; may be empty

    bool operator==(const ChipNote&) const = default;
};
struct ChipNotes {
    std::vector<ChipNote> chips;  ///< one for each, or none at all
    int tokens = 0;               ///< of the text
    int hidden = 0;               ///< of them

    bool operator==(const ChipNotes&) const = default;
};

class TokenChips : public QWidget {
    Q_OBJECT
public:
    /// `role`: what a click chooses, Query or Key.
    explicit TokenChips(Role role, QWidget* parent = nullptr);

    void setTokens(const Tokens& tokens, ChipNotes notes = {});
    [[nodiscard]] const Tokens& tokens() const { return m_tokens; }
    /// Filled in the colour of queries, outlined in that of keys; -1: none. Turns to the page of what
    /// changed.
    void setMarked(int query, int key);

    [[nodiscard]] int count() const { return static_cast<int>(m_tokens.items.size()); }
    [[nodiscard]] int current() const { return m_current; }  ///< under the keyboard; -1 without tokens
    [[nodiscard]] int firstVisible() const { return m_first; }
    [[nodiscard]] int endVisible() const { return m_first + static_cast<int>(m_chips.size()); }
    [[nodiscard]] QRect chipRect(int index) const;     ///< null where it is on another page
    [[nodiscard]] int tokenAt(QPoint position) const;  ///< -1 between chips
    [[nodiscard]] QString countText() const;
    void showToken(int index);  ///< turns to its page

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void tokenClicked(int index);
    void tokenOtherClicked(int index);  ///< with Ctrl, Shift or the right button: the other role
    void tokenHovered(int index);       ///< -1: none

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Chip {
        QRect rect;
        QString text;  ///< as shown, elided
    };
    struct Page {
        int first = 0;
        int rows = 1;
        std::vector<Chip> chips;
        QRect before, after, count;  ///< null where there is nothing before or after
        [[nodiscard]] int end() const { return first + static_cast<int>(chips.size()); }
    };
    class Flow;

    [[nodiscard]] Page layOut(int first);
    const Chip& measured(int index);  ///< its width and text; where it lies comes from the page
    void forgetMeasures();
    [[nodiscard]] QString moreText(int number, bool before) const;
    [[nodiscard]] QString tokenTip(int index) const;
    [[nodiscard]] ChipNote noteOf(int index) const;
    void paintNote(QPainter& painter, int index, const Chip& chip) const;
    [[nodiscard]] QFont chipFont(bool bold) const;
    void name();
    void arrange();
    void take(Page page);
    void setHovered(int index);
    void setCurrent(int index);
    void choose(int index, bool other);
    void turnPage(int direction);
    void describe();
    void paintChip(QPainter& painter, int index, const Chip& chip) const;

    Role m_role;
    Tokens m_tokens;
    ChipNotes m_notes;
    std::vector<int> m_pages{0};  ///< first tokens of the pages from 0 to the one that is seen
    int m_first = 0;
    std::vector<Chip> m_chips;
    std::vector<Chip> m_measured;  ///< of every token; width 0 where nobody looked yet
    QFont m_boldFont;
    QRect m_before, m_after, m_countRect;
    int m_rows = 1;
    int m_query = -1, m_key = -1;
    int m_hovered = -1, m_current = -1;
    int m_wheel = 0;
};

}  // namespace attn::ui
