#pragma once
/// The trained models that come with the program: folders of resources/models that hold a config.json. A
/// model is named by its folder ("reader"), wherever a scene or an option names one.

#include "core/base/error.h"
#include "core/scene/examples.h"
#include "core/trace/model_info.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace attn {

/// What a model's folder says about it to people, in card.json: {"title", "description", "parameters"}, all
/// of them optional.
struct ModelCard {
    std::string title;        ///< else the folder's name
    std::string description;  ///< one line; may be empty
    std::int64_t parameters = 0;
};
/// A folder without a card, or with one that cannot be read, has a card all the same.
[[nodiscard]] ModelCard readModelCard(const std::filesystem::path& folder);

/// The heads that heads.json names: [{"site", "head", "name", "explanation", "taught"}, …]. Entries that make
/// no sense are left out; without the file there are none.
[[nodiscard]] std::vector<NamedHead> readNamedHeads(const std::filesystem::path& folder);

struct BuiltInModel {
    std::string name;
    std::filesystem::path folder;
    ModelCard card;
};
/// Those in `resources`/models, by name.
[[nodiscard]] std::vector<BuiltInModel> builtInModels(const std::filesystem::path& resources);

/// The folder that `model` means: a built-in model's, else the path itself. Not for "toy".
[[nodiscard]] std::filesystem::path modelFolder(const std::string& model);

/// "toy" and built-in names as they are; a folder as its absolute path, a relative one beside `beside` (the
/// folder of the scene that names it; empty: the working directory). An error that names what is neither.
[[nodiscard]] Result<std::string> resolveModel(const std::string& model,
                                               const std::filesystem::path& beside = {});

/// `model` as a scene in `folder` names it: relative where it lies below that folder, so that both can be
/// moved together. resolveModel takes it back.
[[nodiscard]] std::string modelBeside(const std::string& model, const std::filesystem::path& folder);

/// What a scene of a file in `folder` calls its models, as resolveModel understands it. That of what is
/// pinned may be missing: its path becomes absolute all the same, and who asks for its trace hears of it.
[[nodiscard]] Result<void> resolveModels(Scene& scene, const std::filesystem::path& folder);
/// The scene as a file in `folder` holds it (modelBeside).
[[nodiscard]] Scene withModelsBeside(Scene scene, const std::filesystem::path& folder);

/// The examples of a built-in model's folder (examples.json, see loadExamples); none where it has no such
/// file.
[[nodiscard]] Result<std::vector<Example>> examplesOf(const BuiltInModel& model);

struct ExampleLibrary {
    std::vector<Example> examples;  ///< the toy model's first, then those of each built-in model
    std::optional<Error> error;     ///< why some could not be read
};
/// Every example that comes with the program.
[[nodiscard]] ExampleLibrary exampleLibrary(const std::filesystem::path& resources);
/// The one that the program opens on: the first of the built-in `reader`, else the first of all; null where
/// there are none.
[[nodiscard]] const Example* startExample(const std::vector<Example>& examples);

}  // namespace attn
