#include "ui/views/card_grid.h"

#include "ui/style/fonts.h"

#include <QEvent>
#include <QGridLayout>
#include <QVBoxLayout>

namespace attn::ui {

namespace {

constexpr int kGapPx = 12;
constexpr double kColumnPx = 400;  ///< least width of a column, before zoom

}  // namespace

Card::Card(const QString& name, QWidget* parent)
    : QFrame(parent), m_title(new QLabel(this)), m_caption(new QLabel(this)), m_body(new QVBoxLayout) {
    setObjectName(name);
    setProperty("card", true);
    m_title->setProperty("look", QStringLiteral("group"));
    m_title->setWordWrap(true);
    m_caption->setObjectName(name + QStringLiteral(".caption"));
    m_caption->setWordWrap(true);
    m_caption->setTextFormat(Qt::PlainText);  // a token may look like a tag
    m_caption->setTextFormat(
        Qt::PlainText);  // selectable or rich text would be laid out as a document, slowly
    m_caption->hide();
    for (QLabel* label : {m_title, m_caption})
        label->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    m_body->setSpacing(8);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(4);
    layout->addWidget(m_title);
    layout->addWidget(m_caption);
    layout->addLayout(m_body, 1);
}

void Card::setTitle(const QString& title) {
    m_title->setText(title);
    setAccessibleName(title);
}

void Card::setCaption(const QString& caption) {
    m_caption->setText(caption);
    m_caption->setVisible(!caption.isEmpty());
}

void Card::add(QWidget* widget, int stretch) {
    m_body->addWidget(widget, stretch);
}

CardGrid::CardGrid(QWidget* parent)
    : QScrollArea(parent), m_page(new QWidget(this)), m_grid(new QGridLayout(m_page)) {
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(kGapPx);
    setWidget(m_page);
    viewport()->setAutoFillBackground(false);
    m_page->setAutoFillBackground(false);
}

void CardGrid::addCard(Card* card, bool wide) {
    card->setParent(m_page);
    m_cards.push_back({card, wide});
    place();
}

void CardGrid::arrange() {
    const int columns = viewport()->width() >= 2 * kColumnPx * textZoom(*this) ? 2 : 1;
    if (columns == m_columns) return;
    m_columns = columns;
    place();
}

void CardGrid::place() {
    const int columns = std::max(1, m_columns);
    int row = 0, column = 0;
    for (const Place& each : m_cards) {
        m_grid->removeWidget(each.card);
        const int span = each.wide ? columns : 1;
        if (column + span > columns) {
            ++row;
            column = 0;
        }
        m_grid->addWidget(each.card, row, column, 1, span);
        column += span;
    }
    // What is left over goes below the cards.
    const int rows = m_grid->rowCount();
    for (int i = 0; i < rows; ++i) m_grid->setRowStretch(i, 0);
    m_grid->setRowStretch(row + 1, 1);
    for (int i = 0; i < 2; ++i) m_grid->setColumnStretch(i, i < columns ? 1 : 0);
    // Columns are equally wide, whatever stands in them.
    for (int i = 0; i < 2; ++i) m_grid->setColumnMinimumWidth(i, i < columns ? 1 : 0);
}

void CardGrid::resizeEvent(QResizeEvent* event) {
    QScrollArea::resizeEvent(event);
    arrange();
}

void CardGrid::changeEvent(QEvent* event) {
    QScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange) arrange();
}

}  // namespace attn::ui
