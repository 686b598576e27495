#include "ui/panels/flow_row.h"

#include <QApplication>
#include <QPushButton>
#include <QVBoxLayout>
#include <gtest/gtest.h>

namespace attn::ui {
namespace {

struct FlowRowTest : testing::Test {
    QWidget window;
    FlowRow* row = new FlowRow(10, 4);
    std::vector<QWidget*> parts;

    void SetUp() override {
        auto* column = new QVBoxLayout(&window);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(0);
        column->addLayout(row);
        column->addStretch(1);
        for (int i = 0; i < 4; ++i) {
            if (i == 3) row->addGap();
            auto* part = new QWidget;
            part->setFixedSize(100, 20 + 10 * i);
            row->addWidget(part);
            parts.push_back(part);
        }
    }
    void show(int width) {
        window.resize(width, 300);
        window.show();
        QApplication::processEvents();
    }
};

TEST_F(FlowRowTest, OneLineWhereAllFitWithTheLastAtItsEnd) {
    show(600);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(parts[i]->x(), static_cast<int>(i) * 110);
    EXPECT_EQ(parts[3]->geometry().right(), 599);
    // In the middle of the highest.
    for (const QWidget* part : parts) EXPECT_EQ(part->y() + part->height() / 2, 25);
    EXPECT_EQ(row->heightForWidth(600), 50);
}

TEST_F(FlowRowTest, GoesOnInTheNextLine) {
    show(215);
    EXPECT_EQ(parts[1]->x(), 110);
    EXPECT_EQ(parts[2]->x(), 0);
    EXPECT_EQ(parts[2]->y(), 30 + 4 + 5);
    EXPECT_EQ(parts[3]->geometry().right(), 214);
    EXPECT_EQ(row->heightForWidth(215), 30 + 4 + 50);
    EXPECT_EQ(row->heightForWidth(50), 20 + 30 + 40 + 50 + 3 * 4) << "one below another, however narrow";
    EXPECT_EQ(row->minimumSize(), QSize(100, 50));
}

TEST_F(FlowRowTest, WhatIsHiddenTakesNoRoom) {
    parts[1]->hide();
    parts[3]->hide();
    show(215);
    EXPECT_EQ(parts[2]->x(), 110);
    EXPECT_EQ(row->heightForWidth(215), 40);
    for (QWidget* part : parts) part->hide();
    EXPECT_EQ(row->heightForWidth(215), 0);
    EXPECT_EQ(row->sizeHint(), QSize(0, 0));
}

}  // namespace
}  // namespace attn::ui
