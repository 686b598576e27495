#include "ui/views/geometry_workspace.h"

#include "tests/ui/views/view_fixture.h"
#include "ui/plot/geometry_plot.h"

#include <QCheckBox>
#include <QLabel>
#include <QMouseEvent>
#include <QPushButton>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace attn::ui {
namespace {

struct GeometryWorkspaceTest : testing::Test {
    SceneDocument document;
    GeometryWorkspace workspace{&document};
    GeometryPlot* plot = workspace.findChild<GeometryPlot*>();
    QLabel* caption = workspace.findChild<QLabel*>(QStringLiteral("geometry.caption"));
    QLabel* note = workspace.findChild<QLabel*>(QStringLiteral("geometry.note"));
    QPushButton* exact = workspace.findChild<QPushButton*>(QStringLiteral("geometry.exact"));

    void SetUp() override {
        workspace.resize(1000, 900);
        workspace.show();
        open(document, exampleScene({{"heads", "4"}}));
    }
    TensorPtr tensor(TensorName name) { return document.trace()->find({"blocks.0", name})->get(); }
    [[nodiscard]] QPointF placeOf(const GeometryPoint& point) const {
        return plot->geometryLayout().pointOf(plot->data(), point);
    }
    void makeExact() {
        document.setParameter(ParameterId::DK, std::int64_t{2});
        settle(document);
    }
};

TEST_F(GeometryWorkspaceTest, SaysHowMuchOfTheVectorsThePlaneShows) {
    const Geometry& plane = *plot->data().plane;
    EXPECT_FALSE(plane.exact);
    const auto shown = QString::number(std::lround(100 * plane.explained()));
    EXPECT_TRUE(note->text().contains(QStringLiteral("the plane shows %1 % of the variance").arg(shown)))
        << note->text().toStdString();
    EXPECT_TRUE(note->text().contains(QStringLiteral("centred on their mean")));
    EXPECT_TRUE(exact->isVisibleTo(&workspace));
    exact->click();
    settle(document);
    EXPECT_TRUE(plot->data().plane->exact);
    EXPECT_TRUE(note->text().contains(QStringLiteral("Not centred"))) << note->text().toStdString();
    EXPECT_FALSE(exact->isVisibleTo(&workspace));
    document.undoStack()->undo();
    settle(document);
    EXPECT_FALSE(plot->data().plane->exact);
}

TEST_F(GeometryWorkspaceTest, AnExactPlaneHoldsTheTensorsOwnNumbers) {
    makeExact();
    document.selection()->setHead(3);
    document.selection()->pin({7, 1});
    const TensorPtr q = tensor(TensorName::Q), k = tensor(TensorName::K);
    const GeometryData& shown = plot->data();
    EXPECT_TRUE(shown.arrows());
    for (Index i = 0; i < 11; ++i) {
        EXPECT_FLOAT_EQ(static_cast<float>(shown.plane->queries[static_cast<std::size_t>(i)].x),
                        q->at(3, i, 0));
        EXPECT_FLOAT_EQ(static_cast<float>(shown.plane->keys[static_cast<std::size_t>(i)].y), k->at(3, i, 1));
    }
    ASSERT_TRUE(shown.pair);
    EXPECT_NEAR(shown.pair->product, static_cast<double>(tensor(TensorName::ScoresRaw)->at(3, 7, 1)), 1e-5);
    EXPECT_TRUE(caption->text().startsWith(QStringLiteral("‘it’ · ‘animal’ = ‖q‖ ‖k‖ cos θ = ")))
        << caption->text().toStdString();
    // Both axes have one scale.
    const GeometryLayout& layout = plot->geometryLayout();
    const QPointF zero = layout.at({0, 0}), right = layout.at({1, 0}), up = layout.at({0, 1});
    EXPECT_NEAR(right.x() - zero.x(), zero.y() - up.y(), 1e-9);
}

TEST_F(GeometryWorkspaceTest, LinesAreTheWeightsOfTheSelectedQuery) {
    document.selection()->pin({4, -1});
    const std::vector<float>& weights = plot->data().weights;
    ASSERT_EQ(weights.size(), 11U);
    for (Index key = 0; key < 11; ++key)
        EXPECT_EQ(weights[static_cast<std::size_t>(key)], tensor(TensorName::Pattern)->at(0, 4, key));
    workspace.findChild<QCheckBox*>(QStringLiteral("geometry.weights"))->click();
    EXPECT_FALSE(document.view().geometry.weights);
    EXPECT_TRUE(plot->data().weights.empty());
}

TEST_F(GeometryWorkspaceTest, AClickChoosesForAllViewsAndASecondOneLetsGo) {
    makeExact();
    document.selection()->free();
    // A point that no other lies on.
    QTest::mouseClick(plot, Qt::LeftButton, {}, placeOf({Role::Query, 3}).toPoint());
    const Cell first = document.selection()->pinned();
    EXPECT_TRUE((first.query >= 0) != (first.key >= 0));
    document.selection()->pin({2, 5});
    QTest::keyClick(plot, Qt::Key_Down);
    EXPECT_EQ(document.selection()->pinned(), (Cell{2, 6, -1}));
    QTest::keyClick(plot, Qt::Key_Down, Qt::ControlModifier);
    EXPECT_EQ(document.selection()->pinned(), (Cell{3, 6, -1}));
    EXPECT_TRUE(workspace.escape());
    EXPECT_FALSE(workspace.escape());
}

TEST_F(GeometryWorkspaceTest, HoverCostsNoNewPicture) {
    makeExact();
    plot->grab();
    const int pictures = plot->pictureCount();
    QTest::mouseMove(plot, placeOf({Role::Key, 2}).toPoint());
    EXPECT_TRUE(plot->hovered().isValid());
    plot->grab();
    EXPECT_EQ(plot->pictureCount(), pictures);
    EXPECT_TRUE(workspace.page().story({Role::Key, 2}).startsWith(QStringLiteral("key ‘didn't’ 2 · (")))
        << workspace.page().story({Role::Key, 2}).toStdString();
}

TEST_F(GeometryWorkspaceTest, ADraggedVectorIsAnEditThatEverythingFollowsInOneUndoStep) {
    makeExact();
    document.selection()->setHead(1);
    document.selection()->pin({7, 1});
    const double before = plot->data().pair->product;
    const auto hand = [&](QEvent::Type type, const QPointF& at, Qt::MouseButtons buttons) {
        QMouseEvent event(type, at, plot->mapToGlobal(at), Qt::LeftButton, buttons, Qt::NoModifier);
        QApplication::sendEvent(plot, &event);
    };
    // The key's own tip, or that of whatever lies over it.
    const QPointF from = placeOf({Role::Key, 1});
    const GeometryPoint taken = plot->geometryLayout().nearest(plot->data(), from);
    ASSERT_TRUE(taken.isValid());
    const double scale = plot->geometryLayout().scale;
    hand(QEvent::MouseButtonPress, from, Qt::LeftButton);
    const int steps = document.undoStack()->count();
    QPointF to = from;
    for (int i = 0; i < 5; ++i) {
        to += QPointF(9, -6);
        hand(QEvent::MouseMove, to, Qt::LeftButton);
        EXPECT_TRUE(plot->isDragging());
        settle(document);
        EXPECT_EQ(plot->geometryLayout().scale, scale) << "the axes stay while it is dragged";
    }
    hand(QEvent::MouseButtonRelease, to, Qt::NoButton);
    EXPECT_FALSE(plot->isDragging());
    EXPECT_EQ(document.undoStack()->count(), steps + 1);
    EXPECT_EQ(document.selection()->pinned(), (Cell{7, 1})) << "a drag is no click";
    ASSERT_EQ(document.inputs().edits.size(), 2U);
    const TensorName name = taken.role == Role::Query ? TensorName::Q : TensorName::K;
    EXPECT_EQ(document.inputs().edits[0].tensor, (TensorKey{"blocks.0", name}));
    EXPECT_EQ(document.inputs().edits[0].head, 1);
    EXPECT_NEAR(document.inputs().edits[0].value, static_cast<double>(tensor(name)->at(1, taken.index, 0)),
                1e-6);
    const auto& edited = taken.role == Role::Query ? plot->data().editedQueries : plot->data().editedKeys;
    EXPECT_EQ(edited, (std::vector<Index>{taken.index}));
    EXPECT_NEAR(plot->data().pair->product, static_cast<double>(tensor(TensorName::ScoresRaw)->at(1, 7, 1)),
                1e-5);
    workspace.findChild<QPushButton*>(QStringLiteral("geometry.reset"))->click();
    settle(document);
    EXPECT_TRUE(document.inputs().edits.empty());
    EXPECT_NEAR(plot->data().pair->product, before, 1e-9);
    document.undoStack()->undo();
    document.undoStack()->undo();
    settle(document);
    EXPECT_TRUE(document.inputs().edits.empty());
}

TEST_F(GeometryWorkspaceTest, ADragThatIsHiddenUnderThePointerEndsThere) {
    makeExact();
    const auto hand = [&](QEvent::Type type, const QPointF& at) {
        QMouseEvent event(type, at, plot->mapToGlobal(at), Qt::LeftButton, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(plot, &event);
    };
    const QPointF from = placeOf({Role::Key, 1});
    hand(QEvent::MouseButtonPress, from);
    hand(QEvent::MouseMove, from + QPointF(30, -20));
    ASSERT_TRUE(plot->isDragging());
    const int steps = document.undoStack()->count();
    workspace.hide();
    EXPECT_FALSE(plot->isDragging());
    document.setParameter(ParameterId::Temperature, 2.0);
    EXPECT_EQ(document.undoStack()->count(), steps + 1) << "a step of its own";
}

TEST_F(GeometryWorkspaceTest, TheKeyboardMovesTheSelectedVectors) {
    makeExact();
    document.selection()->pin({2, 5});
    const PlanePoint key = plot->data().plane->keys[5], query = plot->data().plane->queries[2];
    QTest::keyClick(plot, Qt::Key_Right, Qt::ShiftModifier);
    settle(document);
    EXPECT_GT(plot->data().plane->keys[5].x, key.x);
    EXPECT_NEAR(plot->data().plane->keys[5].y, key.y, 1e-6);
    QTest::keyClick(plot, Qt::Key_Down, Qt::ShiftModifier | Qt::ControlModifier);
    settle(document);
    EXPECT_LT(plot->data().plane->queries[2].y, query.y);
    // More dimensions than the plane has cannot be dragged in it.
    document.setParameter(ParameterId::DK, std::int64_t{3});
    settle(document);
    const std::size_t edits = document.inputs().edits.size();
    QTest::keyClick(plot, Qt::Key_Right, Qt::ShiftModifier);
    EXPECT_EQ(document.inputs().edits.size(), edits);
}

/// A wheel step with Ctrl, up or down.
void turnWheel(GeometryPlot* plot, const QPointF& at, int steps, Qt::KeyboardModifiers keys) {
    QWheelEvent wheel(at, plot->mapToGlobal(at), {}, {0, 120 * steps}, Qt::NoButton, keys, Qt::NoScrollPhase,
                      false);
    QApplication::sendEvent(plot, &wheel);
}

TEST_F(GeometryWorkspaceTest, TheWheelZoomsAroundThePointerAndBothAxesKeepOneScale) {
    document.selection()->free();
    const GeometryLayout& layout = plot->geometryLayout();
    const GeometryLayout before = layout;
    const GeometryPoint point{Role::Key, 4};
    const QPointF at = placeOf(point);
    turnWheel(plot, at, 1, Qt::NoModifier);
    EXPECT_TRUE(plot->isFitted()) << "without Ctrl it is the page's";
    for (int i = 0; i < 4; ++i) turnWheel(plot, at, 1, Qt::ControlModifier);
    EXPECT_NEAR(layout.scale, before.scale * std::pow(1.25, 4), 1e-9 * layout.scale);
    EXPECT_NEAR(placeOf(point).x(), at.x(), 1e-6);
    EXPECT_NEAR(placeOf(point).y(), at.y(), 1e-6);
    const QPointF zero = layout.at({0, 0}), right = layout.at({1, 0}), up = layout.at({0, 1});
    EXPECT_NEAR(right.x() - zero.x(), zero.y() - up.y(), 1e-9);
    EXPECT_FALSE(plot->isFitted());
    // What lies outside has no label, cannot be chosen, and is counted.
    std::size_t outside = 0;
    for (const Role role : {Role::Query, Role::Key}) {
        for (Index i = 0; i < 11; ++i) {
            const QPointF place = placeOf({role, i});
            if (layout.shows(place)) continue;
            ++outside;
            EXPECT_FALSE(layout.nearest(plot->data(), place).isValid());
        }
    }
    EXPECT_GT(outside, 0U);
    EXPECT_EQ(layout.outside, outside);
    for (const auto& label : layout.labels)
        EXPECT_TRUE(layout.shows(layout.pointOf(plot->data(), label.point)));
    for (int i = 0; i < 9; ++i) turnWheel(plot, at, -1, Qt::ControlModifier);
    EXPECT_TRUE(plot->isFitted());
    EXPECT_EQ(layout.scale, before.scale);
    EXPECT_EQ(layout.zero, before.zero);
}

TEST_F(GeometryWorkspaceTest, KeysAndButtonsZoomAndHomeShowsAllPoints) {
    auto* fit = workspace.findChild<QToolButton*>(QStringLiteral("geometry.fit"));
    document.selection()->pin({3, 6});
    const QPointF key = placeOf({Role::Key, 6});
    QTest::keyClick(plot, Qt::Key_Plus);
    EXPECT_NEAR(plot->geometryLayout().magnification(), 1.25, 1e-9);
    EXPECT_NEAR(placeOf({Role::Key, 6}).x(), key.x(), 1e-6) << "around what is looked at";
    EXPECT_FALSE(fit->isChecked());
    workspace.findChild<QToolButton*>(QStringLiteral("geometry.zoomIn"))->click();
    EXPECT_NEAR(plot->geometryLayout().magnification(), 1.25 * 1.25, 1e-9);
    QTest::keyClick(plot, Qt::Key_Home);
    EXPECT_TRUE(plot->isFitted());
    EXPECT_TRUE(fit->isChecked());
    for (int i = 0; i < 60; ++i) QTest::keyClick(plot, Qt::Key_Plus);
    EXPECT_NEAR(plot->geometryLayout().magnification(), GeometryLayout::kMostZoom, 1e-6);
    // What is chosen elsewhere comes into sight.
    for (int token = 0; token < 11; ++token) {
        document.selection()->pin({token, -1});
        EXPECT_TRUE(plot->geometryLayout().shows(placeOf({Role::Query, token}))) << token;
    }
    fit->click();
    EXPECT_TRUE(plot->isFitted());
    EXPECT_TRUE(fit->isChecked());
}

TEST_F(GeometryWorkspaceTest, ZoomedTheGroundIsTakenAlongAndADoubleClickShowsAll) {
    document.selection()->pin({3, 6});
    const auto hand = [&](QEvent::Type type, const QPointF& at, Qt::MouseButtons buttons) {
        QMouseEvent event(type, at, plot->mapToGlobal(at), Qt::LeftButton, buttons, Qt::NoModifier);
        QApplication::sendEvent(plot, &event);
    };
    for (int i = 0; i < 6; ++i) QTest::keyClick(plot, Qt::Key_Plus);
    const GeometryLayout& layout = plot->geometryLayout();
    QPointF ground = layout.plot.center();
    for (double x = layout.plot.left(); layout.nearest(plot->data(), ground).isValid(); x += 5)
        ground = {x, layout.plot.top() + 3};
    const QPointF before = placeOf({Role::Key, 6});
    hand(QEvent::MouseButtonPress, ground, Qt::LeftButton);
    const QPointF inwards = layout.plot.center() - before;  // never beyond all points
    const QPointF way(inwards.x() < 0 ? -30 : 30, inwards.y() < 0 ? -20 : 20);
    hand(QEvent::MouseMove, ground + way / 2, Qt::LeftButton);
    hand(QEvent::MouseMove, ground + way, Qt::LeftButton);
    hand(QEvent::MouseButtonRelease, ground + way, Qt::NoButton);
    EXPECT_NEAR(placeOf({Role::Key, 6}).x(), before.x() + way.x(), 1e-6);
    EXPECT_NEAR(placeOf({Role::Key, 6}).y(), before.y() + way.y(), 1e-6);
    EXPECT_EQ(document.selection()->pinned(), (Cell{3, 6, -1})) << "taking the ground lets go of nothing";
    hand(QEvent::MouseButtonDblClick, ground, Qt::LeftButton);
    EXPECT_TRUE(plot->isFitted());
    EXPECT_EQ(document.selection()->pinned(), (Cell{3, 6, -1}));
    // Another head has another plane.
    QTest::keyClick(plot, Qt::Key_Plus);
    EXPECT_FALSE(plot->isFitted());
    document.selection()->setHead(2);
    ASSERT_TRUE(waitUntil([&] { return workspace.isComplete(); }));
    EXPECT_TRUE(plot->isFitted());
}

TEST_F(GeometryWorkspaceTest, LabelsDoNotOverlap) {
    QString text;
    for (int i = 0; i < 200; ++i) text += QStringLiteral("word%1 ").arg(i);
    document.setText(text);
    settle(document);
    ASSERT_TRUE(waitUntil([&] { return workspace.isComplete() && plot->data().queries->size() == 200; }));
    const auto& labels = plot->geometryLayout().labels;
    EXPECT_GT(labels.size(), 10U);
    EXPECT_EQ(plot->geometryLayout().unlabelled, 400 - labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
        EXPECT_TRUE(plot->geometryLayout().area.contains(labels[i].box));
        for (std::size_t j = 0; j < i; ++j)
            EXPECT_FALSE(labels[i].box.intersects(labels[j].box)) << i << " " << j;
    }
}

TEST_F(GeometryWorkspaceTest, WhatTakesLongIsWorkedOutElsewhere) {
    QString text;
    for (int i = 0; i < 500; ++i) text += QStringLiteral("w%1 ").arg(i);
    document.setText(text);
    document.setParameter(ParameterId::DK, std::int64_t{128});
    settle(document);
    ASSERT_TRUE(waitUntil([&] { return plot->data().plane && plot->data().plane->width == 128; }));
    EXPECT_EQ(plot->data().plane->queries.size(), 500U);
    const Geometry expected = geometryOf(tensor(TensorName::Q)->matrix(0), tensor(TensorName::K)->matrix(0));
    EXPECT_EQ(plot->data().plane->keys[99], expected.keys[99]);
}

TEST_F(GeometryWorkspaceTest, OneDimensionEmptyTextAndOneTokenLookIntended) {
    document.setParameter(ParameterId::DK, std::int64_t{1});
    settle(document);
    EXPECT_TRUE(note->text().startsWith(QStringLiteral("d_k = 1"))) << note->text().toStdString();
    EXPECT_LT(placeOf({Role::Query, 0}).y(), placeOf({Role::Key, 0}).y());
    document.setText(QStringLiteral("one"));
    settle(document);
    EXPECT_EQ(plot->data().plane->queries.size(), 1U);
    document.setText(QString());
    settle(document);
    EXPECT_TRUE(plot->data().isEmpty());
    EXPECT_TRUE(workspace.isComplete());
    EXPECT_TRUE(note->text().isEmpty());
}

TEST_F(GeometryWorkspaceTest, ItsFigureAndDataHoldEveryPoint) {
    const auto csv = workspace.page().source().data({}, DataFormat::Csv);
    ASSERT_TRUE(csv);
    EXPECT_EQ(std::count(csv->begin(), csv->end(), '\n'), 23);
    const auto spec = workspace.page().source().figure({});
    ASSERT_TRUE(spec);
    const auto svg = renderFigure(*spec, FigureFormat::Svg);
    ASSERT_TRUE(svg);
    EXPECT_TRUE(svg->contains("component 1"));
    EXPECT_TRUE(svg->contains("street"));
}

}  // namespace
}  // namespace attn::ui
