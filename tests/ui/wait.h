#pragma once
/// Waiting for what the worker brings, with the event loop running.

#include "ui/model/scene_document.h"

#include <QApplication>
#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QEventLoop>
#include <QRect>
#include <QTest>
#include <QWidget>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace attn::ui {

template <typename Condition>
[[nodiscard]] bool waitUntil(Condition condition) {
    const QDeadlineTimer patience(30000);  // an upper bound, never a measure
    while (!condition()) {
        if (patience.hasExpired()) return false;
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 20);
    }
    return true;
}

[[nodiscard]] inline bool waitForTrace(SceneDocument& document) {
    return waitUntil([&] { return document.trace() != nullptr && document.isCurrent(); });
}

/// Handles events until all that is shown has kept its place and size for a few turns: a scroll bar that
/// appears or a text that wraps moves what is beside it one turn later, under a pointer that was aimed
/// before.
inline void settleLayouts() {
    const auto places = [] {
        std::vector<QRect> out;
        for (const QWidget* window : QApplication::topLevelWidgets()) {
            if (!window->isVisible()) continue;
            out.push_back(window->geometry());
            for (const QWidget* part : window->findChildren<QWidget*>()) {
                if (part->isVisible()) out.push_back(part->geometry());
            }
        }
        return out;
    };
    for (QWidget* window : QApplication::topLevelWidgets()) {
        if (!window->isVisible()) continue;
        EXPECT_TRUE(QTest::qWaitForWindowExposed(window));
    }
    const QDeadlineTimer patience(30000);
    std::vector<QRect> before = places();
    for (int still = 0; still < 3;) {
        ASSERT_FALSE(patience.hasExpired()) << "what is shown never comes to rest";
        QTest::qWait(2);
        std::vector<QRect> now = places();
        still = now == before ? still + 1 : 0;
        before = std::move(now);
    }
}

}  // namespace attn::ui
