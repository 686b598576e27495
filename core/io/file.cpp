#include "core/io/file.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <limits>
#include <set>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace attn {
namespace {

namespace fs = std::filesystem;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

std::string reason(int code) {
    return std::generic_category().message(code);
}

class Descriptor {
public:
    explicit Descriptor(int fd) : m_fd(fd) {}
    ~Descriptor() {
        if (m_fd >= 0) ::close(m_fd);
    }
    Descriptor(Descriptor&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    Descriptor& operator=(Descriptor&&) = delete;

    [[nodiscard]] int get() const { return m_fd; }
    /// close() may report what write() could not know yet (a full disk behind a network).
    [[nodiscard]] int closeNow() { return ::close(std::exchange(m_fd, -1)); }

private:
    int m_fd;
};

/// A file that goes when its owner goes, unless it was renamed by then.
class Temporary {
public:
    Temporary(fs::path path, fs::path target) : m_path(std::move(path)), m_target(std::move(target)) {}
    ~Temporary() {
        if (!m_path.empty()) ::unlink(m_path.c_str());
    }
    Temporary(Temporary&& other) noexcept
        : m_path(std::exchange(other.m_path, {})), m_target(std::move(other.m_target)) {}
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;
    Temporary& operator=(Temporary&&) = delete;

