#pragma once
/// Trained models for tests: the tiny ones of the repository, and folders that a test writes.

#include "core/io/file.h"
#include "core/io/safetensors.h"
#include "core/pipeline/pipeline.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstring>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace attn::test {

inline nlohmann::json readJson(const std::filesystem::path& path) {
    return nlohmann::json::parse(readFile(path, std::size_t{1} << 24U).value());
}

inline TracePtr traceOf(const Inputs& inputs) {
    Pipeline pipeline;
    Result<TracePtr> trace = pipeline.evaluate(inputs);
    EXPECT_TRUE(trace) << (trace ? "" : trace.error().english());
    return trace ? *trace : nullptr;
}

inline std::string errorOf(const Inputs& inputs) {
    Pipeline pipeline;
    const Result<TracePtr> trace = pipeline.evaluate(inputs);
    return trace ? "no error" : trace.error().english();
}

inline Inputs inputsOf(const std::filesystem::path& folder, std::vector<std::int64_t> ids) {
    Inputs inputs;
    inputs.model = folder.string();
    inputs.ids = std::move(ids);
    return inputs;
}

inline std::vector<float> numbersOf(const Tensor& tensor) {
    std::vector<float> out;
    for (Index h = 0; h < tensor.heads(); ++h) {
        for (Index i = 0; i < tensor.rows(); ++i) {
            for (Index j = 0; j < tensor.cols(); ++j) out.push_back(tensor.at(h, i, j));
        }
    }
    return out;
}

inline std::filesystem::path ownModels() {
    return std::filesystem::path(ATTN_TEST_DATA) / "models";
}

using Tensors = std::map<std::string, std::pair<std::vector<std::int64_t>, std::vector<float>>>;

inline Tensors tensorsOf(const std::filesystem::path& path) {
    const SafetensorsFile file = readSafetensors(path, std::size_t{1} << 24U).value();
    Tensors out;
    for (const auto& each : file.entries())
        out[each.first] = {each.second.shape, file.floats(each.first).value()};
    return out;
}

/// A file of these tensors, whose numbers are turned into bytes by `encode`.
template <typename Encode>
inline std::string bytesOf(const Tensors& tensors, const char* type, const Encode& encode) {
    nlohmann::json header = nlohmann::json::object();
    std::string data;
    for (const auto& each : tensors) {
        const std::size_t begin = data.size();
        for (const float number : each.second.second) {
            const auto stored = encode(number);
            data.append(reinterpret_cast<const char*>(&stored), sizeof stored);
        }
        header[each.first] = {
            {"dtype", type}, {"shape", each.second.first}, {"data_offsets", {begin, data.size()}}};
    }
    const std::string text = header.dump();
    std::string length(8, '\0');
    const std::uint64_t size = text.size();
    std::memcpy(length.data(), &size, sizeof size);
    return length + text + data;
}

}  // namespace attn::test
