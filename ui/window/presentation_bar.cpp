#include "ui/window/presentation_bar.h"

#include "core/scene/parameter.h"
#include "ui/model/scene_document.h"
#include "ui/panels/parameter_editor.h"

#include <QHBoxLayout>
#include <QPushButton>

namespace attn::ui {

PresentationBar::PresentationBar(SceneDocument* document, QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("presentationBar"));
    setProperty("card", true);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 8, 16, 8);
    layout->setSpacing(32);
    for (const ParameterId id : {ParameterId::Scale, ParameterId::Temperature, ParameterId::Mask}) {
        ParameterEditor* editor = ParameterEditor::create(spec(id), document, nullptr, this);
        m_editors.push_back(editor);
        layout->addWidget(editor, 1, Qt::AlignTop);
    }
    connect(document, &SceneDocument::inputsChanged, this, [this] {
        for (ParameterEditor* editor : m_editors) editor->refresh();
    });
    auto* leave = new QPushButton(tr("Leave (F11)"), this);
    leave->setObjectName(QStringLiteral("presentation.leave"));
    connect(leave, &QPushButton::clicked, this, &PresentationBar::leaveRequested);
    layout->addWidget(leave, 0, Qt::AlignVCenter | Qt::AlignRight);
}

void PresentationBar::setParametersVisible(bool visible) {
    for (ParameterEditor* editor : m_editors) editor->setVisible(visible);
}

}  // namespace attn::ui
