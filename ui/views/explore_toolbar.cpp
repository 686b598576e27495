#include "ui/views/explore_toolbar.h"

#include "ui/model/scene_document.h"
#include "ui/plot/color_map.h"

#include <QActionGroup>
#include <QEvent>
#include <QGridLayout>
#include <QMenu>
#include <QPainter>
#include <QSignalBlocker>
#include <QToolButton>

#include <algorithm>
#include <array>

namespace attn::ui {

namespace {

QString colorName(ColorMapId id) {
    switch (id) {
        case ColorMapId::Viridis:
            return ExploreToolbar::tr("Viridis");
        case ColorMapId::Cividis:
            return ExploreToolbar::tr("Cividis");
        case ColorMapId::Magma:
            return ExploreToolbar::tr("Magma");
        case ColorMapId::Blues:
            return ExploreToolbar::tr("Blues");
        case ColorMapId::Greys:
            return ExploreToolbar::tr("Greys");
        case ColorMapId::Diverging:
            break;
    }
    return {};
}

constexpr int kSpacing = 6;

QIcon swatch(const ColorMap& map) {
    constexpr int kWidth = 48, kHeight = 12;
    QPixmap pixmap(kWidth, kHeight);
    QPainter painter(&pixmap);
    for (int x = 0; x < kWidth; ++x) painter.fillRect(x, 0, 1, kHeight, QColor(map.at(x / (kWidth - 1.0))));
    return pixmap;
}

}  // namespace

ExploreToolbar::ExploreToolbar(SceneDocument* document, QWidget* parent)
    : QWidget(parent), m_document(document) {
    setObjectName(QStringLiteral("exploreToolbar"));
    m_layout = new QGridLayout(this);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(kSpacing);
    m_values = addButton(QStringLiteral("view.values"), true);
    m_range = addButton(QStringLiteral("view.range"), true);
    m_colors = addButton(QStringLiteral("view.colors"), false);
    m_paint = addButton(QStringLiteral("view.paint"), true);
    m_colorMenu = new QMenu(m_colors);
    m_colors->setMenu(m_colorMenu);
    m_colors->setPopupMode(QToolButton::InstantPopup);
    connect(m_values, &QToolButton::toggled, m_document, &SceneDocument::setShowValues);
    connect(m_range, &QToolButton::toggled, m_document,
            [this](bool unit) { m_document->setRangeMode(unit ? RangeMode::Unit : RangeMode::Shared); });
    connect(m_paint, &QToolButton::toggled, this, &ExploreToolbar::paintModeChanged);
    connect(m_document, &SceneDocument::viewChanged, this, &ExploreToolbar::follow);
    connect(m_colorMenu, &QMenu::aboutToShow, this, &ExploreToolbar::fillColors);
    retranslate();
    follow();
}

QToolButton* ExploreToolbar::addButton(const QString& name, bool checkable) {
    auto* button = new QToolButton(this);
    button->setObjectName(name);
    button->setCheckable(checkable);
    button->setFocusPolicy(Qt::TabFocus);
    button->setProperty("option", true);
    m_layout->addWidget(button, 0, m_layout->count());
    return button;
}

/// All in one row, or two by two where the text is large for the window.
void ExploreToolbar::arrange() {
    const std::array buttons{m_values, m_range, m_colors, m_paint};
    int wanted = 0;
    for (const QToolButton* button : buttons) wanted += button->sizeHint().width() + kSpacing;
    const int columns = wanted - kSpacing <= width() ? static_cast<int>(buttons.size()) : 2;
    if (columns == m_columns) return;
    m_columns = columns;
    for (std::size_t i = 0; i < buttons.size(); ++i) {
        const int place = static_cast<int>(i);
        m_layout->addWidget(buttons[i], place / columns, place % columns);
    }
    updateGeometry();
}

QSize ExploreToolbar::sizeHint() const {
    int wanted = 0;
    for (const QToolButton* button : {m_values, m_range, m_colors, m_paint})
        wanted += button->sizeHint().width() + kSpacing;
    return {wanted - kSpacing, m_layout->sizeHint().height()};
}

QSize ExploreToolbar::minimumSizeHint() const {
    const int left = std::max(m_values->sizeHint().width(), m_colors->sizeHint().width());
    const int right = std::max(m_range->sizeHint().width(), m_paint->sizeHint().width());
    return {left + kSpacing + right, m_layout->minimumSize().height()};
}

void ExploreToolbar::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
}

bool ExploreToolbar::paintMode() const {
    return m_paint->isChecked() && m_paint->isEnabled();
}

void ExploreToolbar::setApplicable(bool probability, bool paintable) {
    m_range->setEnabled(probability);
    m_colors->setEnabled(probability);
    if (m_paint->isEnabled() == paintable) return;
    m_paint->setEnabled(paintable);
    emit paintModeChanged(paintMode());
}

void ExploreToolbar::follow() {
    const View& view = m_document->view();
    const QSignalBlocker values(m_values);
    const QSignalBlocker range(m_range);
    m_values->setChecked(view.values);
    m_range->setChecked(view.range == RangeMode::Unit);
}

void ExploreToolbar::fillColors() {
    m_colorMenu->clear();
    auto* group = new QActionGroup(m_colorMenu);
    const ColorMapId current = colorMapFromString(m_document->view().colormap).value_or(ColorMapId::Viridis);
    for (const ColorMapId id : sequentialColorMaps()) {
        QAction* action =
            m_colorMenu->addAction(swatch(ColorMap::of(id, paletteFor(*this).theme)), colorName(id));
        action->setObjectName(QStringLiteral("view.colors.") + QString::fromLatin1(toString(id)));
        action->setCheckable(true);
        action->setChecked(id == current);
        group->addAction(action);
        connect(action, &QAction::triggered, m_document,
                [this, id] { m_document->setColormap(QString::fromLatin1(toString(id))); });
    }
}

void ExploreToolbar::retranslate() {
    const auto say = [](QToolButton* button, const QString& text, const QString& tip) {
        button->setText(text);
        button->setToolTip(tip);
        button->setAccessibleName(text);
        button->setAccessibleDescription(tip);
    };
    say(m_values, tr("Values"), tr("Write the numbers into the cells where there is room"));
    say(m_range, tr("0–1"), tr("Colours from 0 to 1 instead of 0 to the largest value of all heads"));
    say(m_colors, tr("Colours"), tr("Colours for probabilities"));
    m_colors->setText(tr("Colours") + QStringLiteral(" ▾"));
    say(m_paint, tr("Paint mask"),
        tr("Drag over cells to mask them, or to allow them again; holding Alt does the same at any time"));
}

void ExploreToolbar::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange ||
        event->type() == QEvent::LanguageChange) {
        QMetaObject::invokeMethod(this, &ExploreToolbar::arrange, Qt::QueuedConnection);
    }
    QWidget::changeEvent(event);
}

}  // namespace attn::ui
