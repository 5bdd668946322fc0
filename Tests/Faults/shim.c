/* An LD_PRELOAD shim between a process and its disk, below one folder only.
 *
 * FAULTS_ROOT   the folder, absolute; calls on files below it count. Everything else passes.
 * FAULTS_ONLY   a part of the path that a call must have to fail: "/alerts/"; all by default.
 * FAULTS_RATE   how many of 1,000,000 counted calls fail; none by default.
 * FAULTS_SEED   which of them, and how: a function of seed and number of the call, so a seed reproduces as far as
 *               the order of the calls does.
 * FAULTS_FROM, FAULTS_COUNT   only calls of these numbers fail, from 0: faults come for a span and go.
 * FAULTS_ERROR  an errno that every failing call gives; those that cannot give it pass. Drawn by default.
 * FAULTS_LOG    a file, not below the root, that gets a line for every call that failed.
 * FAULTS_UNDO   a file, not below the root, that gets what a power cut would take back of the database and its log:
 *               for each change since the last fsync of that file what stood there before.
 *
 * A record of FAULTS_UNDO is a struct record and then `length` bytes. It is written before the change is made.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))real(#name))

struct record {
    uint32_t kind; /* 1 a change of the database, 2 one of its log, 3 and 4 an fsync of these */
    uint32_t length;
    uint64_t offset;
    uint64_t size; /* of the file, before */
};

enum { PLAIN = 1, DATABASE = 2, LOG = 4 };

