#pragma once
/// Waiting for what the worker brings, with the event loop running.

#include "ui/model/scene_document.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QEventLoop>
#include <gtest/gtest.h>

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

}  // namespace attn::ui
