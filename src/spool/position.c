#include "spool/position.h"
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/alive.h"
#include "base/cleanup.h"
#include "base/crash.h"
#include "base/crc32c.h"
#include "spool/format.h"

#define N_SLOTS 2

static uint32_t sum_of(const struct tell_spool_slot *s)
{
	return tell_crc32c(0, s, offsetof(struct tell_spool_slot, crc));
}

/* The slot that holds; its turn is 0 when none does. */
static struct tell_spool_slot read_slots(int fd)
{
	struct tell_spool_slot best = { .turn = 0 }, s[N_SLOTS];
	memset(s, 0, sizeof(s));
	if (pread(fd, s, sizeof(s), 0) < 0)
		return best;
	for (int i = 0; i < N_SLOTS; i++)
		if (memcmp(s[i].magic, TELL_SPOOL_MAGIC, sizeof(s[i].magic)) == 0 &&
			s[i].crc == sum_of(&s[i]) && s[i].turn > best.turn)
			best = s[i];
	return best;
}

static bool is_others(const struct tell_spool_slot *s)
{
	return s->turn && s->pid != (uint32_t)getpid() &&
		tell_pid_lives(s->pid, s->pid_start, s->pid_space);
}

/* Who had it last may have removed it meanwhile: then nothing is in it. */
static int lock(int fd)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct stat st;
	if (fcntl(fd, F_SETLK, &whole) < 0)
		return errno == EACCES || errno == EAGAIN ? -EBUSY : -errno;
	if (fstat(fd, &st) < 0)
		return -errno;
	return !S_ISREG(st.st_mode) || st.st_uid != geteuid() ? -EPERM
		: st.st_nlink != 1			      ? -EBUSY
							      : 0;
}

int tell_position_open(struct tell_position *p, int dir)
{
	uint32_t pid = (uint32_t)getpid();
	*p = (struct tell_position){ .pid = pid,
		.pid_start = tell_pid_start(pid),
		.pid_space = tell_pid_space() };
	tell_held_init(&p->file);
	int fd = openat(dir, TELL_SPOOL_POSITION,
		O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	int r = fd < 0 ? -errno : tell_held_set(&p->file, fd);
	if (r < 0)
		return r;
	fd = tell_held_get(&p->file); /* it has moved: closing drops a lock */
	r = lock(fd);
	if (r == 0) {
		struct tell_spool_slot s = read_slots(fd);
		p->turn = s.turn;
		p->next = s.next;
		r = is_others(&s) ? -EBUSY : 0;
	}
	if (r < 0)
		tell_held_close(&p->file);
	return r;
}

int tell_position_write(struct tell_position *p, uint64_t next, bool sync)
{
	int fd = tell_held_get(&p->file);
	struct tell_spool_slot s = { .turn = p->turn + 1,
		.next = next,
		.pid = p->pid,
		.pid_start = p->pid_start,
		.pid_space = p->pid_space };
	memcpy(s.magic, TELL_SPOOL_MAGIC, sizeof(s.magic));
	s.crc = sum_of(&s);
	off_t at = (off_t)((s.turn % N_SLOTS) * sizeof(s));
	TELL_CRASH_POINT("spool-before-position");
	if (fd < 0)
		return -EBADF;
	ssize_t n = pwrite(fd, &s, sizeof(s), at);
	if (n != (ssize_t)sizeof(s))
		return n < 0 ? -errno : -ENOSPC;
	if (sync && fdatasync(fd) < 0)
		return -errno;
	p->turn = s.turn;
	p->next = next;
	TELL_CRASH_POINT("spool-position");
	return 0;
}

uint64_t tell_position_peek(int dir, uint32_t *ret_pid)
{
	TELL_CLEANUP(tell_closep)
	int fd = openat(
		dir, TELL_SPOOL_POSITION, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct tell_spool_slot s = { .turn = 0 };
	if (fd >= 0)
		s = read_slots(fd);
	bool lives = s.turn && tell_pid_lives(s.pid, s.pid_start, s.pid_space);
	*ret_pid = lives ? s.pid : 0;
	return s.next;
}
