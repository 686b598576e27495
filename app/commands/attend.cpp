#include "core/ops/attend.h"

#include "app/commands/commands.h"
#include "app/numbers.h"
#include "app/output.h"
#include "core/io/file.h"
#include "core/io/npy.h"

#include <memory>
#include <utility>

namespace attn::app {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

struct Options {
    std::string q, k, v, mask, scale, softcap;
    std::string pattern, scores, z;
    bool causal = false;
    CLI::Option *hasMask = nullptr, *hasScale = nullptr, *hasSoftcap = nullptr, *hasPattern = nullptr,
                *hasScores = nullptr, *hasZ = nullptr;
};

ArrayView viewOf(const NpyArray& array) {
    return {array.shape, array.values, array.kind == NpyArray::Kind::Bool};
}

/// An array of numbers; what float32 cannot hold is refused rather than computed with.
Result<NpyArray> readNumbers(const std::string& path) {
    Result<NpyArray> array = readNpy(path);
    if (array && array->firstOutOfRange) {
        return fail(tr("%1: the number at position %2 (in C order) is too large for float32"),
                    {path, std::to_string(*array->firstOutOfRange)});
    }
    return array;
}

Result<NpyArray> readMask(const std::string& path) {
    Result<NpyArray> array = readNpy(path);
    if (array && array->kind == NpyArray::Kind::Integer) {
        return fail(tr("%1: a mask is bool (True: allowed) or float (added), not of whole numbers"), {path});
    }
    return array;
}

Result<void> readFactors(const Options& options, AttendInputs& inputs) {
    if (options.hasScale->count() > 0) {
        const Result<double> scale = parseReal("--scale", options.scale);
        if (!scale) return tl::unexpected(scale.error());
        inputs.scale = static_cast<float>(*scale);
    }
    if (options.hasSoftcap->count() > 0) {
        const Result<double> softcap = parseReal("--softcap", options.softcap);
        if (!softcap) return tl::unexpected(softcap.error());
        inputs.softcap = static_cast<float>(*softcap);
    }
    return {};
}

Result<void> attendFiles(const Options& options) {
    AttendInputs inputs;
    inputs.causal = options.causal;
    inputs.wantScores = options.hasScores->count() > 0;
    inputs.wantPattern = options.hasPattern->count() > 0;
    inputs.wantZ = options.hasZ->count() > 0;
    if (!inputs.wantScores && !inputs.wantPattern && !inputs.wantZ) {
        return fail(tr("nothing to write: give --pattern-out, --scores-out or --z-out"));
    }
    if (Result<void> read = readFactors(options, inputs); !read) return read;
    const Result<NpyArray> q = readNumbers(options.q);
    if (!q) return tl::unexpected(q.error());
    const Result<NpyArray> k = readNumbers(options.k);
    if (!k) return tl::unexpected(k.error());
    const Result<NpyArray> v = readNumbers(options.v);
    if (!v) return tl::unexpected(v.error());
    Result<NpyArray> mask{};
    if (options.hasMask->count() > 0) {
        mask = readMask(options.mask);
        if (!mask) return tl::unexpected(mask.error());
        inputs.mask = viewOf(*mask);
    }
    inputs.q = viewOf(*q);
    inputs.k = viewOf(*k);
    inputs.v = viewOf(*v);
    const Result<AttendOutputs> outputs = attend(inputs);
    if (!outputs) return tl::unexpected(outputs.error());

    std::vector<FileContent> files;
    const auto add = [&](bool wanted, const std::string& path, const Array& array) {
        if (wanted) files.push_back({path, npyFromFloats(array.values, array.shape)});
    };
    add(inputs.wantPattern, options.pattern, outputs->pattern);
    add(inputs.wantScores, options.scores, outputs->scores);
    add(inputs.wantZ, options.z, outputs->z);
    return writeFiles(files);
}

}  // namespace

void addAttend(CLI::App& app, Run& run) {
    CLI::App* const command = app.add_subcommand("attend", "Attention on NumPy arrays");
    const auto options = std::make_shared<Options>();
    const auto file = [&](const char* name, std::string& value, const char* text) {
        return command->add_option(name, value, text)->type_name("FILE");
    };
    file("--q", options->q, "Queries: T×d, H×T×d or B×H×T×d")->required();
    file("--k", options->k, "Keys; fewer heads than queries are shared")->required();
    file("--v", options->v, "Values, as many tokens as keys")->required();
    options->hasMask = file("--mask", options->mask, "Bool: True where allowed. Float: added. Broadcasts.");
    command->add_flag("--causal", options->causal, "Query i sees keys j ≤ i");
    options->hasScale = command->add_option("--scale", options->scale, "Factor of the scores (default: 1/√d)")
                            ->type_name("X");
    options->hasSoftcap =
        command->add_option("--softcap", options->softcap, "c·tanh(score/c), before masks; 0: none")
            ->type_name("C");
    options->hasPattern = file("--pattern-out", options->pattern, "Where to write the weights");
    options->hasScores =
        file("--scores-out", options->scores, "Where to write the scores, after scale, cap and masks");
    options->hasZ = file("--z-out", options->z, "Where to write pattern·v");
    command->callback([options, &run] { run = [options] { return attendFiles(*options); }; });
}

}  // namespace attn::app
