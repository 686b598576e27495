#include "app/commands/commands.h"
#include "app/input_options.h"
#include "app/output.h"

#include <memory>

namespace attn::app {
namespace {

Result<void> models(const std::string& model) {
    if (Result<void> known = checkModel(model); !known) return known;
    return print("toy  built in  one block of multi-head attention with seeded weights, for any text\n");
}

}  // namespace

void addModels(CLI::App& app, Run& run) {
    CLI::App* const command = app.add_subcommand("models", "Which models there are");
    const auto model = std::make_shared<std::string>("toy");
    command->add_option("model", *model, "A model's name: what it is")->type_name("NAME");
    command->callback([model, &run] { run = [model] { return models(*model); }; });
}

}  // namespace attn::app
