#include "base/alive.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/cleanup.h"

/* Fields of /proc/PID/stat, counted from 1 (proc(5)). */
enum { STATE = 3, N_THREADS = 20, START = 22, BEHIND_NAME = 3 };

struct stat_line {
	char text[1024];
	const char *behind; /* the name; NULL: there is no such process */
};

static void stat_read(struct stat_line *s, uint32_t pid)
{
	char path[32];
	(void)snprintf(path, sizeof(path), "/proc/%u/stat", pid); /* always fits */
	TELL_CLEANUP(tell_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, s->text, sizeof(s->text) - 1);
	s->text[n > 0 ? n : 0] = '\0';
	/* The name is in brackets and may hold anything, brackets and blanks too. */
	s->behind = strrchr(s->text, ')');
}

static const char *stat_field(const struct stat_line *s, int number)
{
	const char *at = s->behind;
	for (int i = BEHIND_NAME; at && i <= number; i++)
		at = strchr(at + 1, ' ');
	return at ? at + 1 : "";
}

static uint64_t stat_number(const struct stat_line *s, int number)
{
	return strtoull(stat_field(s, number), NULL, 10);
}

uint64_t tell_pid_start(uint32_t pid)
{
	struct stat_line line;
	stat_read(&line, pid);
	return stat_number(&line, START);
}

/* Ended, and its parent has not asked yet. A process whose first thread alone has ended is
 * shown the same way. */
static bool is_zombie(const struct stat_line *s)
{
	char state = *stat_field(s, STATE);
	return (state == 'Z' || state == 'X') && stat_number(s, N_THREADS) <= 1;
}

uint64_t tell_pid_space(void)
{
	struct stat st;
	return stat("/proc/self/ns/pid", &st) == 0 ? (uint64_t)st.st_ino : 0;
}

bool tell_pid_lives(uint32_t pid, uint64_t start, uint64_t space)
{
	struct stat_line line;
	if (pid == 0 || pid > INT32_MAX || space == 0 || space != tell_pid_space())
		return false;
	stat_read(&line, pid);
	if (!line.behind) /* or /proc hides it (hidepid=) */
		return kill((pid_t)pid, 0) == 0 || errno == EPERM;
	uint64_t now = stat_number(&line, START);
	return !is_zombie(&line) && (now == start || start == 0);
}
