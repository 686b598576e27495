#include "ui/views/figure_request.h"

#include "core/io/npy.h"
#include "tests/ui/views/view_fixture.h"

#include <QFile>
#include <QTemporaryDir>

namespace attn::ui {
namespace {

std::string errorOf(const Trace& trace, const FigureRequest& request) {
    const auto figure = makeFigure(trace, request);
    return figure ? "" : figure.error().english();
}

TEST(FigureRequest, TheDefaultIsThePatternOfTheFirstHead) {
    const TracePtr trace = traceOf(exampleScene().inputs);
    const auto figure = makeFigure(*trace, {});
    ASSERT_TRUE(figure) << figure.error().english();
    ASSERT_EQ(figure->maps.size(), 1U);
    EXPECT_EQ(figure->title, QStringLiteral("pattern, head 0 · blocks.0"));
    EXPECT_EQ(figure->caption, QStringLiteral("pattern = softmax(q·kᵀ ÷ √16)"));
    EXPECT_EQ(figure->maps.front().head, 0);
}

TEST(FigureRequest, TheCaptionNamesWhatIsNotAtItsDefault) {
    const TracePtr trace = traceOf(exampleScene({{"temperature", "0.5"}, {"mask", "causal"}}).inputs);
    const auto figure = makeFigure(*trace, {});
    ASSERT_TRUE(figure);
    EXPECT_TRUE(figure->caption.contains(QStringLiteral("temperature = 0.5")))
        << figure->caption.toStdString();
    EXPECT_TRUE(figure->caption.contains(QStringLiteral("mask = causal")));
    EXPECT_FALSE(figure->caption.contains(QStringLiteral("d_model")));
}

TEST(FigureRequest, AllHeadsMakeAContactSheet) {
    const TracePtr trace = traceOf(exampleScene().inputs);
    FigureRequest sheet;
    sheet.view = FigureView::Heads;
    FigureRequest all;
    all.head = kAllHeads;
    for (const FigureRequest& request : {sheet, all}) {
        const auto figure = makeFigure(*trace, request);
        ASSERT_TRUE(figure);
        ASSERT_EQ(figure->maps.size(), 4U);
        EXPECT_EQ(figure->maps[3].head, 3);
        EXPECT_EQ(figure->maps[0].range, figure->maps[3].range);
    }
}

TEST(FigureRequest, ErrorsNameWhatThereIsNot) {
    const TracePtr trace = traceOf(exampleScene().inputs);
    FigureRequest request;
    request.head = 9;
    EXPECT_EQ(errorOf(*trace, request), "there is no head 9: blocks.0.pattern has the heads 0 … 3");
    request = {};
    request.tensor = "patern";
    EXPECT_EQ(errorOf(*trace, request), "there is no tensor called 'patern'");
    request.tensor = "q_proj";
    EXPECT_EQ(errorOf(*trace, request), "this trace has no tensor 'q_proj' at blocks.0");
    request.tensor = "blocks.7.q";
    EXPECT_EQ(errorOf(*trace, request), "this trace has no tensor 'blocks.7.q'");
    request = {};
    request.site = "blocks.3";
    EXPECT_EQ(errorOf(*trace, request), "there is no site 'blocks.3': there is blocks.0");
    request = {};
    request.layer = 1;
    EXPECT_EQ(errorOf(*trace, request), "there is no layer 1: layers are 0 … 0");
    request = {};
    request.tensor = "embed";
    request.head = 1;
    EXPECT_EQ(errorOf(*trace, request), "embed has no heads");

    const auto written = exportFile(*trace, {}, "figure.bmp");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().english(),
              "figure.bmp: the name must end in .png, .svg, .pdf, .csv, .json or .npy");
    const auto nowhere = exportFile(*trace, {}, "/no/such/folder/figure.csv");
    EXPECT_FALSE(nowhere);
}

TEST(FigureRequest, WritesEveryFormat) {
    const TracePtr trace = traceOf(exampleScene().inputs);
    const QTemporaryDir folder;
    ASSERT_TRUE(folder.isValid());
    const std::pair<const char*, const char*> formats[] = {
        {"png", "\x89PNG"}, {"svg", "<?xml"}, {"pdf", "%PDF"}, {"json", "{"}, {"npy", "\x93NUMPY"}};
    for (const auto& format : formats) {
        const QString path = folder.filePath(QStringLiteral("figure.") + QLatin1String(format.first));
        const auto written = exportFile(*trace, {}, path.toStdU16String());
        ASSERT_TRUE(written) << written.error().english();
        QFile file(path);
        ASSERT_TRUE(file.open(QIODevice::ReadOnly));
        EXPECT_TRUE(file.readAll().startsWith(format.second)) << format.first;
    }
}

TEST(FigureRequest, DataAreTheTracesNumbers) {
    const TracePtr trace = traceOf(exampleScene().inputs);
    FigureRequest request;
    request.head = 2;
    const TensorPtr pattern = trace->find({"blocks.0", TensorName::Pattern})->get();
    const auto one = makeData(*trace, request, DataFormat::Npy);
    ASSERT_TRUE(one);
    const auto array = npyFromBytes(*one);
    ASSERT_TRUE(array);
    EXPECT_EQ(array->shape, (std::vector<std::int64_t>{11, 11}));
    EXPECT_EQ(array->values[7 * 11 + 1], pattern->at(2, 7, 1));

    request.head = kAllHeads;
    const auto all = makeData(*trace, request, DataFormat::Npy);
    ASSERT_TRUE(all);
    const auto heads = npyFromBytes(*all);
    ASSERT_TRUE(heads);
    EXPECT_EQ(heads->shape, (std::vector<std::int64_t>{4, 11, 11}));
    EXPECT_EQ(heads->values[(2 * 11 + 7) * 11 + 1], pattern->at(2, 7, 1));
    const auto csv = makeData(*trace, request, DataFormat::Csv);
    ASSERT_TRUE(csv);
    EXPECT_NE(csv->find("head 2: it"), std::string::npos);
    EXPECT_EQ(std::count(csv->begin(), csv->end(), '\n'), 1 + 4 * 11);
}

TEST(FigureRequest, NoTokensAreAnErrorForAFigureAndAnEmptyTable) {
    const TracePtr trace = traceOf(Inputs{});
    const QTemporaryDir folder;
    EXPECT_FALSE(exportFile(*trace, {}, folder.filePath(QStringLiteral("x.png")).toStdU16String()));
    EXPECT_FALSE(QFile::exists(folder.filePath(QStringLiteral("x.png"))));
    EXPECT_TRUE(makeData(*trace, {}, DataFormat::Csv));
}

}  // namespace
}  // namespace attn::ui
