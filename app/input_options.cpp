#include "app/input_options.h"

#include "app/example.h"
#include "app/numbers.h"
#include "app/output.h"
#include "core/io/file.h"
#include "core/model/architecture.h"
#include "core/model/builtin_models.h"
#include "core/pipeline/pipeline.h"
#include "core/scene/scene_json.h"
#include "core/text/tokenizer.h"
#include "core/trace/ablated.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <set>
#include <utility>

namespace attn::app {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr std::int64_t kLargestPosition = std::numeric_limits<std::int32_t>::max();

}  // namespace

Result<Scene> readScene(const std::string& path) {
    const Result<std::string> bytes = readFile(path, kMaxSceneBytes);
    if (!bytes) return tl::unexpected(bytes.error());
    Result<LoadedScene> loaded = sceneFromJson(*bytes);
    if (!loaded) return fail("%1: %2", {path, loaded.error().english()});
    if (!loaded->unknownKeys.empty()) {
        constexpr std::size_t kMostNamed = 8;
        std::string names;
        for (std::size_t i = 0; i < std::min(kMostNamed, loaded->unknownKeys.size()); ++i) {
            names += (i == 0 ? "" : ", ") + loaded->unknownKeys[i];
        }
        if (loaded->unknownKeys.size() > kMostNamed) names += ", …";
        warn(Error{tr("%1: keys that this version does not know: %2"), {path, names}});
    }
    if (Result<void> found = resolveModels(loaded->scene, std::filesystem::path(path).parent_path()); !found)
        return fail("%1: %2", {path, found.error().english()});
    return std::move(loaded->scene);
}

void InputOptions::addTo(CLI::App& command) {
    const char* const group = "Input";
    m_hasScene = command.add_option("--scene", m_scene, "A scene file")->type_name("FILE")->group(group);
    m_hasText =
        command.add_option("--text", m_text, "The text whose tokens ask (and answer, without --context)")
            ->type_name("TEXT")
            ->group(group);
    m_hasIds =
        command.add_option("--ids", m_ids, "Token ids, separated by commas, for models with a vocabulary")
            ->type_name("IDS")
            ->group(group);
    m_hasSegments =
        command
            .add_option("--segments", m_segments, "A token type for each token, for models that have some")
            ->type_name("TYPES")
            ->group(group);
    m_hasContext =
        command.add_option("--context", m_context, "A second text for keys and values (cross-attention)")
            ->type_name("TEXT")
            ->group(group);
    m_hasTarget = command
                      .add_option("--target", m_target,
                                  "What an encoder-decoder's decoder reads; without it the model writes it")
                      ->type_name("TEXT")
                      ->group(group);
    m_hasTargetIds =
        command.add_option("--target-ids", m_targetIds, "The same as token ids, separated by commas")
            ->type_name("IDS")
            ->group(group);
    m_hasModel =
        command
            .add_option("--model", m_model, "toy, another built-in model (see 'models'), or a model's folder")
            ->type_name("NAME|DIR")
            ->group(group);
    const auto addList = [&](const char* name, std::vector<std::string>& values, const char* type,
                             const char* text) {
        command.add_option(name, values, text)
            ->type_name(type)
            ->group(group)
            ->expected(1)
            ->allow_extra_args(false)
            ->take_all();
    };
    addList("--set", m_set, "KEY=VALUE",
            "A parameter, as often as needed: temperature=0.5, blocks.0.mask=causal");
    addList("--ablate", m_ablate, "PART",
            "Switch off a head, all heads of a layer or its MLP, as often as needed: blocks.3.h5, blocks.3, "
            "blocks.3.mlp; =mean behind it puts the mean over the text in its place instead of 0");
    addList("--edit", m_edit, "PLACE=NUMBER",
            "Change a number, as often as needed; what follows from it is worked out again: "
            "'blocks.0.q[0,3,1]=2.5' (head, row, column), 'embed[3,0]=-1' (row, column)");
    addList("--mask-token", m_maskedTokens, "P",
            "Hide the token at this position (from 0) behind the model's mask token, as often as needed");
    m_hasScene->excludes(m_hasText)->excludes(m_hasIds);
    m_hasText->excludes(m_hasIds);
    m_hasContext->excludes(m_hasTarget)->excludes(m_hasTargetIds);
    m_hasTarget->excludes(m_hasTargetIds);
}