    [[nodiscard]] const fs::path& path() const { return m_path; }
    [[nodiscard]] bool rename() {
        if (::rename(m_path.c_str(), m_target.c_str()) != 0) return false;
        m_path.clear();
        return true;
    }

private:
    fs::path m_path, m_target;
};

[[nodiscard]] int openAgain(const char* path, int flags, mode_t mode = 0) {
    int fd = -1;
    do {
        fd = ::open(path, flags | O_CLOEXEC, mode);
    } while (fd < 0 && errno == EINTR);
    return fd;
}

[[nodiscard]] bool writeAll(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// The file that a chain of links ends at, whether it exists or not.
[[nodiscard]] fs::path followLinks(fs::path path) {
    std::error_code error;
    for (int hops = 0; hops < 40 && fs::is_symlink(path, error); ++hops) {
        const fs::path next = fs::read_symlink(path, error);
        if (error) break;
        path = next.is_absolute() ? next : path.parent_path() / next;
    }
    return path;
}

[[nodiscard]] tl::unexpected<Error> cannotWrite(const fs::path& path, int code) {
    return fail(tr("%1: cannot be written: %2"), {path.string(), reason(code)});
}

[[nodiscard]] Result<void> writeToDevice(const fs::path& path, std::string_view bytes) {
    Descriptor file(openAgain(path.c_str(), O_WRONLY | O_NOCTTY));
    if (file.get() < 0 || !writeAll(file.get(), bytes) || file.closeNow() != 0)
        return cannotWrite(path, errno);
    return {};
}

/// An empty file of a name of its own beside `target`, and its descriptor.
[[nodiscard]] std::pair<Temporary, int> createTemporary(const fs::path& target) {
    static std::atomic<unsigned> counter{0};
    fs::path name;
    int fd = -1;
    for (int attempt = 0; fd < 0 && attempt < 100; ++attempt) {
        name = target.parent_path() / (".attention-lab-" + std::to_string(::getpid()) + "-" +
                                       std::to_string(counter.fetch_add(1)) + ".tmp");
        // Created with the mode of any new file, so that the user's umask applies.
        fd = openAgain(name.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0666);
        if (fd < 0 && errno != EEXIST) break;
    }
    return {Temporary(fd < 0 ? fs::path() : name, target), fd};
}

/// Gives a temporary the permissions of what it replaces and flushes it to the disk.
[[nodiscard]] Result<void> finishTemporary(const fs::path& path, int fd, const struct stat* existing) {
    Descriptor file(fd);
    if (existing != nullptr && ::fchmod(fd, existing->st_mode & 0777U) != 0) return cannotWrite(path, errno);
    // Some file systems cannot flush and say EINVAL: what they hold is as safe as it will be.
    if (::fsync(fd) != 0 && errno != EINVAL && errno != ENOSYS) return cannotWrite(path, errno);
    if (file.closeNow() != 0) return cannotWrite(path, errno);
    return {};
}

/// The whole content, on the disk, beside where it belongs.
[[nodiscard]] Result<Temporary> writeTemporary(const fs::path& path, const fs::path& target,
                                               std::string_view bytes, const struct stat* existing) {
    auto [temporary, fd] = createTemporary(target);
    if (fd < 0) return cannotWrite(path, errno);
    if (!writeAll(fd, bytes)) {
        const int code = errno;
        ::close(fd);
        return cannotWrite(path, code);
    }
    if (Result<void> finished = finishTemporary(path, fd, existing); !finished)
        return tl::unexpected(std::move(finished.error()));
    return std::move(temporary);
}

[[nodiscard]] fs::path programFolder() {
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    return error ? fs::path() : program.parent_path();
}

}  // namespace

Result<std::string> readFile(const fs::path& path, std::size_t limit) {
    const auto cannotRead = [&](int code) {
        return fail(tr("%1: cannot be read: %2"), {path.string(), reason(code)});
    };
    const auto tooLarge = [&] {
        return fail(tr("%1: is larger than %2 bytes"), {path.string(), std::to_string(limit)});
    };
    // Without O_NONBLOCK a pipe that nobody writes to would keep open() waiting for ever.
    const Descriptor file(openAgain(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY));
    if (file.get() < 0) return cannotRead(errno);
    struct stat info {};
    if (::fstat(file.get(), &info) != 0) return cannotRead(errno);
    if (S_ISDIR(info.st_mode)) return fail(tr("%1: is a folder, not a file"), {path.string()});
    if (!S_ISREG(info.st_mode)) return fail(tr("%1: is not a regular file"), {path.string()});
    const auto size = static_cast<std::size_t>(std::max<off_t>(info.st_size, 0));
    if (size > limit) return tooLarge();

    // Read to the end rather than to the size: files in /proc have none, others grow.
    std::string bytes;
    bytes.resize(size + 1);
    std::size_t used = 0;
    while (true) {
        if (used == bytes.size()) bytes.resize(std::max<std::size_t>(4096, used * 2));
        const ssize_t got = ::read(file.get(), bytes.data() + used, bytes.size() - used);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return cannotRead(errno);
        if (got == 0) break;
        used += static_cast<std::size_t>(got);
        if (used > limit) return tooLarge();
    }
    bytes.resize(used);
    return bytes;
}

Result<void> writeFile(const fs::path& path, std::string_view bytes) {
    return writeFiles({{path, std::string(bytes)}});
}

Result<void> writeFiles(const std::vector<FileContent>& files) {
    std::vector<Temporary> temporaries;
    std::vector<const FileContent*> renamed, devices;
    std::set<fs::path> targets;
    for (const FileContent& file : files) {
        const fs::path target = followLinks(file.path);
        struct stat info {};
        const bool exists = ::stat(target.c_str(), &info) == 0;
        if (!exists && errno != ENOENT) return cannotWrite(file.path, errno);
        if (target.filename().empty() || (exists && S_ISDIR(info.st_mode))) {
            return fail(tr("%1: is a folder, not a file"), {file.path.string()});
        }
        if (exists && !S_ISREG(info.st_mode)) {
            devices.push_back(&file);
            continue;
        }
        if (!targets.insert(fs::absolute(target).lexically_normal()).second) {
            return fail(tr("%1: would be written twice"), {file.path.string()});
        }
        if (exists && ::access(target.c_str(), W_OK) != 0) return cannotWrite(file.path, errno);
        Result<Temporary> temporary = writeTemporary(file.path, target, file.bytes, exists ? &info : nullptr);
        if (!temporary) return tl::unexpected(std::move(temporary.error()));
        temporaries.push_back(std::move(*temporary));
        renamed.push_back(&file);
    }
    for (const FileContent* file : devices) {
        if (Result<void> written = writeToDevice(file->path, file->bytes); !written) return written;
    }
    for (std::size_t i = 0; i < temporaries.size(); ++i) {
        if (!temporaries[i].rename()) return cannotWrite(renamed[i]->path, errno);
    }
    return {};
}

Result<void> writeFileBy(const fs::path& path, const std::function<Result<void>(const fs::path&)>& make) {
    const fs::path target = followLinks(path);
    struct stat info {};
    const bool exists = ::stat(target.c_str(), &info) == 0;
    if (!exists && errno != ENOENT) return cannotWrite(path, errno);
    if (target.filename().empty() || (exists && S_ISDIR(info.st_mode)))
        return fail(tr("%1: is a folder, not a file"), {path.string()});
    const bool isDevice = exists && !S_ISREG(info.st_mode);
    if (exists && ::access(target.c_str(), W_OK) != 0) return cannotWrite(path, errno);
    // What is written to a device or a pipe is made elsewhere first: an archive goes back and forth in its
    // file.
    std::error_code error;
    const fs::path place = isDevice ? fs::temp_directory_path(error) / "archive" : target;
    auto [temporary, fd] = createTemporary(place);
    if (fd < 0) return cannotWrite(path, errno);
    ::close(fd);
    if (Result<void> made = make(temporary.path()); !made) return made;
    if (isDevice) {
        const Result<std::string> bytes =
            readFile(temporary.path(), std::numeric_limits<std::size_t>::max() / 4);
        return bytes ? writeToDevice(path, *bytes) : tl::unexpected(bytes.error());
    }
    const int again = openAgain(temporary.path().c_str(), O_RDWR);
    if (again < 0) return cannotWrite(path, errno);
    if (Result<void> finished = finishTemporary(path, again, exists ? &info : nullptr); !finished)
        return finished;
    return temporary.rename() ? Result<void>() : cannotWrite(path, errno);
}

fs::path resourceFolder() {
    if (const char* chosen = std::getenv("ATTENTION_LAB_RESOURCES"); chosen != nullptr && *chosen != '\0')
        return chosen;
    fs::path installed = (programFolder() / ".." / "share" / "attention-lab").lexically_normal();
    std::error_code error;
#ifdef ATTN_RESOURCE_DIR
    if (!fs::is_directory(installed, error)) {
        if (fs::path source = ATTN_RESOURCE_DIR; fs::is_directory(source, error)) return source;
    }
#endif
    return installed;
}

}  // namespace attn
