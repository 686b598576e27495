#include "ui/style/style_sheet.h"

#include "ui/style/fonts.h"

#include <QHash>
#include <QStringView>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

// @name is a colour of the palette, #N a length in pixels that follows the text zoom; plain lengths do not.
// Few selectors on purpose: polishing 300 widgets against a large sheet took 25–33 ms at start.
constexpr const char* kTemplate = R"css(
QFrame[card="true"]{background:@card;border:1px solid @line;border-radius:8px}
QFrame[notice="true"]{background:@warningGround;border-color:@warning}
QLabel:disabled{color:@muted}
QLabel[look="group"]{color:@muted;font-size:#11;font-weight:700}
QLabel[look="muted"]{color:@muted}
QLabel[look="warning"]{color:@warning}
QLabel[look="edited"]{color:@edited}
QLabel[look="title"]{font-size:#16;font-weight:600}
QLabel[look="sentence"]{font-size:#18;font-weight:600}
QLabel[badge]{border-radius:#10;padding:#3 #10;font-size:#12;font-weight:600}
QLabel[badge="toy"]{color:@toy;background:@toyGround}
QLabel[badge="edited"]{color:@edited;background:@editedGround}
QLabel[badge="trained"]{color:@trained;background:@trainedGround}
QLabel[badge="warning"]{color:@warning;background:@warningGround}

QPushButton{background:@field;color:@text;border:1px solid @line;border-radius:6px;padding:#5 #12;min-height:#18}
QPushButton:hover{background:@hover}
QPushButton:pressed{background:@line}
QPushButton:disabled{color:@disabled}
QPushButton::menu-indicator{image:none;width:0}
QPushButton:focus{border:2px solid @focus;padding:#4 #11}
QPushButton[primary="true"]{background:@accent;color:@accentText;border-color:@accent;font-weight:600}
QPushButton[primary="true"]:disabled{background:@track;color:@disabled;border-color:@track}
QPushButton[segment]{color:@muted;padding:#3 #6;border-radius:0;border-left-width:0;border-right-width:0}
QPushButton[segment="first"]{border-left-width:1px;border-top-left-radius:6px;border-bottom-left-radius:6px}
QPushButton[segment="last"]{border-right-width:1px;border-top-right-radius:6px;border-bottom-right-radius:6px}
QPushButton[segment="only"]{border-left-width:1px;border-right-width:1px;border-radius:6px}
QPushButton[segment]:checked{background:@card;color:@text;border:2px solid @accent;border-radius:6px;padding:#2 #4;font-weight:700}
QPushButton[segment]:disabled{color:@disabled}
QPushButton[segment]:checked:disabled{color:@disabled;border-color:@track}
QPushButton[segment]:focus{border:2px solid @focus;border-radius:6px;padding:#2 #4}
QPushButton[chip="true"]{background:@chip;border:2px solid @chip;border-radius:#14;padding:#3 #10}
QPushButton[chip="true"]:hover{background:@chipHover;border-color:@chipHover}
QPushButton[chip="true"][tokenRole="key"]{background:@chip;border-color:@key;font-weight:700}
QPushButton[chip="true"][tokenRole="query"]{background:@query;border-color:@query;color:@card;font-weight:700}
QPushButton[chip="true"]:focus{border-color:@focus}
QToolButton{background:transparent;color:@text;border:2px solid transparent;border-radius:6px;padding:#3 #6}
QToolButton:hover{background:@hover}
QToolButton:focus{border-color:@focus}
QToolButton:disabled{color:@disabled}
QToolButton::menu-indicator{image:none;width:0}
QToolButton[option="true"]{color:@muted;border:1px solid @line;padding:#5 #9;min-height:#18}
QToolButton[option="true"]:checked{color:@text;background:@selection;border-color:@selection;font-weight:600}
QToolButton[option="true"]:focus{border:2px solid @focus;padding:#4 #8}
QToolButton[option="true"]:disabled{color:@disabled;background:transparent}
QToolButton[stage="true"]{border:2px solid @muted;border-radius:#12;padding:#4 #12;color:@muted;font-weight:600}
QToolButton[stage="true"][role="query"]{border-color:@query;color:@query}
QToolButton[stage="true"][role="key"]{border-color:@key;color:@key}
QToolButton[stage="true"][role="value"]{border-color:@value;color:@value}
QToolButton[stage="true"][role="output"]{border-color:@output;color:@output}
QToolButton[stage="true"]:checked{background:@accent;border-color:@accent;color:@accentText}
QToolButton[stage="true"]:focus{border-color:@focus}

QLineEdit,QSpinBox,QDoubleSpinBox,QComboBox,QPlainTextEdit,QTextEdit{background:@field;color:@text;border:1px solid @line;border-radius:6px;padding:#4 #8;selection-background-color:@selection;selection-color:@text}
QLineEdit:focus,QSpinBox:focus,QDoubleSpinBox:focus,QComboBox:focus,QPlainTextEdit:focus,QTextEdit:focus{border:2px solid @focus;padding:#3 #7}
QLineEdit:disabled,QSpinBox:disabled,QDoubleSpinBox:disabled,QComboBox:disabled{color:@disabled}
QLineEdit[value="true"]{background:transparent;border:1px solid transparent;padding:#1 1px #1 #4;font-weight:600}
QLineEdit[value="true"]:hover{background:@field;border-color:@line}
QLineEdit[value="true"]:focus{background:@field;border:1px solid @focus;padding:#1 1px #1 #4}
QLineEdit[value="true"]:disabled{background:transparent;border-color:transparent;color:@muted}
QLineEdit[invalid="true"]{border-color:@warning}
QLineEdit[value="true"][invalid="true"]{border-color:@warning}
QListWidget{background:@field;color:@text;border:1px solid @line;border-radius:6px;outline:0;selection-background-color:@selection;selection-color:@text}
QListWidget:focus{border-color:@focus}
QListWidget::item{border:0;padding:1px #4}
QListWidget::item:selected{background:@selection}
QComboBox::drop-down{border:0;width:#22}
QComboBox::down-arrow,QSpinBox::down-arrow,QDoubleSpinBox::down-arrow{width:0;height:0;border-left:#4 solid @field;border-right:#4 solid @field;border-top:#5 solid @muted}
QSpinBox::up-arrow,QDoubleSpinBox::up-arrow{width:0;height:0;border-left:#4 solid @field;border-right:#4 solid @field;border-bottom:#5 solid @muted}
QSpinBox::up-button,QSpinBox::down-button,QDoubleSpinBox::up-button,QDoubleSpinBox::down-button{border:0;background:transparent;width:#16}
QComboBox QAbstractItemView{background:@card;border:1px solid @line;selection-background-color:@selection;selection-color:@text;outline:0}

QSlider{min-height:#20;background:transparent;color:@text}
QSlider::groove:horizontal{height:#4;border-radius:@grooveRadius;background:@track}
QSlider::sub-page:horizontal{border-radius:@grooveRadius;background:@accent}
QSlider::handle:horizontal{width:#12;height:#12;margin:-@handleMargin 0;border-radius:@handleRadius;border:#2 solid @accent;background:@card}
QSlider::handle:horizontal:hover{background:@hover}
QSlider::handle:horizontal:focus{border-color:@focus;background:@focus}
QSlider::sub-page:horizontal:disabled{background:@disabled}
QSlider::handle:horizontal:disabled{border-color:@disabled}

QCheckBox{spacing:#8}
QCheckBox::indicator{width:#15;height:#15}

QProgressBar{background:@track;border:0;border-radius:2px;min-height:4px;max-height:4px}
QProgressBar::chunk{background:@accent;border-radius:2px}

QTabBar{qproperty-drawBase:0;qproperty-expanding:0;background:transparent;color:@text}
QTabBar::tab{background:transparent;color:@muted;border:1px solid transparent;border-bottom:3px solid transparent;border-top-left-radius:6px;border-top-right-radius:6px;padding:#5 #14}
QTabBar::tab:hover{color:@text}
QTabBar::tab:selected{background:@card;color:@text;border-color:@line;border-bottom-color:@accent}
QTabBar::tab:focus{border-bottom-color:@focus}
QTabBar::scroller{width:#24}
QTabBar QToolButton{background:@ground;border:1px solid @line;border-radius:4px;padding:0;margin:#4 1px}

QMenuBar{background:transparent;color:@text;padding:2px 4px}
QMenuBar::item{padding:#4 #10;border-radius:6px;background:transparent}
QMenuBar::item:selected{background:@hover}
QMenu{background:@card;border:1px solid @line;padding:4px}
QMenu::item{padding:#5 #24 #5 #12;border-radius:4px}
QMenu::item:selected{background:@selection}
QMenu::item:disabled{color:@disabled}
QMenu::separator{height:1px;background:@line;margin:4px 8px}
QToolTip{background:@card;color:@text;border:1px solid @line;padding:#3 #5}

QScrollArea{background:transparent;color:@text;border:0}
QScrollBar{background:transparent;color:@text;border:0}
QScrollBar:vertical{width:10px}
QScrollBar:horizontal{height:10px}
QScrollBar::handle{background:@track;border-radius:3px;margin:2px}
QScrollBar::handle:vertical{min-height:#24}
QScrollBar::handle:horizontal{min-width:#24}
QScrollBar::handle:hover{background:@muted}
QScrollBar::add-line,QScrollBar::sub-line{width:0;height:0}
QScrollBar::add-page,QScrollBar::sub-page{background:transparent}
QSplitter::handle{background:transparent}
QDialogButtonBox{dialogbuttonbox-buttons-have-icons:0}
)css";

QHash<QString, QString> colours(const Palette& p) {
    const auto entry = [](const char* name, const QColor& colour) {
        return std::pair<QString, QString>(QString::fromLatin1(name), colour.name());
    };
    return {entry("ground", p.ground),
            entry("card", p.card),
            entry("line", p.line),
            entry("text", p.text),
            entry("muted", p.muted),
            entry("accent", p.accent),
            entry("accentText", p.accentText),
            entry("query", p.query),
            entry("key", p.key),
            entry("value", p.value),
            entry("output", p.output),
            entry("field", p.field),
            entry("chip", p.chip),
            entry("chipHover", p.chipHover),
            entry("hover", p.hover),
            entry("selection", p.selection),
            entry("disabled", p.disabled),
            entry("track", p.track),
            entry("focus", p.focus),
            entry("toy", p.toy),
            entry("toyGround", p.toyGround),
            entry("edited", p.edited),
            entry("editedGround", p.editedGround),
            entry("trained", p.trained),
            entry("trainedGround", p.trainedGround),
            entry("warning", p.warning),
            entry("warningGround", p.warningGround)};
}

/// Lengths of sliders. A radius of more than half the height is none at all, so that it has to follow from
/// the same rounded lengths that the height is made of.
void addSliderLengths(QHash<QString, QString>& names, double factor) {
    const auto px = [&](double at100) { return static_cast<int>(std::lround(at100 * factor)); };
    const int handle = px(12) + 2 * px(2), groove = px(4);
    const auto set = [&](const char* name, int length) {
        names.insert(QString::fromLatin1(name), QString::number(length) + QStringLiteral("px"));
    };
    set("handleRadius", handle / 2);
    set("handleMargin", (handle - groove) / 2);
    set("grooveRadius", groove / 2);
}

}  // namespace

QString styleSheet(const Palette& palette, double zoom) {
    const double factor = std::clamp(zoom, kMinZoom, kMaxZoom);
    QHash<QString, QString> names = colours(palette);
    addSliderLengths(names, factor);
    const QString source = QString::fromUtf8(kTemplate);
    QString sheet;
    sheet.reserve(source.size() * 3 / 2);
    for (qsizetype i = 0; i < source.size();) {
        const QChar c = source[i];
        qsizetype end = i + 1;
        if (c == u'@') {
            while (end < source.size() && source[end].isLetter()) ++end;
            sheet += names.value(source.mid(i + 1, end - i - 1));
        } else if (c == u'#') {
            while (end < source.size() && source[end].isDigit()) ++end;
            const double px = source.mid(i + 1, end - i - 1).toDouble() * factor;
            sheet += QString::number(std::lround(px)) + QStringLiteral("px");
        } else {
            sheet += c;
        }
        i = end;
    }
    return sheet;
}

}  // namespace attn::ui
