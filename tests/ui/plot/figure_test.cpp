#include "ui/plot/figure.h"

#include "tests/ui/plot/synthetic.h"
#include "ui/plot/figure_layout.h"

#include <QDir>
#include <QFile>
#include <QMimeData>
#include <QTemporaryDir>
#include <QXmlStreamReader>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace attn::ui {
namespace {

using test::causalScores;
using test::probabilities;

FigureSpec specOf(std::vector<HeatMapData> maps) {
    FigureSpec spec;
    spec.title = QStringLiteral("blocks.0.pattern, head 2");
    spec.caption = QStringLiteral("pattern = softmax(q·kᵀ ÷ √dₖ)");
    spec.maps = std::move(maps);
    return spec;
}

FigureSpec sheetOf(Index heads, Index tokens) {
    std::vector<HeatMapData> maps;
    const HeatMapData all = probabilities(tokens, tokens, heads);
    for (Index h = 0; h < heads; ++h) {
        maps.push_back(all);
        maps.back().head = h;
        maps.back().title = QStringLiteral("head %1").arg(h);
    }
    return specOf(std::move(maps));
}

QByteArray bytesOf(const FigureSpec& spec, FigureFormat format) {
    const Result<QByteArray> bytes = renderFigure(spec, format);
    if (!bytes) {
        ADD_FAILURE() << bytes.error().english();
        return {};
    }
    return *bytes;
}

struct Svg {
    std::map<QString, int> elements;
    QStringList texts;
    QString error;

