#include "ui/views/export_dialog.h"

#include "tests/ui/views/view_fixture.h"
#include "ui/views/export_preview.h"
#include "ui/views/softmax_page.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QImage>
#include <QPushButton>
#include <QSpinBox>
#include <QTemporaryDir>

namespace attn::ui {
namespace {

struct ExportDialogTest : testing::Test {
    TracePtr trace = traceOf(exampleScene().inputs);

    static FigureRequest wish() {
        FigureRequest request;
        request.head = 2;
        request.values = true;
        return request;
    }
};

TEST_F(ExportDialogTest, BeginsWithTheViewAndPreviewsIt) {
    ExportDialog dialog(trace, wish());
    EXPECT_EQ(dialog.format(), QStringLiteral("png"));
    EXPECT_EQ(dialog.request().head, 2);
    EXPECT_TRUE(dialog.request().values);
    EXPECT_FALSE(dialog.findChild<ExportPreview*>()->picture().isNull());
    EXPECT_TRUE(dialog.error().isEmpty());
}

TEST_F(ExportDialogTest, WritesWhatItsControlsSay) {
    const QTemporaryDir folder;
    ExportDialog dialog(trace, wish());
    dialog.findChild<QSpinBox*>(QStringLiteral("export.width"))->setValue(600);
    dialog.findChild<QSpinBox*>(QStringLiteral("export.height"))->setValue(500);
    dialog.findChild<QSpinBox*>(QStringLiteral("export.dpi"))->setValue(192);
    const QString path = folder.filePath(QStringLiteral("figure.png"));
    ASSERT_TRUE(dialog.exportTo(path)) << dialog.error().toStdString();
    EXPECT_EQ(QImage(path).size(), QSize(1200, 1000));
}

TEST_F(ExportDialogTest, AllHeadsAreAnotherPicture) {
    ExportDialog dialog(trace, wish());
    const QImage one = dialog.findChild<ExportPreview*>()->picture();
    dialog.findChild<QCheckBox*>(QStringLiteral("export.allHeads"))->setChecked(true);
    EXPECT_EQ(dialog.request().view, FigureView::Heads);
    EXPECT_NE(dialog.findChild<ExportPreview*>()->picture(), one);
}

TEST_F(ExportDialogTest, ErrorsStandInTheDialog) {
    ExportDialog dialog(trace, wish());
    EXPECT_FALSE(dialog.exportTo(QStringLiteral("/no/such/folder/figure.png")));
    EXPECT_TRUE(dialog.error().contains(QStringLiteral("/no/such/folder")));
    dialog.findChild<QSpinBox*>(QStringLiteral("export.width"))->setValue(3);
    EXPECT_FALSE(dialog.error().isEmpty());
    EXPECT_FALSE(dialog.findChild<QPushButton*>(QStringLiteral("export.save"))->isEnabled());
    dialog.findChild<QSpinBox*>(QStringLiteral("export.width"))->setValue(0);
    EXPECT_TRUE(dialog.error().isEmpty());
}

TEST_F(ExportDialogTest, DataNeedNoLooks) {
    ExportDialog dialog(trace, wish());
    auto* format = dialog.findChild<QComboBox*>(QStringLiteral("export.format"));
    format->setCurrentIndex(format->findData(QStringLiteral("csv")));
    EXPECT_FALSE(dialog.findChild<QSpinBox*>(QStringLiteral("export.dpi"))->isEnabled());
    EXPECT_FALSE(dialog.findChild<QComboBox*>(QStringLiteral("export.theme"))->isEnabled());
    EXPECT_EQ(suggestedName(dialog.request()), QStringLiteral("pattern-head-2"));
}

TEST(ExportDialogPage, OffersWhatAPageHas) {
    SoftmaxPage page;
    ExportDialog dialog(std::make_shared<PageSource>(page.source()), {});
    const auto* format = dialog.findChild<QComboBox*>(QStringLiteral("export.format"));
    EXPECT_EQ(format->findData(QStringLiteral("npy")), -1);
    EXPECT_FALSE(dialog.findChild<QWidget*>(QStringLiteral("export.allHeads"))->isVisibleTo(&dialog));
    EXPECT_TRUE(dialog.error().isEmpty());
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("softmax.csv"));
    ASSERT_TRUE(dialog.exportTo(path)) << dialog.error().toStdString();
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    EXPECT_TRUE(file.readAll().startsWith("scale,p_1,p_2,p_3,"));
    EXPECT_TRUE(dialog.exportTo(folder.filePath(QStringLiteral("softmax.pdf"))));
    EXPECT_FALSE(dialog.exportTo(folder.filePath(QStringLiteral("softmax.npy"))));
}

}  // namespace
}  // namespace attn::ui
