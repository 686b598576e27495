#include "core/model/builtin_models.h"

#include "core/io/file.h"
#include "core/io/json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <system_error>
#include <utility>

namespace attn {
namespace {

namespace fs = std::filesystem;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr const char* kStartModel = "reader";
constexpr std::size_t kMaxCardBytes = std::size_t{64} << 10U;
constexpr std::uint64_t kMostHeads = 1U << 16U;

/// The last part of a path, also where it ends in a slash.
std::string folderName(const fs::path& folder) {
    const fs::path whole = folder.lexically_normal();
    return (whole.has_filename() ? whole.filename() : whole.parent_path().filename()).string();
}

bool isName(const std::string& model) {
    return !model.empty() && model != "." && model != ".." && model.find('/') == std::string::npos;
}

/// Its folder, or an empty path where there is no built-in model of that name.
fs::path builtInFolder(const std::string& model) {
    if (!isName(model)) return {};
    fs::path folder = resourceFolder() / "models" / model;
    std::error_code error;
    return fs::is_regular_file(folder / "config.json", error) ? folder : fs::path();
}

}  // namespace

ModelCard readModelCard(const fs::path& folder) {
    ModelCard card;
    card.title = folderName(folder);
    const Result<std::string> bytes = readFile(folder / "card.json", kMaxCardBytes);
    if (!bytes) return card;
    const Result<nlohmann::json> json = parseJson(*bytes, JsonLimits{});
    if (!json || !json->is_object()) return card;
    const auto text = [&](const char* key, std::string& target) {
        const auto found = json->find(key);
        if (found == json->end() || !found->is_string()) return;
        if (std::string value = found->get<std::string>(); !value.empty()) target = std::move(value);
    };
    text("title", card.title);
    text("description", card.description);
    const auto count = json->find("parameters");
    if (count != json->end() && count->is_number_unsigned()) card.parameters = count->get<std::int64_t>();
    return card;
}

std::vector<NamedHead> readNamedHeads(const fs::path& folder) {
    std::vector<NamedHead> heads;
    const Result<std::string> bytes = readFile(folder / "heads.json", kMaxCardBytes);
    if (!bytes) return heads;
    const Result<nlohmann::json> list = parseJson(*bytes, JsonLimits{});
    if (!list || !list->is_array()) return heads;
    for (const nlohmann::json& entry : *list) {
        if (!entry.is_object()) continue;
        const auto text = [&](const char* key) {
            const auto found = entry.find(key);
            return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string();
        };
        const auto head = entry.find("head"), taught = entry.find("taught");
        if (head == entry.end() || !head->is_number_unsigned()) continue;
        NamedHead named{text("site"), 0, text("name"), text("explanation"), false};
        const auto number = head->get<std::uint64_t>();
        if (named.site.empty() || named.name.empty() || number >= kMostHeads) continue;
        named.head = static_cast<Index>(number);
        named.taught = taught != entry.end() && taught->is_boolean() && taught->get<bool>();
        heads.push_back(std::move(named));
    }
    return heads;
}

std::vector<BuiltInModel> builtInModels(const fs::path& resources) {
    std::vector<BuiltInModel> models;
    std::error_code error;
    for (fs::directory_iterator it(resources / "models", error), end; !error && it != end;
         it.increment(error)) {
        std::error_code unreadable;
        if (!fs::is_regular_file(it->path() / "config.json", unreadable)) continue;
        models.push_back({it->path().filename().string(), it->path(), readModelCard(it->path())});
    }
    std::sort(models.begin(), models.end(),
              [](const BuiltInModel& a, const BuiltInModel& b) { return a.name < b.name; });
    return models;
}

fs::path modelFolder(const std::string& model) {
    fs::path folder = builtInFolder(model);
    return folder.empty() ? fs::path(model) : folder;
}

Result<std::string> resolveModel(const std::string& model, const fs::path& beside) {
    if (model == "toy" || !builtInFolder(model).empty()) return model;
    std::error_code error;
    const fs::path path = fs::absolute(beside / model, error).lexically_normal();
    if (!error && !model.empty() && fs::is_directory(path, error)) return path.string();
    if (isName(model)) {
        return fail(tr("there is no model '%1': it is neither toy, nor built in, nor a folder"), {model});
    }
    return fail(tr("model: there is no folder '%1'"), {path.string()});
}

std::string modelBeside(const std::string& model, const fs::path& folder) {
    if (!fs::path(model).is_absolute()) return model;
    const fs::path relative = fs::path(model).lexically_relative(folder);
    if (relative.empty() || relative == "." || *relative.begin() == "..") return model;
    return "./" + relative.generic_string();
}

Result<void> resolveModels(Scene& scene, const fs::path& folder) {
    Result<std::string> model = resolveModel(scene.inputs.model, folder);
    if (!model) return tl::unexpected(std::move(model.error()));
    scene.inputs.model = *std::move(model);
    if (!scene.pinned) return {};
    std::string& pinned = scene.pinned->inputs.model;
    if (Result<std::string> found = resolveModel(pinned, folder)) {
        pinned = *std::move(found);
    } else if (!pinned.empty() && !isName(pinned)) {
        std::error_code error;
        const fs::path path = fs::absolute(folder / pinned, error).lexically_normal();
        if (!error) pinned = path.string();
    }
    return {};
}

Scene withModelsBeside(Scene scene, const fs::path& folder) {
    scene.inputs.model = modelBeside(scene.inputs.model, folder);
    if (scene.pinned) scene.pinned->inputs.model = modelBeside(scene.pinned->inputs.model, folder);
    return scene;
}

Result<std::vector<Example>> examplesOf(const BuiltInModel& model) {
    std::error_code error;
    if (!fs::exists(model.folder / "examples.json", error)) return std::vector<Example>();
    return loadExamples(model.folder, model.name);
}

ExampleLibrary exampleLibrary(const fs::path& resources) {
    ExampleLibrary library;
    const auto take = [&](Result<std::vector<Example>> examples) {
        if (examples) {
            std::move(examples->begin(), examples->end(), std::back_inserter(library.examples));
        } else if (!library.error) {
            library.error = std::move(examples.error());
        }
    };
    take(loadExamples(resources / "examples"));
    for (const BuiltInModel& model : builtInModels(resources)) take(examplesOf(model));
    return library;
}

const Example* startExample(const std::vector<Example>& examples) {
    const auto reader = std::find_if(examples.begin(), examples.end(), [](const Example& each) {
        return each.scene.inputs.model == kStartModel;
    });
    if (reader != examples.end()) return &*reader;
    return examples.empty() ? nullptr : &examples.front();
}

}  // namespace attn
