#pragma once
/// The workspace of all heads, on tiny models.

#include "tests/ui/views/view_fixture.h"
#include "ui/views/head_grid.h"
#include "ui/views/head_survey.h"
#include "ui/views/heads_workspace.h"

#include <QTest>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace attn::ui {

inline std::string model(const char* name) {
    return (std::filesystem::path(ATTN_TEST_DATA) / "models" / name).string();
}

inline Scene sceneOf(const std::string& folder) {
    Scene scene;
    scene.inputs.model = folder;
    scene.inputs.ids = std::vector<std::int64_t>{3, 1, 4, 1, 5, 9};
    scene.view.workspace = "heads";
    return scene;
}

class HeadsWorkspaceTest : public testing::Test {
protected:
    void open(const Scene& scene) {
        m_document.newScene(scene);
        m_workspace.resize(1100, 700);
        m_workspace.show();
        ASSERT_TRUE(waitUntil([&] { return m_document.isCurrent() && m_document.trace() && complete(); }));
    }
    bool complete() {
        m_workspace.grid()->viewport()->repaint();
        return m_workspace.isComplete();
    }
    void settle() {
        ASSERT_TRUE(waitUntil([&] { return m_document.isCurrent() && complete(); }));
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
        QTest::keyClick(m_workspace.grid(), key, modifiers);
    }
    [[nodiscard]] std::pair<QString, int> selected() const {
        return {m_document.selection()->site(), m_document.selection()->head()};
    }
    [[nodiscard]] std::string ablations() const {
        std::string text;
        for (const Ablation& each : m_document.inputs().ablations) text += formatAblation(each) + " ";
        return text;
    }
    template <typename T>
    T* child(const char* name) {
        T* found = m_workspace.findChild<T*>(QString::fromLatin1(name));
        EXPECT_NE(found, nullptr) << name;
        return found;
    }

    SceneDocument m_document;
    HeadsWorkspace m_workspace{&m_document};
};

}  // namespace attn::ui