    explicit Svg(const QByteArray& bytes) {
        QXmlStreamReader reader(bytes);
        while (!reader.atEnd()) {
            if (reader.readNext() != QXmlStreamReader::StartElement) continue;
            const QString name = reader.name().toString();
            ++elements[name];
            if (name == QStringLiteral("text")) texts.append(reader.readElementText());
        }
        if (reader.hasError()) error = reader.errorString();
    }
};

int images(const QByteArray& pdf) {
    return static_cast<int>(pdf.count("/Subtype /Image") + pdf.count("/Subtype/Image"));
}

TEST(Figure, APngHasTheSizeThatWasAskedFor) {
    FigureSpec spec = specOf({probabilities(11, 11)});
    spec.width = 480;
    spec.height = 360;
    for (const auto& [dpi, size] :
         {std::pair{96, QSize(480, 360)}, {192, QSize(960, 720)}, {300, QSize(1500, 1125)}}) {
        spec.dpi = dpi;
        const QImage image = QImage::fromData(bytesOf(spec, FigureFormat::Png), "PNG");
        EXPECT_EQ(image.size(), size);
        EXPECT_NEAR(image.dotsPerMeterX(), dpi / 0.0254, 1);
        EXPECT_EQ(image.pixelColor(1, 1), palette(Theme::Light).card);
    }
}

TEST(Figure, TransparencyHasNoGround) {
    FigureSpec spec = specOf({probabilities(5, 5)});
    spec.transparent = true;
    const QImage image = QImage::fromData(bytesOf(spec, FigureFormat::Png), "PNG");
    EXPECT_EQ(image.pixelColor(1, 1).alpha(), 0);
    const QRectF cells = layOutFigure(spec, figureSize(spec)).maps[0].cells;
    EXPECT_EQ(image.pixelColor((cells.topLeft() + QPointF(3, 3)).toPoint()).alpha(), 255);
    EXPECT_EQ(Svg(bytesOf(spec, FigureFormat::Svg)).elements[QStringLiteral("rect")], 25 + 1);
}

TEST(Figure, AnSvgHasARectangleForEachCellAndTextAsText) {
    FigureSpec spec = specOf({probabilities(11, 11)});
    const Svg svg(bytesOf(spec, FigureFormat::Svg));
    EXPECT_EQ(svg.error, QString());
    EXPECT_EQ(svg.elements.at(QStringLiteral("rect")), 121 + 2);  // cells, ground, colour bar
    EXPECT_EQ(svg.elements.count(QStringLiteral("image")), 0U);
    for (const QString& word : test::sentence()) EXPECT_GE(svg.texts.count(word), 2) << word.toStdString();
    EXPECT_TRUE(svg.texts.contains(spec.title));
    // Ten cells and more inside: their numbers are text, too.
    EXPECT_GE(svg.texts.size(), 121);
    spec.style.values = false;
    EXPECT_LT(Svg(bytesOf(spec, FigureFormat::Svg)).texts.size(), 121);
}

TEST(Figure, AnSvgIsValidWhateverTheTokens) {
    HeatMapData data = probabilities(6, 6);
    const QString lone(QChar(u'\xd83d'));
    data.rows = data.columns = std::make_shared<const QStringList>(
        QStringList{QString(QChar(1)), QString(QChar(0xfffe)), lone, QStringLiteral("<&\">"),
                    QStringLiteral("酸菜鱼😀"), QString(QChar(0))});
    FigureSpec spec = specOf({data});
    spec.title = QStringLiteral("a < b & \"c\" ]]> \x01");
    spec.caption = spec.title + u'\n' + lone;
    const Svg svg(bytesOf(spec, FigureFormat::Svg));
    EXPECT_EQ(svg.error, QString());
    EXPECT_TRUE(svg.texts.contains(QString(QChar(0x2401)))) << "U+0001 is shown as its picture";
}

TEST(Figure, APdfUpTo128IsVectorsAndBeyondALosslessImage) {
    FigureSpec spec = specOf({probabilities(64, 64)});
    const QByteArray pdf = bytesOf(spec, FigureFormat::Pdf);
    EXPECT_TRUE(pdf.startsWith("%PDF-"));
    EXPECT_EQ(images(pdf), 0);
    EXPECT_GT(pdf.count("/Type /Font"), 0);
    const QSize size = figureSize(spec);
    // Points; a page has whole ones.
    // Points; a page has whole ones.
    const auto points = [](int px) { return QByteArray::number(std::round(px * 0.75), 'f', 6); };
    EXPECT_TRUE(pdf.contains("/MediaBox [0 0 " + points(size.width()) + ' ' + points(size.height()) + ']'));

    EXPECT_EQ(images(bytesOf(specOf({probabilities(128, 128)}), FigureFormat::Pdf)), 0);
    const QByteArray large = bytesOf(specOf({probabilities(129, 129)}), FigureFormat::Pdf);
    EXPECT_EQ(images(large), 1);
    EXPECT_EQ(large.count("/DCTDecode"), 0) << "a JPEG would change the colours";
}

TEST(Figure, EveryLabelIsThereUpTo64Tokens) {
    for (const Index n : {1, 2, 7, 11, 24, 25, 40, 64}) {
        const FigureSpec spec = specOf({causalScores(n)});
        const QSize size = figureSize(spec);
        const FigureLayout figure = layOutFigure(spec, size);
        const HeatMapLayout& map = figure.maps.front();
        EXPECT_EQ(map.rows.step, 1) << n;
        EXPECT_EQ(map.columns.step, 1) << n;
        const QRectF page(QPointF(0, 0), QSizeF(size));
        EXPECT_TRUE(page.contains(map.cells.marginsAdded(map.frame))) << n;
        EXPECT_TRUE(page.contains(map.colorBar.adjusted(0, 0, map.legendText, 0))) << n;
        for (const FigureLayout::Line& line : figure.lines)
            EXPECT_LT(line.at.y(), map.cells.top() - map.columns.extent) << n;
    }
}

TEST(Figure, AContactSheetKeepsItsMapsApart) {
    for (const Index heads : {2, 3, 8, 12, 32})
        for (const Index tokens : {1, 11, 64}) {
            FigureSpec spec = sheetOf(heads, tokens);
            const QSize size = figureSize(spec);
            const FigureLayout figure = layOutFigure(spec, size);
            ASSERT_EQ(figure.maps.size(), spec.maps.size());
            const QRectF page = QRectF(QPointF(), QSizeF(size)).adjusted(-0.5, -0.5, 0.5, 0.5);
            for (std::size_t i = 0; i < figure.maps.size(); ++i) {
                const HeatMapLayout& map = figure.maps[i];
                const QRectF own = map.cells.adjusted(-map.rows.extent, -map.columns.extent, 0, 0);
                EXPECT_TRUE(page.contains(own)) << heads << " heads, " << tokens << " tokens, " << i;
                EXPECT_EQ(map.cells.size(), figure.maps[0].cells.size());
                for (std::size_t j = 0; j < i; ++j)
                    EXPECT_FALSE(own.intersects(figure.maps[j].cells)) << i << " " << j;
                EXPECT_FALSE(own.intersects(figure.legend.colorBar));
            }
            EXPECT_TRUE(page.contains(figure.legend.colorBar));
        }
    const Svg svg(bytesOf(sheetOf(8, 11), FigureFormat::Svg));
    EXPECT_EQ(svg.elements.at(QStringLiteral("rect")), 8 * 121 + 2);
    for (int h = 0; h < 8; ++h) EXPECT_TRUE(svg.texts.contains(QStringLiteral("head %1").arg(h)));
}

TEST(Figure, OneLengthAloneKeepsTheShape) {
    FigureSpec spec = specOf({probabilities(11, 11)});
    const QSize own = figureSize(spec);
    spec.width = 2 * own.width();
    EXPECT_EQ(figureSize(spec).width(), spec.width);
    EXPECT_GT(figureSize(spec).height(), 3 * own.height() / 2);
    spec.width = 0;
    spec.height = 300;
    EXPECT_EQ(figureSize(spec).height(), 300);
    EXPECT_LT(figureSize(spec).width(), own.width());
}

TEST(Figure, RefusesWhatCannotBeDrawn) {
    const auto refused = [](const FigureSpec& spec) {
        return !renderFigure(spec, FigureFormat::Png).has_value();
    };
    EXPECT_TRUE(refused({}));
    EXPECT_TRUE(refused(specOf({HeatMapData{}})));
    FigureSpec spec = specOf({probabilities(3, 3)});
    spec.dpi = 0;
    EXPECT_TRUE(refused(spec));
    spec.dpi = 5000;
    EXPECT_TRUE(refused(spec));
    spec.dpi = 96;
    spec.width = spec.height = kMaxFigurePx + 1;
    EXPECT_TRUE(refused(spec));
    spec.width = spec.height = kMaxFigurePx;
    EXPECT_TRUE(refused(spec)) << "each length is allowed, both together would be a gigabyte";
    spec.width = spec.height = -5;
    EXPECT_TRUE(refused(spec));
}

TEST(Figure, WritesTheWholeFileOrNothing) {
    const QTemporaryDir folder;
    const std::filesystem::path root(folder.path().toStdString());
    const FigureSpec spec = specOf({probabilities(3, 3)});
    for (const char* name : {"a.png", "a.SVG", "a.pdf"}) {
        const Result<void> written = writeFigure(spec, root / name);
        EXPECT_TRUE(written) << (written ? "" : written.error().english());
        EXPECT_GT(std::filesystem::file_size(root / name), 500U);
    }
    EXPECT_FALSE(writeFigure(spec, root / "a.gif"));
    EXPECT_FALSE(writeFigure(spec, root / "none" / "a.png"));
    EXPECT_FALSE(writeFigure(specOf({}), root / "b.png"));
    EXPECT_EQ(QDir(folder.path()).entryList(QDir::Files).size(), 3);
}

TEST(Figure, TheClipboardGetsPictureAndVectors) {
    const Result<std::unique_ptr<QMimeData>> data = figureMimeData(specOf({probabilities(3, 3)}));
    ASSERT_TRUE(data);
    EXPECT_TRUE((*data)->hasImage());
    EXPECT_EQ(Svg((*data)->data(QStringLiteral("image/svg+xml"))).error, QString());
}

TEST(Figure, IsTheSameOnEveryRun) {
    const FigureSpec spec = specOf({causalScores(11)});
    EXPECT_EQ(bytesOf(spec, FigureFormat::Svg), bytesOf(spec, FigureFormat::Svg));
    EXPECT_EQ(bytesOf(spec, FigureFormat::Png), bytesOf(spec, FigureFormat::Png));
}

}  // namespace
}  // namespace attn::ui
