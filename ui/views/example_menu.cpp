#include "ui/views/example_menu.h"

#include "ui/model/error_text.h"
#include "ui/model/model_title.h"

#include <QMenu>

#include <algorithm>

namespace attn::ui {
namespace {

QString menuText(const QString& text) {
    return QString(text).replace(u'&', QStringLiteral("&&"));
}

void addExample(QMenu* menu, const Example& example, const std::function<void(const Example&)>& pick) {
    QAction* action = menu->addAction(menuText(coreText(example.title.c_str())));
    action->setObjectName(QStringLiteral("example.") + QString::fromStdString(example.id));
    action->setToolTip(coreText(example.hint.c_str()));
    action->setStatusTip(action->toolTip());
    const Example* chosen = &example;
    QObject::connect(action, &QAction::triggered, menu, [chosen, pick] { pick(*chosen); });
}

}  // namespace

void fillExampleMenu(QMenu* menu, const std::vector<Example>& examples, const std::string& model,
                     const std::function<void(const Example&)>& pick) {
    menu->clear();
    std::vector<std::string> models;
    for (const Example& example : examples) {
        const std::string& of = example.scene.inputs.model;
        if (std::find(models.begin(), models.end(), of) == models.end()) models.push_back(of);
    }
    const bool hasOwn = std::find(models.begin(), models.end(), model) != models.end();
    const std::string open = hasOwn || models.empty() ? model : models.front();
    for (const Example& example : examples) {
        if (example.scene.inputs.model == open) addExample(menu, example, pick);
    }
    if (models.size() > 1) menu->addSeparator();
    for (const std::string& other : models) {
        if (other == open) continue;
        QMenu* const group = menu->addMenu(menuText(modelTitle(other)));
        group->setToolTipsVisible(true);
        group->menuAction()->setObjectName(QStringLiteral("examples.") + QString::fromStdString(other));
        for (const Example& example : examples) {
            if (example.scene.inputs.model == other) addExample(group, example, pick);
        }
    }
}

}  // namespace attn::ui
