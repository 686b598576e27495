#include "core/io/file.h"
#include "core/io/npy.h"

#include <zip.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

namespace attn {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

/// A member as libzip reads it: its bytes are there from open to close.
struct Source {
    const NpzMember* member;
    std::string bytes;
    std::size_t at = 0;
    zip_error_t error{};
};

zip_int64_t readSource(Source& source, void* data, zip_uint64_t length) {
    const std::size_t count = std::min(static_cast<std::size_t>(length), source.bytes.size() - source.at);
    std::memcpy(data, source.bytes.data() + source.at, count);
    source.at += count;
    return static_cast<zip_int64_t>(count);
}

zip_int64_t answer(void* state, void* data, zip_uint64_t length, zip_source_cmd_t command) {
    Source& source = *static_cast<Source*>(state);
    switch (command) {
        case ZIP_SOURCE_OPEN:
            try {
                source.bytes = source.member->make();
            } catch (const std::bad_alloc&) {
                zip_error_set(&source.error, ZIP_ER_MEMORY, 0);
                return -1;
            }
            source.at = 0;
            return 0;
        case ZIP_SOURCE_READ:
            return readSource(source, data, length);
        case ZIP_SOURCE_CLOSE:
            source.bytes = std::string();
            return 0;
        case ZIP_SOURCE_STAT: {
            auto* const info = static_cast<zip_stat_t*>(data);
            zip_stat_init(info);
            info->size = source.member->bytes;
            info->valid = ZIP_STAT_SIZE;
            return sizeof(zip_stat_t);
        }
        case ZIP_SOURCE_ERROR:
            return zip_error_to_data(&source.error, data, length);
        case ZIP_SOURCE_FREE:
            delete &source;
            return 0;
        case ZIP_SOURCE_SUPPORTS:
            return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                                  ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
        default:
            zip_error_set(&source.error, ZIP_ER_OPNOTSUPP, 0);
            return -1;
    }
}

tl::unexpected<Error> cannotBeMade(zip_error_t* error) {
    return fail(tr("the NPZ archive cannot be made: %1"), {std::string(zip_error_strerror(error))});
}

Result<void> addMember(zip_t* archive, const NpzMember& member) {
    auto owned = std::make_unique<Source>(Source{&member, {}, 0, {}});
    zip_source_t* const source = zip_source_function(archive, &answer, owned.get());
    if (source == nullptr) return cannotBeMade(zip_get_error(archive));
    static_cast<void>(owned.release());  // ZIP_SOURCE_FREE deletes it
    const zip_int64_t added = zip_file_add(archive, member.name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (added < 0) {
        zip_source_free(source);
        return cannotBeMade(zip_get_error(archive));
    }
    constexpr zip_uint16_t firstDay = (1U << 5U) | 1U;  // 1980-01-01
    const auto index = static_cast<zip_uint64_t>(added);
    // Level 1: floats hardly deflate, and higher levels only take longer over it.
    if (zip_set_file_compression(archive, index, ZIP_CM_DEFLATE, 1) != 0 ||
        zip_file_set_dostime(archive, index, 0, firstDay, 0) != 0) {
        return cannotBeMade(zip_get_error(archive));
    }
    return {};
}

}  // namespace

Result<void> writeNpz(const std::filesystem::path& path, const std::vector<NpzMember>& members) {
    return writeFileBy(path, [&](const std::filesystem::path& temporary) -> Result<void> {
        int code = 0;
        zip_t* const opened = zip_open(temporary.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
        if (opened == nullptr) {
            zip_error_t error;
            zip_error_init_with_code(&error, code);
            return cannotBeMade(&error);
        }
        std::unique_ptr<zip_t, decltype(&zip_discard)> archive(opened, &zip_discard);
        for (const NpzMember& member : members) {
            if (Result<void> added = addMember(opened, member); !added) return added;
        }
        if (zip_close(opened) != 0) return cannotBeMade(zip_get_error(opened));
        static_cast<void>(archive.release());
        return {};
    });
}

}  // namespace attn
