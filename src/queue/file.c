#include "queue/file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/alive.h"

static size_t pages(size_t n)
{
	return (n + TELL_RING_PAGE - 1) & ~(size_t)(TELL_RING_PAGE - 1);
}

/* Prefaulted: a page's first touch costs a caller a microsecond. Not in core dumps: what is
 * in there was not redacted yet. */
static void *map(int fd, uint64_t offset, size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd,
		(off_t)offset);
	if (p == MAP_FAILED)
		return NULL;
	(void)madvise(p, n, MADV_DONTDUMP); /* Linux before 3.4: then it is */
	return p;
}

static int lock(int fd)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	return fcntl(fd, F_SETLK, &whole) < 0 ? -errno : 0;
}

static int create(struct tell_ring_file *f, const char *dir, const char *service)
{
	uint32_t id = 0;
	if (getrandom(&id, sizeof(id), GRND_NONBLOCK) != sizeof(id))
		id = (uint32_t)tell_clock_monotonic_ns();
	int n = snprintf(f->path, sizeof(f->path), "%s/%s-%d-%08x" TELL_RING_SUFFIX, dir,
		service, (int)getpid(), id);
	if (n < 0 || (size_t)n >= sizeof(f->path))
		return -ENAMETOOLONG;
	int fd = open(f->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	return fd < 0 ? -errno : fd;
}

static void fill_head(struct tell_ring_head *h, const char *service, uint32_t lane_bytes)
{
	*h = (struct tell_ring_head){
		.version = TELL_RING_VERSION,
		.order = TELL_RING_ORDER,
		.head_bytes = (uint32_t)pages(sizeof(*h)),
		.lane_bytes = lane_bytes,
		.pid = (uint32_t)getpid(),
		.uid = (uint32_t)geteuid(),
		.pid_start = tell_pid_start((uint32_t)getpid()),
		.pid_space = tell_pid_space(),
		.made_ns = tell_clock_realtime_ns(),
	};
	(void)snprintf(h->service, sizeof(h->service), "%s", service);
	__atomic_thread_fence(
		__ATOMIC_RELEASE); /* the magic says that the rest is there */
	memcpy(h->magic, TELL_RING_MAGIC, sizeof(h->magic));
}

/* Allocate the blocks, without the signal that a limit on file sizes would send. */
static int allocate(int fd, uint64_t offset, size_t n)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && offset + n > limit.rlim_cur)
		return -EFBIG;
	return -posix_fallocate(fd, (off_t)offset, (off_t)n);
}

/* Somebody who looks for orphans may have met the file before it was locked, and removed it:
 * nothing is in it then. From the lock on nobody else does. */
static int claim(int fd)
{
	struct stat st;
	int r = lock(fd);
	if (r == 0 && fstat(fd, &st) < 0)
		r = -errno;
	return r < 0 ? r : st.st_nlink == 1 ? 0 : -EAGAIN;
}

/* The descriptor moves first: closing the number it had would drop a lock. */
static int set_up(struct tell_ring_file *f, int fd)
{
	size_t n = pages(sizeof(*f->head));
	int r = tell_held_set(&f->fd, fd);
	fd = r < 0 ? -1 : tell_held_get(&f->fd);
	if (r == 0)
		r = claim(fd);
	if (r == 0)
		r = allocate(fd, 0, n);
	if (r < 0)
		return r;
	f->head = map(fd, 0, n);
	return f->head ? 0 : -ENOMEM;
}

int tell_ring_file_make(struct tell_ring_file *f, const char *dir, const char *service,
	uint32_t lane_bytes)
{
	memset(f, 0, sizeof(*f));
	tell_held_init(&f->fd);
	int fd = create(f, dir, service);
	if (fd < 0) {
		*f->path = '\0'; /* none of ours */
		return fd;
	}
	int r = set_up(f, fd);
	if (r < 0) {
		tell_ring_file_remove(f);
		return r;
	}
	fill_head(f->head, service, lane_bytes);
	return 0;
}

bool tell_ring_file_is(const struct tell_ring_file *f, dev_t dev, ino_t ino)
{
	return f->head && f->fd.dev == dev && f->fd.ino == ino;
}

void *tell_ring_file_grow(
	struct tell_ring_file *f, enum tell_chunk_kind kind, uint32_t number, size_t n)
{
	struct tell_ring_head *h = f->head;
	uint32_t i = f->n_mapped;
	int fd = tell_held_get(&f->fd);
	TELL_CLEANUP(tell_closep) int again = -1;
	if (i == TELL_RING_CHUNKS)
		return NULL;
	if (fd < 0) /* closed under us; the name is still there */
		fd = again = open(f->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	uint64_t offset = pages(sizeof(*h));
	for (uint32_t before = 0; before < i; before++)
		offset += f->mapped[before].bytes;
	n = pages(n);
	if (fd < 0 || allocate(fd, offset, n) != 0)
		return NULL;
	void *at = map(fd, offset, n);
	if (!at)
		return NULL;
	f->mapped[i].at = at;
	f->mapped[i].bytes = n;
	f->n_mapped++;
	h->chunks[i] = (struct tell_chunk){ kind, number, offset, n };
	__atomic_store_n(&h->n_chunks, i + 1, __ATOMIC_RELEASE);
	return at;
}

static void unmap(struct tell_ring_file *f)
{
	for (uint32_t i = 0; i < f->n_mapped; i++)
		(void)munmap(f->mapped[i].at, f->mapped[i].bytes);
	f->n_mapped = 0;
	if (f->head)
		(void)munmap(f->head, pages(sizeof(*f->head)));
	f->head = NULL;
}

void tell_ring_file_remove(struct tell_ring_file *f)
{
	unmap(f);
	if (*f->path)
		(void)unlink(
			f->path); /* gone already, or out of reach: found empty later */
	*f->path = '\0';
	tell_held_close(&f->fd);
}

void tell_ring_file_leave(struct tell_ring_file *f)
{
	unmap(f);
	*f->path = '\0';
	tell_held_close(&f->fd);
}
