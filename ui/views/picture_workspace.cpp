#include "ui/views/picture_workspace.h"

#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/views/layer_bar.h"
#include "ui/views/scroll_page.h"

#include <QBoxLayout>
#include <QEvent>
#include <QFrame>
#include <QLabel>

namespace attn::ui {

PictureWorkspace::PictureWorkspace(SceneDocument* document, const QString& name, QWidget* parent)
    : PageWorkspace(parent), m_document(document) {
    setObjectName(name);
    auto* content = new QWidget;
    m_head = new QFrame(content);
    m_head->setProperty("card", true);
    m_row = new QBoxLayout(QBoxLayout::LeftToRight);
    m_row->setSpacing(12);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addWidget(m_head);
    column->addLayout(m_row, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scrollPage(content, this));
}

LayerBar* PictureWorkspace::makeLayerBar() {
    auto* bar = new LayerBar(m_document, m_head);
    bar->addKeysTo(this);
    return bar;
}

QLabel* PictureWorkspace::sentence(const QString& name) const {
    auto* label = new QLabel(m_head);
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    return label;
}

void PictureWorkspace::setPicture(QWidget* plot, int lines) {
    m_picture = plot;
    m_lines = lines;
    auto* card = new QFrame(m_head->parentWidget());
    card->setProperty("card", true);
    auto* inside = new QVBoxLayout(card);
    inside->setContentsMargins(8, 8, 8, 8);
    inside->addWidget(plot);
    m_row->addWidget(card, 1);
    offerPageMenu(plot);
    const Selection* selection = m_document->selection();
    connect(m_document, &SceneDocument::traceChanged, this, &PictureWorkspace::refresh);
    connect(m_document, &SceneDocument::tensorReady, this, &PictureWorkspace::refresh);
    connect(m_document, &SceneDocument::viewChanged, this, &PictureWorkspace::refresh);
    connect(selection, &Selection::siteChanged, this, &PictureWorkspace::refresh);
    connect(selection, &Selection::headChanged, this, &PictureWorkspace::refresh);
    connect(selection, &Selection::cellChanged, this, &PictureWorkspace::followSelection);
}

bool PictureWorkspace::escape() {
    if (m_document->selection()->shown().isNull()) return false;
    m_document->selection()->free();
    return true;
}

void PictureWorkspace::setPresenting(bool presenting) {
    m_head->setVisible(!presenting);
}

void PictureWorkspace::fitToText(int textPx) {
    m_picture->setMinimumHeight(m_lines * textPx);
}

void PictureWorkspace::showEvent(QShowEvent* event) {
    refresh();
    PageWorkspace::showEvent(event);
}

void PictureWorkspace::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    PageWorkspace::changeEvent(event);
}

}  // namespace attn::ui
