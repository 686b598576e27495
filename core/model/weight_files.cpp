#include "core/model/weight_files.h"

#include "core/base/parallel.h"
#include "core/io/file.h"
#include "core/io/json.h"

#include <Eigen/Core>

#include <cstring>
#include <system_error>
#include <utility>

namespace attn {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

bool isThere(const fs::path& path) {
    std::error_code error;
    return fs::exists(path, error);
}

std::string shapeText(const std::vector<std::int64_t>& shape) {
    std::string out;
    for (const std::int64_t length : shape) out += (out.empty() ? "" : "×") + std::to_string(length);
    return out.empty() ? "1" : out;
}

/// Half-precision numbers as float32, from several threads.
template <typename Half>
void convert(const char* bytes, float* out, std::size_t count) {
    constexpr std::size_t kGrain = std::size_t{1} << 18U;
    parallelRanges(count, kGrain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            std::uint16_t raw = 0;
            std::memcpy(&raw, bytes + i * sizeof raw, sizeof raw);
            out[i] = static_cast<float>(Eigen::numext::bit_cast<Half>(raw));
        }
    });
}

/// A name in the folder itself: no path leads out of it.
bool isPlainName(const std::string& name) {
    return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos &&
           name.find('\0') == std::string::npos;
}

}  // namespace

Result<std::shared_ptr<const WeightFiles::File>> WeightFiles::openFile(const fs::path& path) {
    Result<std::shared_ptr<const MappedFile>> mapped = MappedFile::open(path);
    if (!mapped) return tl::unexpected(std::move(mapped.error()));
    Result<SafetensorsIndex> index = safetensorsIndex((*mapped)->bytes());
    if (!index) return fail("%1: %2", {path.string(), index.error().english()});
    return std::make_shared<const File>(File{std::move(*mapped), std::move(*index)});
}

Result<WeightFiles> WeightFiles::open(const fs::path& folder) {
    WeightFiles files;
    const fs::path whole = folder / "model.safetensors";
    const fs::path index = folder / "model.safetensors.index.json";
    if (isThere(whole)) {
        Result<std::shared_ptr<const File>> file = openFile(whole);
        if (!file) return tl::unexpected(std::move(file.error()));
        files.m_files.push_back(std::move(*file));
        for (const auto& item : files.m_files[0]->index.entries)
            files.m_places[item.first] = {0, &item.second};
        return files;
    }
    if (isThere(index)) {
        if (Result<void> opened = files.openShards(folder, index); !opened)
            return tl::unexpected(std::move(opened.error()));
        return files;
    }
    if (isThere(folder / "pytorch_model.bin") || isThere(folder / "pytorch_model.bin.index.json")) {
        return fail(tr("%1: the weights are a pickle (pytorch_model.bin), which can run code when it is "
                       "opened: save them as model.safetensors"),
                    {folder.string()});
    }
    return fail(tr("%1: there are no weights (model.safetensors or model.safetensors.index.json)"),
                {folder.string()});
}

Result<void> WeightFiles::openShards(const fs::path& folder, const fs::path& index) {
    constexpr std::size_t kMaxBytes = std::size_t{64} << 20U;
    const Result<std::string> bytes = readFile(index, kMaxBytes);
    if (!bytes) return tl::unexpected(bytes.error());
    const Result<json> document = parseJson(*bytes, {kMaxBytes, 16, std::size_t{1} << 20U});
    if (!document) return fail("%1: %2", {index.string(), document.error().english()});
    const bool isObject =
        document->is_object() && document->contains("weight_map") && (*document)["weight_map"].is_object();
    if (!isObject) return fail(tr("%1: weight_map is missing or no object"), {index.string()});
    std::map<std::string, std::size_t> opened;
    for (const auto& item : (*document)["weight_map"].items()) {
        const std::string name = item.value().is_string() ? item.value().get<std::string>() : std::string();
        if (!isPlainName(name)) {
            return fail(tr("%1: tensor '%2': %3 is no file of the folder"),
                        {index.string(), item.key(), jsonExcerpt(item.value())});
        }
        auto known = opened.find(name);
        if (known == opened.end()) {
            Result<std::shared_ptr<const File>> file = openFile(folder / name);
            if (!file) return tl::unexpected(std::move(file.error()));
            known = opened.emplace(name, m_files.size()).first;
            m_files.push_back(std::move(*file));
        }
        const auto& entries = m_files[known->second]->index.entries;
        const auto entry = entries.find(item.key());
        if (entry == entries.end()) {
            return fail(tr("%1: tensor '%2' is not in %3"), {index.string(), item.key(), name});
        }
        m_places[item.key()] = {known->second, &entry->second};
    }
    return {};
}

const SafetensorsEntry* WeightFiles::find(std::string_view name) const {
    const auto found = m_places.find(name);
    return found == m_places.end() ? nullptr : found->second.entry;
}

std::vector<std::string> WeightFiles::names() const {
    std::vector<std::string> out;
    out.reserve(m_places.size());
    for (const auto& item : m_places) out.push_back(item.first);
    return out;
}

std::vector<std::shared_ptr<const MappedFile>> WeightFiles::files() const {
    std::vector<std::shared_ptr<const MappedFile>> out;
    out.reserve(m_files.size());
    for (const std::shared_ptr<const File>& file : m_files) out.push_back(file->mapped);
    return out;
}

Result<TensorPtr> WeightFiles::tensor(const std::string& name, const std::vector<std::int64_t>& shape,
                                      BufferPool& pool) const {
    const auto found = m_places.find(name);
    if (found == m_places.end()) return fail(tr("tensor '%1' is missing"), {name});
    const File& file = *m_files[found->second.file];
    const SafetensorsEntry& entry = *found->second.entry;
    const std::string path = file.mapped->path().string();
    if (entry.shape != shape) {
        return fail(tr("%1: tensor '%2': its shape is %3, config.json wants %4"),
                    {path, name, shapeText(entry.shape), shapeText(shape)});
    }
    const Index rows = shape.size() == 2 ? static_cast<Index>(shape[0]) : 1;
    const auto cols = static_cast<Index>(shape.back());
    const char* const bytes = file.mapped->bytes().data() + file.index.dataBegin + entry.begin;
    const auto count = static_cast<std::size_t>(rows * cols);
    const bool aligned = reinterpret_cast<std::uintptr_t>(bytes) % alignof(float) == 0;
    if (entry.dtype == "F32" && aligned) {
        const auto* const numbers = reinterpret_cast<const float*>(bytes);
        return std::make_shared<const Tensor>(Tensor::wrap(file.mapped, numbers, rows, cols, cols));
    }
    if (entry.dtype != "F32" && entry.dtype != "F16" && entry.dtype != "BF16") {
        return fail(tr("%1: tensor '%2': weights of the type %3 are not read (F32, F16 and BF16 are)"),
                    {path, name, entry.dtype});
    }
    Tensor out = Tensor::allocate(pool, rows, cols);
    float* const numbers = out.span().data();
    if (entry.dtype == "F32") {
        std::memcpy(numbers, bytes, count * sizeof(float));
    } else if (entry.dtype == "F16") {
        convert<Eigen::half>(bytes, numbers, count);
    } else {
        convert<Eigen::bfloat16>(bytes, numbers, count);
    }
    return std::make_shared<const Tensor>(std::move(out));
}

}  // namespace attn
