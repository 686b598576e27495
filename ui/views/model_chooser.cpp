#include "ui/views/model_chooser.h"

#include "core/io/file.h"
#include "ui/model/error_text.h"
#include "ui/model/model_title.h"
#include "ui/model/scene_document.h"

#include <QDir>
#include <QEvent>
#include <QFileInfo>
#include <QMenu>

#include <algorithm>
#include <utility>

namespace attn::ui {
namespace {

constexpr int kMostCharacters = 22;

}  // namespace

ModelChooser::ModelChooser(SceneDocument* document, const std::vector<Example>& examples, QWidget* parent)
    : QPushButton(parent),
      m_document(document),
      m_examples(examples),
      m_menu(new QMenu(this)),
      m_builtIn(builtInModels(resourceFolder())) {
    setObjectName(QStringLiteral("sentence.model"));
    m_menu->setObjectName(QStringLiteral("sentence.model.menu"));
    m_menu->setToolTipsVisible(true);
    setMenu(m_menu);
    connect(m_menu, &QMenu::aboutToShow, this, &ModelChooser::fillMenu);
    connect(document, &SceneDocument::inputsChanged, this, &ModelChooser::refresh);
    connect(document, &SceneDocument::traceChanged, this, &ModelChooser::refresh);
    fillMenu();
    refresh();
}

void ModelChooser::setRecentFolders(std::function<QStringList()> recentFolders) {
    m_recentFolders = std::move(recentFolders);
}

void ModelChooser::refresh() {
    const TracePtr& trace = m_document->trace();
    const std::string& model = m_document->inputs().model;
    const bool known = trace && trace->model() != nullptr && trace->inputs().model == model;
    const QString title = known ? QString::fromStdString(trace->model()->title) : modelTitle(model);
    const QString shown =
        title.size() <= kMostCharacters ? title : title.left(kMostCharacters - 1) + QStringLiteral("…");
    const QString label = QString(shown).replace(u'&', QStringLiteral("&&")) + QStringLiteral(" ▾");
    if (text() == label) return;
    setText(label);
    setAccessibleName(tr("Model: %1").arg(title));
    QString tip = tr("Model: %1").arg(title);
    if (known && !trace->model()->description.empty())
        tip += u'\n' + coreText(trace->model()->description.c_str());
    setToolTip(tip);
}

QAction* ModelChooser::addModel(const QString& model, const QString& title, const QString& tip) {
    QAction* action = m_menu->addAction(QString(title).replace(u'&', QStringLiteral("&&")));
    action->setCheckable(true);
    action->setChecked(model.toStdString() == m_document->inputs().model);
    action->setToolTip(tip);
    connect(action, &QAction::triggered, this, [this, model] { choose(model); });
    return action;
}

void ModelChooser::choose(const QString& model) {
    const Inputs& now = m_document->inputs();
    const auto isExample = [&](const Example& each) {
        return each.scene.inputs.text == now.text && each.scene.inputs.context == now.context;
    };
    const auto ofModel = std::find_if(m_examples.begin(), m_examples.end(), [&](const Example& each) {
        return each.scene.inputs.model == model.toStdString();
    });
    const bool untouched = now.text.empty() || std::any_of(m_examples.begin(), m_examples.end(), isExample);
    if (untouched && !now.ids && ofModel != m_examples.end() && now.model != model.toStdString()) {
        m_document->applyExample(ofModel->scene, coreText(ofModel->title.c_str()));
    } else {
        m_document->openModel(model);
    }
}

void ModelChooser::fillMenu() {
    m_menu->clear();
    addModel(QStringLiteral("toy"), tr("Toy model"),
             tr("One block with seeded weights and sizes of your choice"))
        ->setObjectName(QStringLiteral("model.toy"));
    for (const BuiltInModel& each : m_builtIn) {
        const QString name = QString::fromStdString(each.name);
        addModel(name, QString::fromStdString(each.card.title), coreText(each.card.description.c_str()))
            ->setObjectName(QStringLiteral("model.") + name);
    }
    const QStringList folders = m_recentFolders ? m_recentFolders() : QStringList();
    if (!folders.isEmpty()) m_menu->addSeparator();
    int number = 0;
    for (const QString& folder : folders) {
        addModel(folder, QFileInfo(folder).fileName(), QDir::toNativeSeparators(folder))
            ->setObjectName(QStringLiteral("model.recent.%1").arg(number++));
    }
    m_menu->addSeparator();
    QAction* open = m_menu->addAction(tr("Open a folder…"));
    open->setObjectName(QStringLiteral("model.openFolder"));
    open->setToolTip(tr("A model in the layout of Hugging Face: config.json and safetensors"));
    connect(open, &QAction::triggered, this, &ModelChooser::folderWanted);
}

void ModelChooser::changeEvent(QEvent* event) {
    QPushButton::changeEvent(event);
    if (event->type() != QEvent::LanguageChange) return;
    setText({});
    refresh();
}

}  // namespace attn::ui