Result<Scene> InputOptions::start() const {
    if (m_hasScene->count() > 0) return readScene(m_scene);
    if (m_hasText->count() > 0) {
        Scene scene;
        scene.inputs.text = repairUtf8(m_text);
        return scene;
    }
    if (m_hasIds->count() > 0) return Scene();
    // Parameters without a model are mostly the toy's.
    const bool bare = m_hasModel->count() == 0 && m_set.empty() && m_ablate.empty() && m_edit.empty() &&
                      m_maskedTokens.empty();
    Result<Scene> example = bare ? windowExample() : toyExample();
    const bool isFolder = m_hasModel->count() > 0 && m_model != "toy";
    if (!example || !isFolder) return example;
    Scene scene;
    scene.inputs.text = std::move(example->inputs.text);
    return scene;
}

Result<void> InputOptions::readVocabularyOptions(Inputs& inputs) const {
    constexpr std::int64_t kLargest = (std::int64_t{1} << 31U) - 1;
    const auto read = [&](const CLI::Option* option, const char* name,
                          const std::string& text) -> Result<std::vector<std::int64_t>> {
        if (option->count() == 0) return std::vector<std::int64_t>();
        if (inputs.model == "toy")
            return fail(tr("%1: the model '%2' has no vocabulary, give a --text"), {name, inputs.model});
        return parseIntegers(name, text, 0, kLargest, kMaxIds);
    };
    Result<std::vector<std::int64_t>> ids = read(m_hasIds, "--ids", m_ids);
    if (!ids) return tl::unexpected(std::move(ids.error()));
    Result<std::vector<std::int64_t>> segments = read(m_hasSegments, "--segments", m_segments);
    if (!segments) return tl::unexpected(std::move(segments.error()));
    Result<std::vector<std::int64_t>> targetIds = read(m_hasTargetIds, "--target-ids", m_targetIds);
    if (!targetIds) return tl::unexpected(std::move(targetIds.error()));
    if (m_hasTargetIds->count() > 0) inputs.targetIds = std::move(*targetIds);
    if (m_hasIds->count() > 0) {
        inputs.ids = std::move(*ids);
        inputs.text.clear();
    }
    if (m_hasSegments->count() > 0) inputs.segments = std::move(*segments);
    return {};
}

Result<void> InputOptions::readTarget(Inputs& inputs) const {
    const bool asText = m_hasTarget->count() > 0;
    if (!asText && m_hasTargetIds->count() == 0) return {};
    const char* const name = asText ? "--target" : "--target-ids";
    if (inputs.model == "toy")
        return fail(tr("%1: the model '%2' has no decoder, give a --context"), {name, inputs.model});
    const Result<Architecture> architecture = readArchitecture(inputs.model);
    if (!architecture) return tl::unexpected(architecture.error());
    if (!architecture->encoder)
        return fail(tr("%1: the model '%2' is no encoder-decoder"), {name, inputs.model});
    if (asText) {
        inputs.target = repairUtf8(m_target);
        inputs.targetIds.reset();
    } else {
        inputs.target.reset();
    }
    return {};
}

Result<Scene> InputOptions::scene() const {
    Result<Scene> scene = start();
    if (!scene) return scene;
    Inputs& inputs = scene->inputs;
    if (m_hasModel->count() > 0) {
        Result<std::string> model = resolveModel(m_model);
        if (!model) return tl::unexpected(std::move(model.error()));
        inputs.model = std::move(*model);
    }
    if (Result<void> read = readVocabularyOptions(inputs); !read)
        return tl::unexpected(std::move(read.error()));
    if (Result<void> read = readTarget(inputs); !read) return tl::unexpected(std::move(read.error()));
    if (m_hasContext->count() > 0) inputs.context = repairUtf8(m_context);
    if (Result<void> read = readChanges(inputs); !read) return tl::unexpected(std::move(read.error()));
    return scene;
}

Result<void> InputOptions::readChanges(Inputs& inputs) const {
    for (const std::string& assignment : m_set) {
        const std::size_t equals = assignment.find('=');
        if (equals == std::string::npos) return fail(tr("--set: '%1' is not KEY=VALUE"), {assignment});
        Result<void> done = inputs.parameters.setFromText(std::string_view(assignment).substr(0, equals),
                                                          std::string_view(assignment).substr(equals + 1));
        if (!done) return fail("--set: %1", {done.error().english()});
    }
    for (const std::string& text : m_ablate) {
        Result<Ablation> ablation = parseAblation(text);
        if (!ablation) return fail("--ablate: %1", {ablation.error().english()});
        setAblation(inputs.ablations, *std::move(ablation));
    }
    for (const std::string& text : m_edit) {
        Result<Edit> edit = parseEdit(text);
        if (!edit) return fail("--edit: %1", {edit.error().english()});
        setEdit(inputs.edits, *std::move(edit));
    }
    if (inputs.edits.size() > kMaxEdits) {
        return fail(tr("--edit: %1 are too many (at most %2)"),
                    {std::to_string(inputs.edits.size()), std::to_string(kMaxEdits)});
    }
    std::set<std::int64_t> masked(inputs.maskedTokens.begin(), inputs.maskedTokens.end());
    for (const std::string& text : m_maskedTokens) {
        const Result<std::int64_t> position = parseInteger("--mask-token", text, 0, kLargestPosition);
        if (!position) return tl::unexpected(position.error());
        masked.insert(*position);
    }
    inputs.maskedTokens.assign(masked.begin(), masked.end());
    return {};
}

