#include "ui/model/model_title.h"

#include "core/model/builtin_models.h"

#include <QCoreApplication>

namespace attn::ui {

QString modelTitle(const std::string& model) {
    if (model == "toy") return QCoreApplication::translate("attn::ui::ModelChooser", "Toy model");
    return QString::fromStdString(readModelCard(modelFolder(model)).title);
}

}  // namespace attn::ui
