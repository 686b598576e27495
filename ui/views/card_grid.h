#pragma once
/// Cards side by side where there is room, else one below another, in a page that scrolls.

#include <QFrame>
#include <QLabel>
#include <QScrollArea>
#include <QWidget>

#include <vector>

class QGridLayout;
class QVBoxLayout;

namespace attn::ui {

/// A title in small capitals, one sentence that says what is to be seen, and what it is about.
class Card : public QFrame {
    Q_OBJECT
public:
    explicit Card(const QString& name, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setCaption(const QString& caption);
    [[nodiscard]] QString caption() const { return m_caption->text(); }
    void add(QWidget* widget, int stretch = 0);
    [[nodiscard]] QVBoxLayout* body() const { return m_body; }

private:
    QLabel *m_title, *m_caption;
    QVBoxLayout* m_body;
};

class CardGrid : public QScrollArea {
    Q_OBJECT
public:
    explicit CardGrid(QWidget* parent = nullptr);

    /// From left to right, then the next row. `wide`: a row of its own.
    void addCard(Card* card, bool wide = false);
    [[nodiscard]] int columns() const { return m_columns; }

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Place {
        Card* card;
        bool wide;
    };
    void arrange();
    void place();

    QWidget* m_page;
    QGridLayout* m_grid;
    std::vector<Place> m_cards;
    int m_columns = 0;
};

}  // namespace attn::ui
