#include "ui/views/sentence_bar.h"

#include "ui/model/error_text.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/views/example_menu.h"
#include "ui/views/id_list.h"
#include "ui/views/model_chooser.h"
#include "ui/views/sentence_edit.h"
#include "ui/views/token_chips.h"
#include "ui/views/tokens_button.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QToolButton>

#include <algorithm>

namespace attn::ui {

namespace {

constexpr int kEditRow = 0, kButtonsRow = 1, kContextRow = 4;
constexpr int kColumns = 2;  ///< beside the labels: what is typed, and its buttons
constexpr int kTypedInLines =
    24;  ///< least width of what is typed, in heights of text, with buttons beside it

template <typename T>
T* named(T* widget, const char* name) {
    widget->setObjectName(QString::fromLatin1(name));
    return widget;
}

QLabel* noteLabel(const char* name, QWidget* parent) {
    auto* label = named(new QLabel(parent), name);
    label->setProperty("look", QStringLiteral("muted"));
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->hide();
    return label;
}

void showNote(QLabel* label, const QString& text) {
    if (label->text() != text) label->setText(text);
    if (label->isHidden() != text.isEmpty()) label->setVisible(!text.isEmpty());
}

}  // namespace

SentenceBar::SentenceBar(SceneDocument* document, std::vector<Example> examples, QWidget* parent)
    : QFrame(parent),
      m_document(document),
      m_label(named(new QLabel(this), "sentence.label")),
      m_edit(named(new SentenceEdit(this), "sentence.text")),
      m_idsButton(named(new QToolButton(this), "sentence.ids")),
      m_examples(std::move(examples)),
      m_models(new ModelChooser(document, m_examples, this)),
      m_examplesButton(named(new QPushButton(this), "sentence.examples")),
      m_examplesMenu(named(new QMenu(this), "sentence.examples.menu")),
      m_addContext(named(new QPushButton(this), "sentence.addContext")),
      m_shown(new TokensButton(document, this)),
      m_chips(named(new TokenChips(Role::Query, this), "sentence.tokens")),
      m_note(noteLabel("sentence.note", this)),
      m_hint(noteLabel("sentence.hint", this)),
      m_contextLabel(named(new QLabel(this), "context.label")),
      m_contextEdit(named(new SentenceEdit(this), "context.text")),
      m_removeContext(named(new QToolButton(this), "context.remove")),
      m_contextChips(named(new TokenChips(Role::Key, this), "context.tokens")),
      m_contextNote(noteLabel("context.note", this)) {
    setObjectName(QStringLiteral("sentenceBar"));
    setProperty("card", true);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    build();
    connectParts();
    setFocusProxy(m_edit);
    showTexts();
    followInputs();
    followTrace();
    followSelection();
}

void SentenceBar::build() {
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(16, 8, 16, 12);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    m_buttons = new QWidget(this);
    auto* buttons = new QHBoxLayout(m_buttons);
    buttons->setContentsMargins(0, 0, 0, 0);
    buttons->setSpacing(8);
    for (QWidget* each :
         {static_cast<QWidget*>(m_idsButton), static_cast<QWidget*>(m_shown), static_cast<QWidget*>(m_models),
          static_cast<QWidget*>(m_examplesButton), static_cast<QWidget*>(m_addContext)}) {
        buttons->addWidget(each);
    }
    grid->addWidget(m_label, 0, 0, Qt::AlignTop);
    grid->addWidget(m_edit, kEditRow, 1, Qt::AlignTop);
    grid->addWidget(m_buttons, kEditRow, kColumns, Qt::AlignTop);
    grid->addWidget(m_chips, 2, 1, 1, kColumns);
    grid->addWidget(m_note, 3, 1, 1, kColumns);
    grid->addWidget(m_contextLabel, kContextRow, 0, Qt::AlignTop);
    grid->addWidget(m_contextEdit, kContextRow, 1, Qt::AlignTop);
    grid->addWidget(m_removeContext, kContextRow, kColumns, Qt::AlignTop | Qt::AlignLeft);
    grid->addWidget(m_contextChips, kContextRow + 1, 1, 1, kColumns);
    grid->addWidget(m_contextNote, 6, 1, 1, kColumns);
    grid->addWidget(m_hint, 7, 1, 1, kColumns);

    m_label->setBuddy(m_edit);
    m_contextLabel->setBuddy(m_contextEdit);
    for (QLabel* label : {m_label, m_contextLabel}) label->setProperty("look", QStringLiteral("muted"));
    m_idsButton->setCheckable(true);
    m_idsButton->setProperty("option", true);
    m_idsButton->setFocusPolicy(Qt::StrongFocus);
    m_examplesButton->setMenu(m_examplesMenu);
    m_examplesButton->setVisible(!m_examples.empty());
    m_examplesMenu->setToolTipsVisible(true);
    m_removeContext->setText(QStringLiteral("×"));
    m_removeContext->setFocusPolicy(Qt::StrongFocus);
}

void SentenceBar::connectParts() {
    connect(m_edit, &SentenceEdit::edited, this, &SentenceBar::takeText);
    connect(m_idsButton, &QToolButton::clicked, this, &SentenceBar::takeIds);
    connect(m_contextEdit, &SentenceEdit::edited, this,
            [this](const QString& text) { m_document->setContext(text); });
    for (SentenceEdit* edit : {m_edit, m_contextEdit}) {
        connect(edit, &SentenceEdit::undoRequested, m_document, &SceneDocument::undo);
        connect(edit, &SentenceEdit::redoRequested, m_document, &SceneDocument::redo);
    }
    connect(m_addContext, &QPushButton::clicked, this, [this] {
        m_document->setContext(QString());
        m_contextEdit->setFocus(Qt::OtherFocusReason);
    });
    connect(m_removeContext, &QToolButton::clicked, this, [this] {
        m_document->setContext(std::nullopt);
        m_edit->setFocus(Qt::OtherFocusReason);
    });

    for (TokenChips* chips : {m_chips, m_contextChips}) {
        connect(chips, &TokenChips::tokenClicked, this,
                [this, chips](int index) { choose(chips, index, false); });
        connect(chips, &TokenChips::tokenOtherClicked, this,
                [this, chips](int index) { choose(chips, index, true); });
        connect(chips, &TokenChips::tokenHovered, this, [this, chips](int index) { preview(chips, index); });
    }
    Selection* selection = m_document->selection();
    connect(selection, &Selection::siteChanged, this, &SentenceBar::followSelection);
    connect(selection, &Selection::cellChanged, this, &SentenceBar::followSelection);
    connect(m_document, &SceneDocument::inputsChanged, this, &SentenceBar::followInputs);
    connect(m_document, &SceneDocument::traceChanged, this, &SentenceBar::followTrace);
    connect(m_document, &SceneDocument::viewChanged, this, &SentenceBar::followShown);
}

void SentenceBar::followInputs() {
    const Inputs& inputs = m_document->inputs();
    const ModelInfo* trained = model();
    // Ids that were typed stay as they were typed, a comma behind the last one too.
    if (!inputs.ids || inputs.ids != m_shownIds) {
        m_idsProblem.clear();
        m_edit->setText(inputs.ids ? idText(*inputs.ids) : QString::fromStdString(inputs.text));
        m_shownIds = inputs.ids;
    }
    m_idsButton->setVisible(trained != nullptr || inputs.ids.has_value());
    m_idsButton->setChecked(inputs.ids.has_value());
    m_idsButton->setEnabled(trained != nullptr && trained->hasTokenizer);
    m_label->setText(inputs.ids ? tr("Ids") : tr("Sentence"));
    m_edit->setPlaceholderText(inputs.ids ? tr("Type token ids: 5, 7, 9") : tr("Type a sentence"));
    m_edit->setAccessibleName(inputs.ids ? tr("Token ids") : tr("Sentence"));
    const bool cross = inputs.context.has_value();
    if (cross) m_contextEdit->setText(QString::fromStdString(*inputs.context));
    for (QWidget* widget : std::initializer_list<QWidget*>{m_contextEdit, m_removeContext})
        widget->setVisible(cross);
    const TracePtr& trace = m_document->trace();
    const bool writes = trace && trace->target() != nullptr && trained != nullptr;
    m_contextLabel->setVisible(cross || writes);
    m_contextChips->setVisible(cross || writes);
    placeSecondChips(writes);
    m_contextLabel->setText(writes ? tr("Target") : tr("Context\n(keys and values)"));
    m_addContext->setVisible(!cross && inputs.model == "toy");  // its cross-attention has no trained model
    // Later: one of the menu's own actions may be what changes the model.
    if (inputs.model != m_menuModel)
        QMetaObject::invokeMethod(this, &SentenceBar::fillMenu, Qt::QueuedConnection);
    showNotes();
}

/// A target has no line to type in: its tokens stand beside its name.
void SentenceBar::placeSecondChips(bool besideLabel) {
    if (besideLabel == m_chipsBesideLabel) return;
    m_chipsBesideLabel = besideLabel;
    auto* grid = static_cast<QGridLayout*>(layout());
    grid->removeWidget(m_contextChips);
    grid->addWidget(m_contextChips, besideLabel ? kContextRow : kContextRow + 1, 1, 1, kColumns);
}

/// While what is typed is no list of ids, the last one that was stays.
void SentenceBar::takeText(const QString& text) {
    if (!m_document->inputs().ids) {
        m_document->setText(text);
        return;
    }
    const ModelInfo* trained = model();
    auto ids = parseIds(text, trained != nullptr ? trained->vocabulary : 0);
    m_idsProblem = ids ? QString() : errorText(ids.error());
    if (ids) {
        m_shownIds = *ids;
        m_document->setIds(*std::move(ids));
    }
    showNotes();
}

void SentenceBar::takeIds(bool wanted) {
    const TracePtr& trace = m_document->trace();
    if (!wanted || !trace || model() == nullptr) {
        m_document->setIds(std::nullopt);
        return;
    }
    std::vector<std::int64_t> ids;
    for (const Token& token : trace->tokens().items) ids.push_back(token.id);
    m_document->setIds(std::move(ids));
}

const ModelInfo* SentenceBar::model() const {
    const TracePtr& trace = m_document->trace();
    return trace && trace->inputs().model == m_document->inputs().model ? trace->model() : nullptr;
}

/// What a trained model leaves out of a text is said, and how much it takes.
QString SentenceBar::contextNote() const {
    const ModelInfo* trained = model();
    if (trained == nullptr || !m_document->trace()->tokens().truncated()) return {};
    const QLocale locale;
    return tr("%1 takes %2 tokens: the text has %3, and what comes after them is cut off.")
        .arg(QString::fromStdString(trained->title),
             locale.toString(static_cast<qlonglong>(trained->context)),
             locale.toString(static_cast<qulonglong>(m_document->trace()->tokens().found)));
}

QString SentenceBar::lengthNote(const SentenceEdit& edit) const {
    QStringList notes;
    const QLocale locale;
    if (edit.hidden() > 0) {
        notes += tr("The text has %1 characters; the first %2 are shown here, all of them are kept.")
                     .arg(locale.toString(edit.text().size()),
                          locale.toString(edit.text().size() - edit.hidden()));
    }
    if (edit.wasCut()) {
        notes += tr("A text can have %1 MB; what came after that was left out.")
                     .arg(locale.toString(static_cast<qulonglong>(kMaxTextBytes >> 20U)));
    }
    return notes.join(u' ');
}

void SentenceBar::showNotes() {
    const bool cross = m_document->inputs().context.has_value();
    const QStringList notes{m_idsProblem, contextNote(), lengthNote(*m_edit)};
    showNote(m_note, QStringList(notes).filter(QRegularExpression(QStringLiteral("."))).join(u' '));
    showNote(m_contextNote, cross ? lengthNote(*m_contextEdit) : QString());
    // What the hint says is true of the example's own parameters; another slider may have made it false.
    const auto shown = std::find_if(m_examples.begin(), m_examples.end(), [&](const Example& each) {
        return each.scene.inputs == m_document->inputs();
    });
    const bool silent = m_compact || shown == m_examples.end();
    showNote(m_hint, silent ? QString() : coreText(shown->hint.c_str()));
}

void SentenceBar::setCompact(bool compact) {
    if (compact == m_compact) return;
    m_compact = compact;
    showNotes();
}

void SentenceBar::fillMenu() {
    m_menuModel = m_document->inputs().model;
    fillExampleMenu(m_examplesMenu, m_examples, m_menuModel, [this](const Example& example) {
        m_document->applyExample(example.scene, coreText(example.title.c_str()));
    });
}

void SentenceBar::showTexts() {
    m_idsButton->setText(tr("ids"));
    m_idsButton->setToolTip(tr("Give the model's token ids as numbers, taken as they are; nothing is added"));
    m_idsButton->setAccessibleName(tr("Type token ids"));
    m_examplesButton->setText(tr("Examples") + QStringLiteral(" ▾"));
    m_examplesButton->setAccessibleName(tr("Examples"));
    m_examplesButton->setToolTip(tr("Sentences that show something"));
    m_addContext->setText(tr("+ context…"));
    m_addContext->setToolTip(
        tr("A second sentence: queries from the first, keys and values from the second"));
    m_addContext->setAccessibleName(tr("Add a context"));
    m_contextLabel->setText(tr("Context\n(keys and values)"));
    m_contextEdit->setAccessibleName(tr("Context (keys and values)"));
    m_contextEdit->setPlaceholderText(tr("Type the sentence that is attended to"));
    m_removeContext->setToolTip(tr("Remove the context: the sentence attends to itself"));
    m_removeContext->setAccessibleName(tr("Remove the context"));
    fillMenu();
    followInputs();
}

/// Beside what is typed, or below it where both would be too narrow.
void SentenceBar::placeButtons() {
    const int left = width() - m_label->sizeHint().width() - m_buttons->sizeHint().width();
    const bool below = left < kTypedInLines * fontMetrics().height();
    if (below == m_buttonsBelow) return;
    m_buttonsBelow = below;
    auto* grid = static_cast<QGridLayout*>(layout());
    grid->removeWidget(m_edit);
    grid->removeWidget(m_buttons);
    grid->addWidget(m_edit, kEditRow, 1, 1, below ? kColumns : 1, Qt::AlignTop);
    if (below)
        grid->addWidget(m_buttons, kButtonsRow, 1, 1, kColumns, Qt::AlignTop | Qt::AlignLeft);
    else
        grid->addWidget(m_buttons, kEditRow, kColumns, Qt::AlignTop);
}

/// The labels stand on the line of the text beside them.
void SentenceBar::alignLabels() {
    const int above = std::max(0, (m_edit->singleLineHeight() - m_label->fontMetrics().height()) / 2);
    m_label->setContentsMargins(0, above, 0, 0);
    m_contextLabel->setContentsMargins(0, above / 2, 0, 0);
}

bool SentenceBar::event(QEvent* event) {
    const bool handled = QFrame::event(event);
    if (event->type() == QEvent::Polish || event->type() == QEvent::FontChange ||
        event->type() == QEvent::StyleChange) {
        alignLabels();
    }
    if (event->type() == QEvent::Resize || event->type() == QEvent::LayoutRequest) {
        placeButtons();
        alignLabels();
    }
    return handled;
}

void SentenceBar::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) showTexts();
}

}  // namespace attn::ui
