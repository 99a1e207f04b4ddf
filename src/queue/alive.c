#include "queue/alive.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/cleanup.h"

#define FIELDS_BEFORE 20 /* from the third, behind the name, to the 22nd */

uint64_t tell_pid_start(uint32_t pid)
{
	char path[32], text[1024];
	(void)snprintf(path, sizeof(path), "/proc/%u/stat", pid); /* always fits */
	TELL_CLEANUP(tell_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	/* The name is in brackets and may hold anything, brackets and blanks too. */
	const char *at = strrchr(text, ')');
	for (int i = 0; at && i < FIELDS_BEFORE; i++)
		at = strchr(at + 1, ' ');
	return at ? strtoull(at + 1, NULL, 10) : 0;
}

uint64_t tell_pid_space(void)
{
	struct stat st;
	return stat("/proc/self/ns/pid", &st) == 0 ? (uint64_t)st.st_ino : 0;
}

bool tell_pid_lives(uint32_t pid, uint64_t start, uint64_t space)
{
	if (pid == 0 || pid > INT32_MAX || space == 0 || space != tell_pid_space())
		return false;
	if (kill((pid_t)pid, 0) != 0 && tell_pid_start(pid) == 0)
		return false;
	uint64_t now = tell_pid_start(pid);
	return now == start || now == 0 || start == 0;
}
