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
enum {
	NUMBERS_ID = 72,
	TAIL_OBJECT = 136,
	TAIL_NUMBER = 160,
	HEAD_NUMBER = 168,
	HEAD_TIME = 184,
	TAIL_TIME = 192,
	HEADER = 200
};

static uint64_t number_at(const unsigned char *header, size_t at)
{
	uint64_t n;
	memcpy(&n, header + at, sizeof(n));
	return le64toh(n);
}

static bool has_numbers(const unsigned char *header, const char *id)
{
	char text[SD_ID128_STRING_MAX];
	sd_id128_t of;
	memcpy(of.bytes, header + NUMBERS_ID, sizeof(of.bytes));
	return id && strcmp(sd_id128_to_string(of, text), id) == 0;
}

/* What is behind `at` of a span from head to tail. */
static uint64_t share(uint64_t bytes, uint64_t head, uint64_t tail, uint64_t at)
{
	if (tail <= at)
		return 0;
	if (head >= at || head >= tail)
		return bytes;
	return (uint64_t)((double)bytes * (double)(tail - at) / (double)(tail - head));
}

static uint64_t left_in(int dir, const char *name, const struct tell_journal_spot *from)
{
	unsigned char header[HEADER];
	TELL_CLEANUP(tell_closep)
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 || pread(fd, header, HEADER, 0) != HEADER ||
		memcmp(header, "LPKSHHRH", 8) != 0)
		return 0;
	uint64_t bytes = number_at(header, TAIL_OBJECT);
	if (has_numbers(header, from->id))
		return share(bytes, number_at(header, HEAD_NUMBER),
			number_at(header, TAIL_NUMBER), from->number);
	return share(bytes, number_at(header, HEAD_TIME), number_at(header, TAIL_TIME),
		from->us);
}

/* Those that libsystemd reads; NAME.journal~ was not closed well. */
static bool is_journal(const char *name)
{
	const char *dot = strrchr(name, '.');
	return dot && dot != name &&
		(strcmp(dot, ".journal") == 0 || strcmp(dot, ".journal~") == 0);
}

static uint64_t left_below(const char *directory, const struct tell_journal_spot *from)
{
	struct dirent *e;
	uint64_t n = 0;
	DIR *d = opendir(directory);
	while (d && (e = readdir(d)))
		if (is_journal(e->d_name))
			n += left_in(dirfd(d), e->d_name, from);
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

static uint64_t left_at(const char *place, const char *machine, const char *name,
	const struct tell_journal_spot *from)
{
	char path[600];
	struct dirent *e;
	uint64_t n = 0;
	DIR *d = opendir(place);
	while (d && (e = readdir(d))) {
		if (!is_meant(e->d_name, machine, name))
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", place, e->d_name); /* fits */
		n += left_below(path, from);
	}
	if (d)
		(void)closedir(d); /* only read */
	return n;
}

uint64_t tell_journal_left(
	const char *directory, const char *name, const struct tell_journal_spot *from)
{
	sd_id128_t id;
	char machine[SD_ID128_STRING_MAX];
	if (directory)
		return left_below(directory, from);
	if (sd_id128_get_machine(&id) < 0)
		return 0;
	(void)sd_id128_to_string(id, machine);
	return left_at("/var/log/journal", machine, name, from) +
		left_at("/run/log/journal", machine, name, from);
}
