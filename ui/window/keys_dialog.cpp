#include "ui/window/keys_dialog.h"

#include "ui/panels/flow_grid.h"
#include "ui/style/fonts.h"
#include "ui/views/scroll_page.h"

#include <QDialogButtonBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QScreen>
#include <QScrollArea>
#include <QVBoxLayout>

#include <vector>

namespace attn::ui {

namespace {

struct KeyRow {
    QString keys, effect;
};

struct KeyGroup {
    QString title;
    std::vector<KeyRow> rows;
};

constexpr int kWidthPx = 900, kHeightPx = 640, kColumnPx = 380, kKeysPx = 165;

std::vector<KeyGroup> commonGroups() {
    const auto tr = [](const char* text) { return KeysDialog::tr(text); };
    return {{tr("ANYWHERE"),
             {{tr("Ctrl+1 … Ctrl+9"), tr("the workspaces, from Explore to √dₖ")},
              {tr("Ctrl+L"), tr("go to the sentence")},
              {tr("Page up, Page down"), tr("the layer before, the next one")},
              {tr("Escape"), tr("lets go of what is selected")},
              {tr("Ctrl+Z, Ctrl+Shift+Z"), tr("undo, redo")},
              {tr("Ctrl and +, −, 0"), tr("text size, 50 to 250 %")},
              {tr("F11"), tr("present: sentence, figure, one row of controls")},
              {tr("Ctrl+E, Ctrl+Shift+C"), tr("export the figure, copy it")},
              {tr("Right click a figure"), tr("copies or saves the picture or its numbers")},
              {tr("Drop a folder or a scene"), tr("opens it")}}},
            {tr("SLIDERS AND NUMBERS"),
             {{tr("Drag"), tr("everything follows; one undo step")},
              {tr("Arrow keys, Page up, Page down"), tr("a small step, a large one")},
              {tr("Click its value"), tr("to type it")},
              {tr("Double click its label"), tr("back to the default")}}},
            {tr("HEAT MAPS"),
             {{tr("Point at a cell"), tr("previews its arithmetic")},
              {tr("Click a cell, a label or a chip"), tr("keeps it")},
              {tr("Arrow keys, Home, End"), tr("move the selection")},
              {tr("Double click, F2, or type"), tr("changes the number; Tab goes on to the next")},
              {tr("Ctrl and drag up or down"), tr("changes the number while everything follows")},
              {tr("Paint mask, or Alt and drag"), tr("masks or allows cells by hand")}}}};
}

std::vector<KeyGroup> viewGroups() {
    const auto tr = [](const char* text) { return KeysDialog::tr(text); };
    return {
        {tr("HEADS"),
         {{tr("Arrow keys, Enter"), tr("choose a head; look at it in Explore")},
          {tr("Space, Shift+Space, M"), tr("switch a head, all of its layer, its MLP off or on")},
          {tr("Ctrl and wheel, +, −, 0"), tr("size of the thumbnails; all of them")}}},
        {tr("LINKS"),
         {{tr("Point at a token"), tr("isolates its links, with their weights")},
          {tr("Click a head, double click"), tr("shows or hides it; shows it alone")},
          {tr("Arrow keys"), tr("along the queries, along the keys")}}},
        {tr("FLOW"),
         {{tr("Up, Down"), tr("a layer later, a layer earlier")}, {tr("Left, Right"), tr("another token")}}},
        {tr("NEURONS"),
         {{tr("Up, Down; Ctrl with them"), tr("choose the key; the query")},
          {tr("Left, Right, Space"), tr("choose a dimension; switch it off or on")}}},
        {tr("GEOMETRY"),
         {{tr("Ctrl and wheel, +, −"), tr("zoom; pinch does it too")},
          {tr("Home, or double click the ground"), tr("all points")},
          {tr("Drag the ground"), tr("moves what is zoomed")},
          {tr("Up, Down; Ctrl with them"), tr("choose the key; the query")},
          {tr("Drag an arrow, Shift and arrow keys"), tr("changes a vector, where dₖ is 2")}}},
        {tr("SOFTMAX AND √dₖ"),
         {{tr("Drag a bar, or the line in a plot"), tr("changes the logit, the scale, dₖ")},
          {tr("Arrow keys, Delete"), tr("choose and change a bar; remove it")}}}};
}

}  // namespace

KeysDialog::KeysDialog(QWidget* parent) : QDialog(parent) {
    setObjectName(QStringLiteral("keysDialog"));
    auto* page = new QWidget;
    auto* inPage = new QVBoxLayout(page);
    inPage->setContentsMargins(20, 16, 20, 8);
    m_content = new QWidget(page);
    new QVBoxLayout(m_content);
    inPage->addWidget(m_content);
    inPage->addStretch(1);
    QScrollArea* scroll = scrollPage(page, this);
    scroll->setFocusPolicy(Qt::StrongFocus);  // the keyboard scrolls it
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->setContentsMargins(20, 8, 20, 12);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll, 1);
    layout->addWidget(buttons);
    fill();
}

QSize KeysDialog::sizeHint() const {
    const QSize wanted = QSize(kWidthPx, kHeightPx) * textZoom(*this);
    return screen() == nullptr ? wanted : wanted.boundedTo(screen()->availableSize() * 9 / 10);
}

void KeysDialog::fill() {
    setWindowTitle(tr("Keys and gestures"));
    qDeleteAll(m_content->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly));
    auto* columns = new FlowGrid(2, kColumnPx, m_content);
    columns->setSpacing(20);
    for (const std::vector<KeyGroup>& groups : {commonGroups(), viewGroups()}) {
        auto* column = new QWidget(columns);
        auto* grid = new QGridLayout(column);
        grid->setContentsMargins(0, 0, 0, 0);
        grid->setHorizontalSpacing(16);
        grid->setVerticalSpacing(5);
        grid->setColumnStretch(1, 1);
        int row = 0;
        for (const KeyGroup& group : groups) {
            if (row > 0) grid->setRowMinimumHeight(row++, 10);
            auto* title = new QLabel(group.title, column);
            title->setProperty("look", QStringLiteral("group"));
            grid->addWidget(title, row++, 0, 1, 2);
            for (const KeyRow& each : group.rows) {
                auto* keys = new QLabel(each.keys, column);
                auto* effect = new QLabel(each.effect, column);
                effect->setProperty("look", QStringLiteral("muted"));
                for (QLabel* label : {keys, effect}) label->setWordWrap(true);
                keys->setMinimumWidth(static_cast<int>(kKeysPx * textZoom(*this)));
                grid->addWidget(keys, row, 0, Qt::AlignTop);
                grid->addWidget(effect, row++, 1, Qt::AlignTop);
            }
        }
        grid->setRowStretch(row, 1);
        columns->add(column);
    }
    m_content->layout()->setContentsMargins(0, 0, 0, 0);
    m_content->layout()->addWidget(columns);
}

void KeysDialog::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) fill();
    QDialog::changeEvent(event);
}

}  // namespace attn::ui
