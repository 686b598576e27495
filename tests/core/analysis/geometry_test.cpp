#include "core/analysis/geometry.h"

#include "core/analysis/geometry_file.h"
#include "core/ops/product.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <numbers>
#include <random>
#include <vector>

namespace attn {
namespace {

using nlohmann::json;

constexpr double kTolerance = 1e-5;

Matrix randomVectors(Index rows, Index columns, unsigned seed) {
    std::mt19937 random(seed);
    Matrix out(rows, columns);
    for (Index i = 0; i < rows; ++i) {
        // Dimensions of different spreads, or no component would stand out.
        for (Index d = 0; d < columns; ++d) {
            const auto draw = static_cast<float>(random() % 2001U) / 1000 - 1;
            out(i, d) = draw * static_cast<float>(columns - d) + static_cast<float>(d % 3);
        }
    }
    return out;
}

/// The first two components by power iteration in plain loops.
struct NaiveComponents {
    std::vector<std::vector<double>> axes;
    std::vector<double> shares;
    std::vector<double> mean;
};

NaiveComponents naiveComponents(const Matrix& q, const Matrix& k) {
    const auto d = static_cast<std::size_t>(q.cols());
    std::vector<std::vector<double>> rows;
    for (const Matrix* each : {&q, &k}) {
        for (Index i = 0; i < each->rows(); ++i) {
            rows.emplace_back();
            for (Index c = 0; c < each->cols(); ++c)
                rows.back().push_back(static_cast<double>((*each)(i, c)));
        }
    }
    NaiveComponents out;
    out.mean.assign(d, 0);
    for (const auto& row : rows)
        for (std::size_t c = 0; c < d; ++c) out.mean[c] += row[c] / static_cast<double>(rows.size());
    std::vector<std::vector<double>> covariance(d, std::vector<double>(d, 0));
    double total = 0;
    for (const auto& row : rows) {
        for (std::size_t a = 0; a < d; ++a) {
            for (std::size_t b = 0; b < d; ++b)
                covariance[a][b] += (row[a] - out.mean[a]) * (row[b] - out.mean[b]);
        }
    }
    for (std::size_t a = 0; a < d; ++a) total += covariance[a][a];
    for (int component = 0; component < 2; ++component) {
        std::vector<double> v(d);
        for (std::size_t a = 0; a < d; ++a) v[a] = 1 + 0.1 * static_cast<double>(a);
        double value = 0;
        for (int step = 0; step < 20000; ++step) {
            std::vector<double> next(d, 0);
            for (std::size_t a = 0; a < d; ++a)
                for (std::size_t b = 0; b < d; ++b) next[a] += covariance[a][b] * v[b];
            value = 0;
            for (const double each : next) value += each * each;
            value = std::sqrt(value);
            for (std::size_t a = 0; a < d; ++a) v[a] = next[a] / value;
        }
        std::size_t largest = 0;
        for (std::size_t a = 1; a < d; ++a)
            if (std::abs(v[a]) > std::abs(v[largest])) largest = a;
        if (v[largest] < 0)
            for (double& each : v) each = -each;
        for (std::size_t a = 0; a < d; ++a)
            for (std::size_t b = 0; b < d; ++b) covariance[a][b] -= value * v[a] * v[b];
        out.axes.push_back(v);
        out.shares.push_back(value / total);
    }
    return out;
}

TEST(Geometry, ComponentsAgreeWithPowerIteration) {
    // More vectors than dimensions, and fewer.
    for (const auto& [rows, columns] : {std::pair<Index, Index>{20, 5}, {4, 16}, {3, 40}}) {
        const Matrix q = randomVectors(rows, columns, 1), k = randomVectors(rows + 1, columns, 2);
        const Geometry plane = geometryOf(view(q), view(k));
        const NaiveComponents naive = naiveComponents(q, k);
        EXPECT_FALSE(plane.exact);
        EXPECT_NEAR(plane.first, naive.shares[0], kTolerance);
        EXPECT_NEAR(plane.second, naive.shares[1], kTolerance);
        EXPECT_GE(plane.first, plane.second);
        for (Index axis = 0; axis < 2; ++axis) {
            for (Index d = 0; d < columns; ++d)
                EXPECT_NEAR(plane.axes(axis, d),
                            naive.axes[static_cast<std::size_t>(axis)][static_cast<std::size_t>(d)],
                            kTolerance)
                    << columns << " axis " << axis << " dimension " << d;
        }
        for (Index i = 0; i < rows + 1; ++i) {
            double x = 0, zero = 0;
            for (Index d = 0; d < columns; ++d) {
                const auto place = static_cast<std::size_t>(d);
                x += (static_cast<double>(k(i, d)) - naive.mean[place]) * naive.axes[0][place];
                zero -= naive.mean[place] * naive.axes[0][place];
            }
            EXPECT_NEAR(plane.keys[static_cast<std::size_t>(i)].x, x, 1e-4);
            EXPECT_NEAR(plane.zero.x, zero, 1e-4);
        }
    }
}

TEST(Geometry, TwoDimensionsAreShownAsTheyAre) {
    Matrix q(1, 2), k(2, 2);
    q << 3, 4;
    k << -1, 0.5, 0, 2;
    const Geometry plane = geometryOf(view(q), view(k));
    EXPECT_TRUE(plane.exact);
    EXPECT_EQ(plane.queries[0], (PlanePoint{3, 4}));
    EXPECT_EQ(plane.keys[0], (PlanePoint{-1, 0.5}));
    EXPECT_EQ(plane.zero, (PlanePoint{0, 0}));
    EXPECT_NEAR(plane.explained(), 1, 1e-12);
    EXPECT_DOUBLE_EQ(plane.queryLengths[0], 5);

    const PairGeometry pair = pairGeometry(view(q), 0, view(k), 1);
    EXPECT_DOUBLE_EQ(pair.product, 8);
    EXPECT_DOUBLE_EQ(pair.cosine, 0.8);
    EXPECT_NEAR(pair.degrees, std::acos(0.8) * 180 / std::numbers::pi, 1e-12);
    EXPECT_DOUBLE_EQ(pair.projection, 1.6);
    EXPECT_NEAR(pair.queryLength * pair.keyLength * pair.cosine, pair.product, 1e-12);
}

TEST(Geometry, OneDimensionIsALine) {
    Matrix q(2, 1), k(1, 1);
    q << 3, -1;
    k << 2;
    const Geometry plane = geometryOf(view(q), view(k));
    EXPECT_TRUE(plane.exact);
    EXPECT_EQ(plane.queries[1], (PlanePoint{-1, 0}));
    EXPECT_NEAR(plane.first, 1, 1e-12);
    EXPECT_NEAR(plane.second, 0, 1e-12);
}

TEST(Geometry, DegenerateVectors) {
    const Matrix none(0, 7);
    const Geometry empty = geometryOf(view(none), view(none));
    EXPECT_TRUE(empty.queries.empty());
    EXPECT_EQ(empty.explained(), 0);

    const Matrix equal = Matrix::Constant(3, 7, 2.5F);
    const Geometry point = geometryOf(view(equal), view(equal));
    EXPECT_EQ(point.explained(), 0) << "there is no variance to explain";
    for (const PlanePoint& each : point.keys) EXPECT_EQ(each, (PlanePoint{0, 0}));

    // One query and one key lie on a line, whatever their dimensions.
    const Matrix q = randomVectors(1, 9, 3), k = randomVectors(1, 9, 4);
    const Geometry line = geometryOf(view(q), view(k));
    EXPECT_NEAR(line.first, 1, 1e-12);
    EXPECT_EQ(line.second, 0);
    EXPECT_NEAR(line.queries[0].y, 0, 1e-12);
    EXPECT_NEAR(std::abs(line.queries[0].x - line.keys[0].x),
                static_cast<double>((q - k).cast<double>().norm()), kTolerance);

    const Matrix zero = Matrix::Zero(1, 3);
    const PairGeometry pair = pairGeometry(view(zero), 0, view(zero), 0);
    EXPECT_EQ(pair.cosine, 0);
    EXPECT_NEAR(pair.degrees, 90, 1e-12);
    EXPECT_EQ(pair.projection, 0);
}

TEST(Geometry, SignsDoNotDependOnTheOrderOfTheTokens) {
    const Matrix q = randomVectors(6, 8, 5), k = randomVectors(5, 8, 6);
    const Matrix turned = q.colwise().reverse();
    const Geometry a = geometryOf(view(q), view(k)), b = geometryOf(view(turned), view(k));
    for (Index axis = 0; axis < 2; ++axis) EXPECT_NEAR((a.axes.row(axis) - b.axes.row(axis)).norm(), 0, 1e-9);
    EXPECT_NEAR(a.queries.front().x, b.queries.back().x, 1e-9);
}

TEST(GeometryFile, HoldsPointsLengthsAndWhatThePlaneShows) {
    Matrix q(1, 2), k(1, 2);
    q << 3, 4;
    k << 1, 0.5;
    const Geometry plane = geometryOf(view(q), view(k));
    GeometryLabels labels{"blocks.0", 1, {"a,b"}, {"c"}};
    EXPECT_EQ(geometryToCsv(plane, labels),
              "role,index,token,x,y,length\nquery,0,\"a,b\",3,4,5\nkey,0,c,1,0.5,1.118034\n");
    const json document = json::parse(geometryToJson(plane, labels));
    EXPECT_EQ(document["exact"], true);
    EXPECT_EQ(document["keys"][0]["y"], 0.5);
    EXPECT_EQ(document["queries"][0]["token"], "a,b");
    EXPECT_NEAR(document["explained"][0].get<double>() + document["explained"][1].get<double>(), 1, 1e-12);
    // Where tokens are hidden the others keep their numbers.
    labels.queries = {4};
    labels.keys = {7};
    EXPECT_EQ(geometryToCsv(plane, labels),
              "role,index,token,x,y,length\nquery,4,\"a,b\",3,4,5\nkey,7,c,1,0.5,1.118034\n");
    EXPECT_EQ(json::parse(geometryToJson(plane, labels))["keys"][0]["index"], 7);
}

}  // namespace
}  // namespace attn
