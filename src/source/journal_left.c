#include "source/journal_left.h"
#include <dirent.h>
#include <endian.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-id128.h>
#include <unistd.h>
#include "base/cleanup.h"

/* Places in a file's header. */
enum { TAIL_OBJECT = 136, HEAD_TIME = 184, TAIL_TIME = 192, HEADER = 200 };

static uint64_t number_at(const unsigned char *header, size_t at)
{
	uint64_t n;
	memcpy(&n, header + at, sizeof(n));
	return le64toh(n);
}

static uint64_t left_in(int dir, const char *name, uint64_t from_us)
{
	unsigned char header[HEADER];
	TELL_CLEANUP(tell_closep)
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 || pread(fd, header, HEADER, 0) != HEADER ||
		memcmp(header, "LPKSHHRH", 8) != 0)
		return 0;
	uint64_t bytes = number_at(header, TAIL_OBJECT);
	uint64_t head_us = number_at(header, HEAD_TIME);
	uint64_t tail_us = number_at(header, TAIL_TIME);
	if (tail_us <= from_us)
		return 0;
	if (head_us >= from_us || head_us >= tail_us)
		return bytes;
	return (uint64_t)((double)bytes * (double)(tail_us - from_us) /
		(double)(tail_us - head_us));
}

/* Those that libsystemd reads; NAME.journal~ was not closed well. */
static bool is_journal(const char *name)
{
	const char *dot = strrchr(name, '.');
	return dot && dot != name &&
		(strcmp(dot, ".journal") == 0 || strcmp(dot, ".journal~") == 0);
}

static uint64_t left_below(const char *directory, uint64_t from_us)
{
	struct dirent *e;
	uint64_t n = 0;
	DIR *d = opendir(directory);
	while (d && (e = readdir(d)))
		if (is_journal(e->d_name))
			n += left_in(dirfd(d), e->d_name, from_us);
	if (d)
		(void)closedir(d); /* only read */
	return n;
}

/* A directory of this machine's, ID or ID.NAMESPACE, that is among those of the name. */
static bool is_meant(const char *directory, const char *machine, const char *name)
{
	size_t len = strlen(machine);
	if (strncmp(directory, machine, len) != 0 ||
		(directory[len] && directory[len] != '.'))
		return false;
	const char *of = directory[len] ? directory + len + 1 : "";
	if (!name || !*name)
		return !*of;
	if (strcmp(name, "*") == 0)
		return true;
	if (*name == '+')
		return !*of || strcmp(of, name + 1) == 0;
	return strcmp(of, name) == 0;
}

static uint64_t left_at(
	const char *place, const char *machine, const char *name, uint64_t from_us)
{
	char path[600];
	struct dirent *e;
	uint64_t n = 0;
	DIR *d = opendir(place);
	while (d && (e = readdir(d))) {
		if (!is_meant(e->d_name, machine, name))
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", place, e->d_name); /* fits */
		n += left_below(path, from_us);
	}
	if (d)
		(void)closedir(d); /* only read */
	return n;
}

uint64_t tell_journal_left(const char *directory, const char *name, uint64_t from_us)
{
	sd_id128_t id;
	char machine[SD_ID128_STRING_MAX];
	if (directory)
		return left_below(directory, from_us);
	if (sd_id128_get_machine(&id) < 0)
		return 0;
	(void)sd_id128_to_string(id, machine);
	return left_at("/var/log/journal", machine, name, from_us) +
		left_at("/run/log/journal", machine, name, from_us);
}
