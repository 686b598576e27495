#include "ui/model/newest_work.h"

#include "tests/ui/wait.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <semaphore>
#include <thread>
#include <vector>

namespace attn::ui {
namespace {

TEST(NewestWork, MakesElsewhereAndShowsHere) {
    NewestWork work;
    std::thread::id made, shown;
    EXPECT_FALSE(work.isBusy());
    work.ask([&](const std::stop_token&) -> NewestWork::Show {
        made = std::this_thread::get_id();
        return [&] { shown = std::this_thread::get_id(); };
    });
    EXPECT_TRUE(work.isBusy());
    ASSERT_TRUE(waitUntil([&] { return !work.isBusy(); }));
    EXPECT_EQ(shown, std::this_thread::get_id());
    EXPECT_NE(made, shown);
}

TEST(NewestWork, OfManyQuestionsTheNewestIsAnswered) {
    NewestWork work;
    std::binary_semaphore begun{0}, go{0};
    std::atomic<bool> superseded = false, second = false;
    std::vector<int> shown;
    work.ask([&](const std::stop_token& stop) -> NewestWork::Show {
        begun.release();
        go.acquire();
        superseded = stop.stop_requested();
        return [&] { shown.push_back(1); };
    });
    begun.acquire();
    work.ask([&](const std::stop_token&) -> NewestWork::Show {
        second = true;
        return [&] { shown.push_back(2); };
    });
    work.ask([&](const std::stop_token& stop) -> NewestWork::Show {
        EXPECT_FALSE(stop.stop_requested());
        return [&] { shown.push_back(3); };
    });
    go.release();
    ASSERT_TRUE(waitUntil([&] { return !work.isBusy(); }));
    EXPECT_EQ(shown, std::vector<int>{3});
    EXPECT_TRUE(superseded) << "the first was told that nobody waits for it";
    EXPECT_FALSE(second) << "it had not begun";
}

TEST(NewestWork, WhatIsCancelledIsNotShownAndWhatItOwnedIsLetGo) {
    NewestWork work;
    std::binary_semaphore begun{0}, go{0};
    auto owned = std::make_shared<int>(1);
    const std::weak_ptr<int> watched = owned;
    bool shown = false;
    work.ask([&, own = std::move(owned)](const std::stop_token&) -> NewestWork::Show {
        begun.release();
        go.acquire();
        return [&] { shown = true; };
    });
    begun.acquire();
    work.cancel();
    EXPECT_FALSE(work.isBusy());
    go.release();
    ASSERT_TRUE(waitUntil([&] { return watched.expired(); }));
    bool after = false;
    work.ask([&](const std::stop_token&) -> NewestWork::Show { return [&] { after = true; }; });
    ASSERT_TRUE(waitUntil([&] { return after; }));
    EXPECT_FALSE(shown);
}

TEST(NewestWork, GoesWhileItWorks) {
    std::binary_semaphore begun{0};
    std::atomic<bool> stopped = false;
    {
        NewestWork work;
        work.ask([&](const std::stop_token& stop) -> NewestWork::Show {
            begun.release();
            while (!stop.stop_requested()) std::this_thread::yield();
            stopped = true;
            return {};
        });
        begun.acquire();
    }
    EXPECT_TRUE(stopped);
}

}  // namespace
}  // namespace attn::ui
