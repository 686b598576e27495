#pragma once
/// The tensors of a model's folder: model.safetensors, or the shards that model.safetensors.index.json lists.

#include "core/base/error.h"
#include "core/io/mapped_file.h"
#include "core/io/safetensors.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace attn {

/// The files are mapped, not read. Names are the same whichever file a tensor lies in.
class WeightFiles {
public:
    /// A folder with pytorch_model.bin alone is refused: a pickle can run code.
    [[nodiscard]] static Result<WeightFiles> open(const std::filesystem::path& folder);

    [[nodiscard]] bool has(std::string_view name) const { return m_places.find(name) != m_places.end(); }
    /// Its type, shape and bytes; null where there is no such tensor.
    [[nodiscard]] const SafetensorsEntry* find(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> names() const;
    [[nodiscard]] std::size_t fileCount() const { return m_files.size(); }

    /// rows × cols numbers, as they lie in the file (F32) or converted (F16, BF16). `shape` is what the
    /// tensor must have there; errors name the tensor.
    [[nodiscard]] Result<TensorPtr> tensor(const std::string& name, const std::vector<std::int64_t>& shape,
                                           BufferPool& pool) const;

    /// The mapped files, to be checked before their numbers are believed.
    [[nodiscard]] std::vector<std::shared_ptr<const MappedFile>> files() const;

private:
    struct File {
        std::shared_ptr<const MappedFile> mapped;
        SafetensorsIndex index;
    };
    struct Place {
        std::size_t file = 0;
        const SafetensorsEntry* entry = nullptr;
    };
    [[nodiscard]] static Result<std::shared_ptr<const File>> openFile(const std::filesystem::path& path);
    [[nodiscard]] Result<void> openShards(const std::filesystem::path& folder,
                                          const std::filesystem::path& index);

    std::vector<std::shared_ptr<const File>> m_files;
    std::map<std::string, Place, std::less<>> m_places;
};

}  // namespace attn
