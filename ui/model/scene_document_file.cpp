// The document and its file.
#include "core/io/file.h"
#include "core/model/builtin_models.h"
#include "core/scene/scene_json.h"
#include "ui/model/error_text.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"

#include <QFileInfo>

namespace attn::ui {
namespace {

std::filesystem::path nativePath(const QString& path) {
    return {path.toStdU16String()};
}

}  // namespace

Scene SceneDocument::scene() const {
    Scene scene = m_scene;
    scene.view.site = m_selection->site().toStdString();
    scene.view.stage = m_selection->stage().toStdString();
    scene.view.tensor = m_selection->tensor().toStdString();
    scene.view.head = m_selection->head();
    scene.view.query = m_selection->pinned().query;
    scene.view.key = m_selection->pinned().key;
    return scene;
}

QString SceneDocument::displayName() const {
    return m_filePath.isEmpty() ? tr("Untitled") : QFileInfo(m_filePath).fileName();
}

bool SceneDocument::isModified() const {
    return !m_undo.isClean();
}

void SceneDocument::newScene(const Scene& scene) {
    replaceScene(scene, {});
}

void SceneDocument::replaceScene(const Scene& scene, const QString& path) {
    m_undo.clear();
    m_scene = scene;
    m_filePath = path;
    applyView(scene.view);
    assign(scene.inputs);
    assign(scene.pinned);
    emit experimentsChanged();
    emit fileChanged();
}

bool SceneDocument::open(const QString& path, QString* error) {
    const auto bytes = readFile(nativePath(path), kMaxSceneBytes);
    if (!bytes) {
        *error = errorText(bytes.error());
        return false;
    }
    auto loaded = sceneFromJson(*bytes);
    const QFileInfo file(path);
    if (loaded) {
        if (Result<void> found = resolveModels(loaded->scene, nativePath(file.absolutePath())); !found)
            loaded = tl::unexpected(std::move(found.error()));
    }
    if (!loaded) {
        *error = tr("%1: %2").arg(file.fileName(), errorText(loaded.error()));
        return false;
    }
    QStringList unknownKeys;
    for (const std::string& key : loaded->unknownKeys) unknownKeys.append(QString::fromStdString(key));
    const auto commit = [this, scene = loaded->scene, absolute = file.absoluteFilePath(), unknownKeys] {
        replaceScene(scene, absolute);
        emit opened(absolute, unknownKeys);
    };
    if (loaded->scene.inputs.model == "toy") {
        commit();
    } else {
        beginOpening(loaded->scene.inputs, file.fileName(), commit);
    }
    return true;
}

bool SceneDocument::save(const QString& path, QString* error) {
    const Scene saved = withModelsBeside(scene(), nativePath(QFileInfo(path).absolutePath()));
    const auto written = writeFile(nativePath(path), sceneToJson(saved));
    if (!written) {
        *error = errorText(written.error());
        return false;
    }
    m_filePath = QFileInfo(path).absoluteFilePath();
    m_undo.setClean();
    emit fileChanged();
    return true;
}

}  // namespace attn::ui