static const char *root, *only, *log_path;
static size_t root_length;
static uint64_t rate, seed, from, count;
static int fixed_error, undo = -1, log_file = -1;
static atomic_ulong calls;
static _Atomic unsigned char files[65536]; /* what each descriptor is; 0 is none of ours */
static pthread_mutex_t changing = PTHREAD_MUTEX_INITIALIZER;

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static uint64_t number(const char *name, uint64_t otherwise) {
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

__attribute__((constructor)) static void start(void) {
    root = getenv("FAULTS_ROOT");
    root_length = root ? strlen(root) : 0;
    only = getenv("FAULTS_ONLY");
    rate = number("FAULTS_RATE", 0);
    seed = number("FAULTS_SEED", 0);
    from = number("FAULTS_FROM", 0);
    count = number("FAULTS_COUNT", UINT64_MAX - from);
    fixed_error = (int)number("FAULTS_ERROR", 0);
    log_path = getenv("FAULTS_LOG");
    if (log_path) log_file = REAL(open)(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const char *path = getenv("FAULTS_UNDO");
    if (path) undo = REAL(open)(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int ends(const char *path, const char *end) {
    size_t a = strlen(path), b = strlen(end);
    return a >= b && strcmp(path + a - b, end) == 0;
}

static int kind_of(const char *path) {
    if (!root || strncmp(path, root, root_length) != 0 || (path[root_length] != '/' && path[root_length] != 0)) return 0;
    return ends(path, ".db") ? DATABASE : ends(path, ".db-wal") ? LOG : PLAIN;
}

static int is_ours(int file) { return file >= 0 && file < 65536 ? files[file] : 0; }

static void path_of(int file, char *path, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, size - 1);
    path[length < 0 ? 0 : length] = 0;
}

/* SplitMix64 */
static uint64_t mixed(uint64_t value) {
    value += 0x9e3779b97f4a7c15u;
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
    value = (value ^ value >> 27) * 0x94d049bb133111ebu;
    return value ^ value >> 31;
}

/* The errno with which this call fails, 0 to let it pass. `errors` ends in 0. */
static int fault(const char *call, const char *path, const int *errors) {
    if (rate == 0 || (only && !strstr(path, only))) return 0;
    uint64_t this = atomic_fetch_add(&calls, 1);
    if (this < from || this - from >= count) return 0;
    uint64_t draw = mixed(seed ^ mixed(this));
    if (draw % 1000000 >= rate) return 0;
    int choices = 0, error = 0;
    while (errors[choices]) choices++;
    for (int i = 0; i < choices; i++)
        if (errors[i] == fixed_error) error = fixed_error;
    if (fixed_error && !error) return 0;
    if (!error) error = errors[(draw >> 32) % choices];
    if (log_file >= 0) {
        char line[512];
        int length = snprintf(line, sizeof line, "%lu %s %s %.400s\n", (unsigned long)this, call,
            error < 0 ? "short" : strerrorname_np(error), path + (strncmp(path, root, root_length) ? 0 : root_length));
        if (REAL(write)(log_file, line, length) < 0) return error;
    }
    return error;
}

static int fault_of(const char *call, int file, const int *errors) {
    if (rate == 0) return 0;
    char path[4096];
    path_of(file, path, sizeof path);
    return fault(call, path, errors);
}

static const int SHORT = -1;
static const int writes[] = {ENOSPC, EIO, SHORT, 0}, syncs[] = {EIO, ENOSPC, 0}, changes[] = {EIO, ENOSPC, EROFS, 0};
static const int makes[] = {ENOSPC, EROFS, EIO, EMFILE, 0}, opens[] = {EMFILE, EIO, 0}, cuts[] = {EIO, EROFS, 0};

/* What a power cut would take back. Call with `changing` held. */
static void remember(int file, int kind, off_t offset, size_t length) {
    struct stat status;
    if (undo < 0 || !(kind & (DATABASE | LOG)) || fstat(file, &status) != 0) return;
    struct record head = {kind == LOG ? 2 : 1, 0, offset, status.st_size};
    char *bytes = malloc(sizeof head + length);
    ssize_t old = REAL(pread)(file, bytes + sizeof head, length, offset);
    head.length = old > 0 ? old : 0;
    memcpy(bytes, &head, sizeof head);
    if (REAL(write)(undo, bytes, sizeof head + head.length) < 0) abort();
    free(bytes);
}

static int synced(int file, const char *call, int (*sync)(int)) {
    int kind = is_ours(file);
    if (!kind) return sync(file);
    int error = fault_of(call, file, syncs);
    if (error) return errno = error, -1;
    pthread_mutex_lock(&changing);
    int result = sync(file);
    if (result == 0 && undo >= 0 && kind & (DATABASE | LOG)) {
        struct record head = {kind == LOG ? 4 : 3, 0, 0, 0};
        if (REAL(write)(undo, &head, sizeof head) < 0) abort();
    }
    pthread_mutex_unlock(&changing);
    return result;
}

int fsync(int file) { return synced(file, "fsync", REAL(fsync)); }
int fdatasync(int file) { return synced(file, "fdatasync", REAL(fdatasync)); }

ssize_t write(int file, const void *bytes, size_t length) {
    if (!is_ours(file)) return REAL(write)(file, bytes, length);
    int error = fault_of("write", file, writes);
    if (error > 0) return errno = error, -1;
    return REAL(write)(file, bytes, error && length > 1 ? length / 2 : length);
}

static ssize_t put(int file, const void *bytes, size_t length, off_t offset) {
    int kind = is_ours(file);
    if (!kind) return REAL(pwrite64)(file, bytes, length, offset);
    int error = fault_of("pwrite", file, writes);
    if (error > 0) return errno = error, -1;
    if (error && length > 1) length /= 2;
    pthread_mutex_lock(&changing);
    remember(file, kind, offset, length);
    ssize_t result = REAL(pwrite64)(file, bytes, length, offset);
    int code = errno;
    pthread_mutex_unlock(&changing);
    return errno = code, result;
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset) { return put(file, bytes, length, offset); }
ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t offset) { return put(file, bytes, length, offset); }

static int cut(int file, off_t length) {
    int kind = is_ours(file);
    if (!kind) return REAL(ftruncate64)(file, length);
    int error = fault_of("ftruncate", file, cuts);
    if (error) return errno = error, -1;
    pthread_mutex_lock(&changing);
    struct stat status;
    if (fstat(file, &status) == 0 && status.st_size > length) remember(file, kind, length, status.st_size - length);
    int result = REAL(ftruncate64)(file, length);
    int code = errno;
    pthread_mutex_unlock(&changing);
    return errno = code, result;
}

int ftruncate(int file, off_t length) { return cut(file, length); }
int ftruncate64(int file, off64_t length) { return cut(file, length); }

static int opened(const char *call, int folder, const char *path, int flags, mode_t mode) {
    int kind = path[0] == '/' ? kind_of(path) : 0;
    if (kind) {
        int error = fault(call, path, flags & (O_CREAT | O_WRONLY | O_RDWR) ? makes : opens);
        if (error) return errno = error, -1;
    }
    int file = REAL(openat64)(folder, path, flags, mode);
    if (file >= 0 && file < 65536) files[file] = flags & O_DIRECTORY && kind ? PLAIN : kind;
    return file;
}

#define MODE(last) \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
        va_list rest; \
        va_start(rest, last); \
        mode = va_arg(rest, mode_t); \
        va_end(rest); \
    }

int open(const char *path, int flags, ...) {
    MODE(flags)
    return opened("open", AT_FDCWD, path, flags, mode);
}
int open64(const char *path, int flags, ...) {
    MODE(flags)
    return opened("open", AT_FDCWD, path, flags, mode);
}
int openat(int folder, const char *path, int flags, ...) {
    MODE(flags)
    return opened("openat", folder, path, flags, mode);
}
int openat64(int folder, const char *path, int flags, ...) {
    MODE(flags)
    return opened("openat", folder, path, flags, mode);
}

int close(int file) {
    if (file >= 0 && file < 65536) files[file] = 0;
    return REAL(close)(file);
}

int rename(const char *old, const char *new) {
    int error = kind_of(new) ? fault("rename", new, changes) : 0;
    return error ? (errno = error, -1) : REAL(rename)(old, new);
}

int mkdir(const char *path, mode_t mode) {
    int error = kind_of(path) ? fault("mkdir", path, changes) : 0;
    return error ? (errno = error, -1) : REAL(mkdir)(path, mode);
}

int unlink(const char *path) {
    int error = kind_of(path) ? fault("unlink", path, cuts) : 0;
    return error ? (errno = error, -1) : REAL(unlink)(path);
}
