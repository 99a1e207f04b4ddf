#include "source/journal_files.h"
#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>
#include <unistd.h>
#include "base/bytes.h"
#include "base/cleanup.h"

/* What is done with each file. */
typedef void file_fn(void *arg, const char *path);

struct walk {
	const struct tell_journal_place *place;
	char machine[SD_ID128_STRING_MAX];
	file_fn *fn;
	void *arg;
};

/* journald ends the name of one that it found damaged in a ~ */
static bool is_journal(const char *name)
{
	const char *dot = strrchr(name, '.');
	return dot && dot != name &&
		(strcmp(dot, ".journal") == 0 || strcmp(dot, ".journal~") == 0);
}

/* "<machine>" or "<machine>.<namespace>", one that is read. */
static bool is_read(const struct walk *w, const char *name)
{
	const char *wanted = w->place->name;
	size_t len = strlen(w->machine);
	if (w->place->directory)
		return strlen(name) == 32 && strspn(name, "0123456789abcdef") == 32;
	if (strncmp(name, w->machine, len) != 0 || (name[len] && name[len] != '.'))
		return false;
	if (wanted && strcmp(wanted, "*") == 0)
		return true;
	if (name[len] == '\0')
		return !wanted || *wanted == '+';
	return wanted && strcmp(wanted + (*wanted == '+'), name + len + 1) == 0;
}

static void walk_in(const struct walk *w, const char *directory, bool top)
{
	char path[TELL_JOURNAL_FILE_NAME];
	struct dirent *e;
	DIR *d = opendir(directory);
	while (d && (e = readdir(d))) {
		int n = snprintf(path, sizeof(path), "%s/%s", directory, e->d_name);
		if (n < 0 || (size_t)n >= sizeof(path) || e->d_name[0] == '.')
			continue;
		if (is_journal(e->d_name) && (!top || w->place->directory))
			w->fn(w->arg, path);
		else if (top && is_read(w, e->d_name))
			walk_in(w, path, false);
	}
	if (d)
		(void)closedir(d); /* only read */
}

static void each_file(const struct tell_journal_place *place, file_fn *fn, void *arg)
{
	struct walk w = { .place = place, .fn = fn, .arg = arg };
	sd_id128_t machine;
	if (place->directory) {
		walk_in(&w, place->directory, true);
		return;
	}
	if (sd_id128_get_machine(&machine) < 0)
		return;
	(void)sd_id128_to_string(machine, w.machine);
	walk_in(&w, "/var/log/journal", true);
	walk_in(&w, "/run/log/journal", true);
}

/* ---- those that cannot be opened ---- */

/* One that is empty has just been made. */
static void open_one(void *arg, const char *path)
{
	struct tell_journal_unread *u = arg;
	const char *paths[2] = { path, NULL };
	struct stat st;
	sd_journal *j = NULL;
	int r = stat(path, &st) < 0 || st.st_size == 0
		? 0
		: sd_journal_open_files(&j, paths, 0);
	if (r >= 0) {
		sd_journal_close(j);
		return;
	}
	if (u->n++)
		return;
	u->error = r;
	(void)snprintf(u->first, sizeof(u->first), "%s", path);
}

void tell_journal_unread(
	struct tell_journal_unread *ret, const struct tell_journal_place *place)
{
	*ret = (struct tell_journal_unread){ 0 };
	each_file(place, open_one, ret);
}

/* ---- their heads ---- */

/* systemd.io/JOURNAL_FILE_FORMAT, "Header": where in it these are. */
#define SIGNATURE    "LPKSHHRH"
#define AT_STATE     16
#define AT_ID	     72
#define AT_N	     152
#define AT_TAIL	     160
#define AT_HEAD	     168
#define AT_HEAD_US   184
#define AT_TAIL_US   192
#define HEAD_LEN     200
#define STATE_ONLINE 1

static uint64_t number_at(const unsigned char *head, size_t at)
{
	uint64_t v;
	memcpy(&v, head + at, sizeof(v));
	return le64toh(v);
}

/* journald's own files in a directory share their numbers: system.journal, user-1000@*.journal */
static uint64_t writer_of(const char *path)
{
	char dir[TELL_JOURNAL_FILE_NAME];
	struct stat st;
	const char *name = strrchr(path, '/') + 1; /* it has one */
	bool journald = (strncmp(name, "system", 6) == 0 &&
				(name[6] == '.' || name[6] == '@')) ||
		strncmp(name, "user-", 5) == 0;
	(void)snprintf(dir, sizeof(dir), "%.*s", (int)(name - path), path);
	return journald && stat(dir, &st) == 0
		? ((uint64_t)st.st_dev << 40 ^ (uint64_t)st.st_ino) | 1
		: 0;
}

static void read_head(void *arg, const char *path)
{
	struct tell_sequence_part part = { 0 };
	unsigned char b[HEAD_LEN];
	struct stat st;
	TELL_CLEANUP(tell_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && (errno == EACCES || errno == EPERM))
		tell_sequences_closed(arg, writer_of(path));
	if (fd < 0 || fstat(fd, &st) < 0 || pread(fd, b, sizeof(b), 0) != sizeof(b) ||
		memcmp(b, SIGNATURE, strlen(SIGNATURE)) != 0)
		return;
	*tell_put_hexbytes(part.id, b + AT_ID, TELL_SEQUENCE_ID / 2) = '\0';
	part.writer = writer_of(path);
	part.online = b[AT_STATE] == STATE_ONLINE;
	part.n = number_at(b, AT_N);
	part.tail = number_at(b, AT_TAIL);
	part.head = number_at(b, AT_HEAD);
	part.head_us = number_at(b, AT_HEAD_US);
	part.tail_us = number_at(b, AT_TAIL_US);
	/* A cut file has less than it had; what no file could have is no head. */
	if (part.n <= part.tail)
		tell_sequences_part(arg, &part);
}

void tell_journal_parts(struct tell_sequences *s, const struct tell_journal_place *place)
{
	tell_sequences_forget(s);
	each_file(place, read_head, s);
}
