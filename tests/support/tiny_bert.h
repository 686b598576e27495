#pragma once
/// A tiny BERT with a vocabulary of its own, in a folder that the test gives.

#include "core/io/file.h"
#include "tests/support/temporary_folder.h"

#include <filesystem>
#include <string>

namespace attn::test {

/// "the cats sat" becomes [CLS] the cat ##s sat [SEP]; two token types, 16 tokens at most.
inline std::string writeTinyBert(const TemporaryFolder& folder) {
    const std::filesystem::path tiny = std::filesystem::path(ATTN_TEST_DATA) / "models" / "bert-masked";
    for (const char* name : {"config.json", "model.safetensors"})
        folder.write(name, readFile(tiny / name, std::size_t{1} << 24U).value());
    folder.write("vocab.txt",
                 "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\ncat\nsat\non\na\nmat\n##s\ndog\nran\nto\nit\n.\n");
    return folder.path().string();
}

}  // namespace attn::test