namespace {

std::string siteNames(const Trace& trace) {
    std::string names;
    for (const SiteInfo& site : trace.sites()) names += (names.empty() ? "" : ", ") + site.name;
    return names;
}

/// An edit that remembers nothing was made for what is there now: it must have a place. One that does not fit
/// what it was made against sleeps, which is told.
Result<void> checkEdits(const Trace& trace) {
    std::vector<std::string> asleep;
    for (const std::size_t index : trace.sleepingEdits()) {
        const Edit& edit = trace.inputs().edits[index];
        const bool remembers =
            edit.heads + edit.rows + edit.columns > 0 || !edit.rowToken.empty() || !edit.columnToken.empty();
        if (remembers) {
            asleep.push_back(formatPlace(edit));
            continue;
        }
        const std::string tensor = edit.tensor.fullName();
        const EntryPtr entry = trace.find(edit.tensor);
        if (!entry) return fail(tr("%1: there is no tensor '%2'"), {formatEdit(edit), tensor});
        const auto [heads, rows, columns] = entry->shape();
        const std::string size = std::to_string(rows) + " × " + std::to_string(columns);
        return fail(tr("%1: %2 is %3"), {formatEdit(edit), tensor,
                                         entry->rank() == 3 ? std::to_string(heads) + " × " + size : size});
    }
    if (!asleep.empty()) {
        warn(Error{tr("%1 edits sleep, for other tokens or another shape are there now; the first is %2"),
                   {std::to_string(asleep.size()), asleep.front()}});
    }
    return {};
}

/// What is to be switched off or masked must be there.
Result<void> checkChanges(const Trace& trace) {
    for (const Ablation& each : unmatchedAblations(trace)) {
        const SiteInfo* const site = trace.site(each.site);
        if (site == nullptr) {
            return fail(tr("%1: there is no site '%2'; the model has %3"),
                        {formatAblation(each), each.site, siteNames(trace)});
        }
        if (each.part == AblatedPart::Mlp)
            return fail(tr("%1: there is no MLP at %2"), {formatAblation(each), each.site});
        return fail(
            tr("%1: there is no head %2: %3 has the heads 0 … %4"),
            {formatAblation(each), std::to_string(each.head), each.site, std::to_string(site->heads - 1)});
    }
    const std::vector<std::int64_t> masked = unmatchedMaskedTokens(trace);
    if (masked.empty()) return {};
    if (trace.maskTokenId() < 0) return fail(tr("this model has no mask token to hide a token behind"));
    return fail(tr("there is no token %1 to mask: the text has %2"),
                {std::to_string(masked.front()), std::to_string(trace.tokens().items.size())});
}

}  // namespace

Result<TracePtr> evaluate(const Inputs& inputs, bool namesIds) {
    Pipeline pipeline;
    pipeline.setNamesIds(namesIds);
    Result<TracePtr> trace = pipeline.evaluate(inputs);
    if (!trace) return trace;
    if (Result<void> found = checkChanges(**trace); !found) return tl::unexpected(std::move(found.error()));
    if (Result<void> found = checkEdits(**trace); !found) return tl::unexpected(std::move(found.error()));
    for (const auto& [place, value] : inputs.parameters.ofSites()) {
        if ((*trace)->site(place.first) != nullptr) continue;
        return fail(tr("%1.%2: there is no site '%1'; the model has %3"),
                    {place.first, spec(place.second).key, siteNames(**trace)});
    }
    warnIfTruncated(tr("the text"), (*trace)->tokens());
    if ((*trace)->context() != nullptr) warnIfTruncated(tr("the context"), *(*trace)->context());
    if ((*trace)->target() != nullptr) warnIfTruncated(tr("the target"), *(*trace)->target());
    return trace;
}

void warnIfTruncated(const char* what, const Tokens& tokens) {
    if (!tokens.truncated()) return;
    warn(Error{tr("%1 has %2 tokens: the first %3 are used"),
               {what, std::to_string(tokens.found), std::to_string(tokens.items.size())}});
}

}  // namespace attn::app
