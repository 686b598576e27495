// The chooser, and the sentence bar of a model that takes ids.
#include "ui/views/model_chooser.h"

#include "tests/ui/views/view_fixture.h"
#include "ui/views/sentence_bar.h"
#include "ui/views/sentence_edit.h"
#include "ui/views/token_chips.h"

#include <QAction>
#include <QLabel>
#include <QMenu>
#include <QSignalSpy>
#include <QToolButton>

namespace attn::ui {
namespace {

const QString kFolder = QStringLiteral(ATTN_TEST_DATA "/models/gpt2-untied");

class ModelChooserTest : public testing::Test {
protected:
    ModelChooserTest() {
        bar.modelChooser()->setRecentFolders([] { return QStringList{kFolder}; });
        bar.resize(1000, 160);
        bar.show();
        open(document, exampleScene());
    }
    QAction* choice(const char* name) {
        auto* menu = bar.findChild<QMenu*>(QStringLiteral("sentence.model.menu"));
        emit menu->aboutToShow();
        return menu->findChild<QAction*>(QString::fromLatin1(name));
    }
    void type(const QString& text) {
        bar.edit()->selectAll();
        bar.edit()->replaceSelected(text);
    }
    [[nodiscard]] QString note() const {
        const auto* label = bar.findChild<QLabel*>(QStringLiteral("sentence.note"));
        return label->isVisible() ? label->text() : QString();
    }

    SceneDocument document;
    SentenceBar bar{&document, {}};
};

TEST_F(ModelChooserTest, NamesThePresentModelAndOpensAnother) {
    EXPECT_TRUE(bar.modelChooser()->text().startsWith(QStringLiteral("Toy model")));
    EXPECT_TRUE(choice("model.toy")->isChecked());
    choice("model.recent.0")->trigger();
    settle(document);
    EXPECT_EQ(document.inputs().model, kFolder.toStdString());
    EXPECT_TRUE(bar.modelChooser()->text().startsWith(QStringLiteral("gpt2-untied")));
    EXPECT_TRUE(choice("model.recent.0")->isChecked());
    choice("model.toy")->trigger();
    settle(document);
    EXPECT_EQ(document.inputs().model, "toy");
    EXPECT_EQ(document.inputs().text, kSentence);
    QSignalSpy wanted(bar.modelChooser(), &ModelChooser::folderWanted);
    choice("model.openFolder")->trigger();
    EXPECT_EQ(wanted.count(), 1);
}

TEST_F(ModelChooserTest, IdsAreTypedCheckedAndUndone) {
    auto* ids = bar.findChild<QToolButton*>(QStringLiteral("sentence.ids"));
    EXPECT_FALSE(ids->isVisible());
    document.openModel(kFolder);
    settle(document);
    ASSERT_TRUE(ids->isVisible());
    EXPECT_TRUE(ids->isChecked());
    EXPECT_FALSE(ids->isEnabled());  // there is no tokenizer to go back to
    EXPECT_EQ(bar.edit()->text(), QStringLiteral("0, 1, 2, 3, 4, 5, 6, 7"));
    type(QStringLiteral("3, 1, "));
    settle(document);
    EXPECT_EQ(document.inputs().ids.value(), (std::vector<std::int64_t>{3, 1}));
    EXPECT_EQ(bar.edit()->text(), QStringLiteral("3, 1, "));  // as typed
    EXPECT_EQ(bar.chips()->count(), 2);
    type(QStringLiteral("3, 1, x"));
    EXPECT_TRUE(note().contains(QStringLiteral("'x'"))) << note().toStdString();
    EXPECT_EQ(document.inputs().ids.value(), (std::vector<std::int64_t>{3, 1}));
    type(QStringLiteral("3, 1, 99999"));
    EXPECT_TRUE(note().contains(QStringLiteral("99999"))) << note().toStdString();
    type(QStringLiteral("3"));
    settle(document);
    EXPECT_EQ(note(), QString());
    document.undoStack()->undo();
    settle(document);
    EXPECT_EQ(bar.edit()->text(), QStringLiteral("0, 1, 2, 3, 4, 5, 6, 7"));
    document.undoStack()->undo();
    settle(document);
    EXPECT_EQ(bar.edit()->text(), QString::fromLatin1(kSentence));
    EXPECT_FALSE(ids->isVisible());
}

TEST_F(ModelChooserTest, ChipsOfTextAndTargetFollowTheSite) {
    Scene scene;
    scene.inputs.model = ATTN_TEST_DATA "/models/bart";
    scene.inputs.ids = {4, 2, 7};
    scene.inputs.targetIds = {1, 5, 6, 3};
    open(document, scene);
    ASSERT_NE(document.trace()->target(), nullptr);
    ASSERT_TRUE(bar.contextChips()->isVisible());
    EXPECT_EQ(bar.chips()->count(), 3);
    EXPECT_EQ(bar.contextChips()->count(), static_cast<int>(document.trace()->target()->items.size()));
    Selection* selection = document.selection();
    const auto pinnedBy = [&](TokenChips* chips) {
        selection->pin({});
        emit chips->tokenClicked(1);
        return selection->pinned();
    };
    selection->setSite(QStringLiteral("decoder.blocks.0.cross"));
    EXPECT_EQ(pinnedBy(bar.contextChips()).query, 1);  // the target asks
    EXPECT_EQ(pinnedBy(bar.chips()).key, 1);           // the text answers
    EXPECT_EQ(pinnedBy(bar.chips()).query, -1);
    selection->setSite(QStringLiteral("decoder.blocks.0"));
    EXPECT_TRUE(pinnedBy(bar.chips()).isNull());  // the text has no part in it
    EXPECT_EQ(pinnedBy(bar.contextChips()).query, 1);
    selection->setSite(QStringLiteral("encoder.blocks.0"));
    EXPECT_EQ(pinnedBy(bar.chips()).query, 1);
    EXPECT_TRUE(pinnedBy(bar.contextChips()).isNull());
}

TEST_F(ModelChooserTest, WhatIsCutOffIsSaid) {
    document.openModel(kFolder);
    settle(document);
    const auto context = static_cast<std::size_t>(document.trace()->model()->context);
    document.setIds(std::vector<std::int64_t>(context + 3, 1));
    settle(document);
    EXPECT_TRUE(note().contains(QString::number(context + 3))) << note().toStdString();
    document.setIds(std::vector<std::int64_t>(context, 1));
    settle(document);
    EXPECT_EQ(note(), QString());
}

}  // namespace
}  // namespace attn::ui
