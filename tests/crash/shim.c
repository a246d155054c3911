/* What a disk sees of SQLite: every write, sync, cut and removal of the database's files, as they happen.

   Preloaded into a process (LD_PRELOAD) it does nothing until proof_arm() is called. Then each operation on a file of
   the folder that is named there goes into a log, with the monotonic time at its end; the fail_at-th write or sync fails with the
   given errno, and so do all that follow if it stays. Written for proof_disk.py, which reads the log. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

struct record {
    double at;
    int64_t offset, length;
    int32_t kind, name_length;
};

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static char watched[PATH_MAX];
static int log_file = -1, failure, stays;
static long fail_at, passed;

#define REAL(name, type, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static ssize_t plain_write(int file, const void *bytes, size_t length) {
    REAL("write", ssize_t, int, const void *, size_t);
    return real(file, bytes, length);
}

/* The name of a watched file inside its folder, or NULL. */
static const char *inside(const char *path) {
    size_t length = strlen(watched);
    if (log_file < 0 || strncmp(path, watched, length) || path[length] != '/') return NULL;
    return path + length + 1;
}

static const char *name_of(int file, char *path) {
    char link[64];
    ssize_t length;
    if (log_file < 0 || file == log_file) return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0 || path[0] != '/') return NULL;
    path[length] = 0;
    return inside(path);
}

static void put(const void *bytes, size_t length) {
    const char *rest = bytes;
    while (length > 0) {
        ssize_t done = plain_write(log_file, rest, length);
        if (done <= 0) return;
        rest += done;
        length -= done;
    }
}

static void record(char kind, const char *name, int64_t offset, int64_t length, const void *bytes) {
    struct timespec now;
    struct record head = {.kind = kind, .name_length = strlen(name), .offset = offset, .length = length};
    clock_gettime(CLOCK_MONOTONIC, &now);
    head.at = now.tv_sec + now.tv_nsec / 1e9;
    put(&head, sizeof head);
    put(name, head.name_length);
    if (bytes) put(bytes, length);
}

static int fails(void) {
    passed++;
    if (!fail_at || passed < fail_at || (passed > fail_at && !stays)) return 0;
    errno = failure;
    return 1;
}

void proof_arm(const char *folder, const char *log, long at, int error, int for_good) {
    snprintf(watched, sizeof watched, "%s", folder);
    fail_at = at, failure = error, stays = for_good;
    log_file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

void proof_note(const char *text) {
    pthread_mutex_lock(&turn);
    record('A', "", 0, strlen(text), text);
    pthread_mutex_unlock(&turn);
}

long proof_passed(void) { return passed; }

static ssize_t written(int file, const void *bytes, size_t length, off64_t offset, int here) {
    REAL("pwrite64", ssize_t, int, const void *, size_t, off64_t);
    char path[PATH_MAX];
    const char *name = name_of(file, path);
    ssize_t done;
    if (!name) return here ? plain_write(file, bytes, length) : real(file, bytes, length, offset);
    pthread_mutex_lock(&turn);
    if (fails()) {
        pthread_mutex_unlock(&turn);
        return -1;
    }
    if (here) offset = lseek64(file, 0, SEEK_CUR);
    done = here ? plain_write(file, bytes, length) : real(file, bytes, length, offset);
    if (done > 0) record('W', name, offset, done, bytes);
    pthread_mutex_unlock(&turn);
    return done;
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t offset) {
    return written(file, bytes, length, offset, 0);
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset) {
    return written(file, bytes, length, offset, 0);
}

ssize_t write(int file, const void *bytes, size_t length) {
    return log_file < 0 ? plain_write(file, bytes, length) : written(file, bytes, length, 0, 1);
}

static int synced(int file, const char *how) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, how);
    char path[PATH_MAX];
    const char *name = name_of(file, path);
    int done;
    if (!name) return real(file);
    pthread_mutex_lock(&turn);
    if (fails()) {
        pthread_mutex_unlock(&turn);
        return -1;
    }
    done = real(file);
    if (!done) record('S', name, 0, 0, NULL);
    pthread_mutex_unlock(&turn);
    return done;
}

int fsync(int file) { return synced(file, "fsync"); }
int fdatasync(int file) { return synced(file, "fdatasync"); }

static int cut(int file, off64_t length, const char *how) {
    int (*real)(int, off64_t) = (int (*)(int, off64_t))dlsym(RTLD_NEXT, how);
    char path[PATH_MAX];
    const char *name = name_of(file, path);
    int done;
    if (!name) return real(file, length);
    pthread_mutex_lock(&turn);
    done = real(file, length);
    if (!done) record('T', name, length, 0, NULL);
    pthread_mutex_unlock(&turn);
    return done;
}

int ftruncate(int file, off_t length) { return cut(file, length, "ftruncate"); }
int ftruncate64(int file, off64_t length) { return cut(file, length, "ftruncate64"); }

int unlink(const char *path) {
    REAL("unlink", int, const char *);
    const char *name = inside(path);
    int done;
    if (!name) return real(path);
    pthread_mutex_lock(&turn);
    done = real(path);
    if (!done) record('U', name, 0, 0, NULL);
    pthread_mutex_unlock(&turn);
    return done;
}
