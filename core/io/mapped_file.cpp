#include "core/io/mapped_file.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <mutex>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace attn {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

/// What the signal handler may look at: plain atomics, no locks.
struct Guarded {
    std::atomic<std::uintptr_t> begin{0}, end{0};
    std::atomic<bool> damaged{false};
};
constexpr std::size_t kMostMapped = 1024;
std::array<Guarded, kMostMapped> g_guarded;
std::mutex& tableMutex() {
    static std::mutex mutex;
    return mutex;
}
struct sigaction g_previous {};
std::uintptr_t g_pageBytes = 4096;

/// A page of a mapped file that is no longer there: zeros take its place, and the reader goes on.
void onBusError(int signal, siginfo_t* info, void* context) {
    const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
    for (Guarded& each : g_guarded) {
        if (address < each.begin.load() || address >= each.end.load()) continue;
        char* const page = static_cast<char*>(info->si_addr) - address % g_pageBytes;
        each.damaged = true;
        if (::mmap(page, g_pageBytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) !=
            MAP_FAILED)
            return;
    }
    if ((g_previous.sa_flags & SA_SIGINFO) != 0 && g_previous.sa_sigaction != nullptr) {
        g_previous.sa_sigaction(signal, info, context);
        return;
    }
    ::signal(SIGBUS, SIG_DFL);  // the instruction runs again, and the program ends as it would have
}

void installHandler() {
    static std::once_flag once;
    std::call_once(once, [] {
        g_pageBytes = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
        struct sigaction action {};
        action.sa_sigaction = onBusError;
        action.sa_flags = SA_SIGINFO;
        sigemptyset(&action.sa_mask);
        ::sigaction(SIGBUS, &action, &g_previous);
    });
}

/// A free place in the table; -1: there is none.
int guard(std::uintptr_t begin, std::size_t size) {
    const std::lock_guard<std::mutex> lock(tableMutex());
    for (std::size_t i = 0; i < kMostMapped; ++i) {
        Guarded& each = g_guarded[i];
        if (each.begin.load() != 0) continue;
        each.damaged = false;
        each.end = begin + size;
        each.begin = begin;
        return static_cast<int>(i);
    }
    return -1;
}

}  // namespace

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const std::filesystem::path& path) {
    const auto cannotRead = [&](int code) {
        return fail(tr("%1: cannot be read: %2"), {path.string(), std::generic_category().message(code)});
    };
    installHandler();
    const std::shared_ptr<MappedFile> file(new MappedFile);
    file->m_path = path;
    file->m_descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file->m_descriptor < 0) return cannotRead(errno);
    struct stat info {};
    if (::fstat(file->m_descriptor, &info) != 0) return cannotRead(errno);
    if (!S_ISREG(info.st_mode)) return fail(tr("%1: is not a regular file"), {path.string()});
    file->m_changedSeconds = info.st_mtim.tv_sec;
    file->m_changedNanos = info.st_mtim.tv_nsec;
    const auto size = static_cast<std::size_t>(info.st_size);
    if (size == 0) return std::shared_ptr<const MappedFile>(file);
    void* const data = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file->m_descriptor, 0);
    if (data == MAP_FAILED) return cannotRead(errno);
    file->m_data = static_cast<const char*>(data);
    file->m_size = size;
    file->m_slot = guard(reinterpret_cast<std::uintptr_t>(data), size);
    if (file->m_slot < 0) return fail(tr("%1: too many files are open"), {path.string()});
    return std::shared_ptr<const MappedFile>(file);
}

MappedFile::~MappedFile() {
    if (m_data != nullptr) ::munmap(const_cast<char*>(m_data), m_size);
    if (m_slot >= 0) {
        Guarded& mine = g_guarded[static_cast<std::size_t>(m_slot)];
        mine.end = 0;
        mine.begin = 0;
    }
    if (m_descriptor >= 0) ::close(m_descriptor);
}

Result<void> MappedFile::check() const {
    struct stat info {};
    const bool damaged = m_slot >= 0 && g_guarded[static_cast<std::size_t>(m_slot)].damaged.load();
    const bool readable = ::fstat(m_descriptor, &info) == 0;
    if (damaged || !readable || static_cast<std::size_t>(info.st_size) < m_size)
        return fail(tr("%1: was cut off while it was open"), {m_path.string()});
    if (info.st_mtim.tv_sec != m_changedSeconds || info.st_mtim.tv_nsec != m_changedNanos)
        return fail(tr("%1: was changed while it was open"), {m_path.string()});
    return {};
}

}  // namespace attn
