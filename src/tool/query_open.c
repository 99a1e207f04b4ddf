/* What `query` reads: which journals, which files. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <systemd/sd-journal.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "source/journal_match.h"
#include "tool/option.h"
#include "tool/query.h"
#include "source/unpack.h"

static int add_selection(sd_journal *j, const struct tell_selection *s)
{
	int r = 0;
	for (size_t i = 0; r >= 0 && i < s->n_units; i++)
		r = tell_journal_match_unit(j, s->units[i]);
	if (r >= 0)
		r = sd_journal_add_conjunction(j);
	for (size_t i = 0; r >= 0 && i < s->n_identifiers; i++)
		r = tell_journal_match(j, "SYSLOG_IDENTIFIER", s->identifiers[i]);
	if (r >= 0 && s->boot)
		r = tell_journal_match(j, "_BOOT_ID", s->boot);
	for (int level = 0; r >= 0 && level < 8; level++) {
		char digit[2] = { (char)('0' + level), '\0' };
		if (s->levels & 1u << level)
			r = tell_journal_match(j, "PRIORITY", digit);
	}
	return r < 0 ? r : tell_matches_apply(&s->matches, j);
}

/* Ready the journal that was just opened (r: how that went). */
static int use_journal(
	struct tell_query *q, struct tell_sources *s, int r, const char *what)
{
	if (r < 0)
		return tell_cli_error(r == -ENOENT ? EX_NOINPUT : EX_IOERR, "query",
			"cannot open %s: %s", what, strerror(-r));
	int chosen = tell_query_boot_choose(q);
	if (chosen != 0)
		return chosen;
	r = sd_journal_set_data_threshold(q->journal, 0); /* values whole */
	if (r >= 0)
		r = add_selection(q->journal, &q->select);
	if (r >= 0 && q->follow)
		r = sd_journal_get_fd(q->journal); /* watches from now on */
	if (r >= 0)
		r = tell_sources_add_journal(s, q->journal);
	if (r < 0)
		return tell_cli_error(EX_IOERR, "query", "%s: %s", what, strerror(-r));
	return 0;
}

static int open_default(struct tell_query *q, struct tell_sources *s)
{
	if (q->directory) {
		if (access(q->directory, R_OK | X_OK) < 0)
			return tell_cli_error(errno == EACCES ? EX_NOPERM : EX_NOINPUT,
				"query", "cannot read %s: %s", q->directory,
				strerror(errno));
		int r = tell_query_look(q);
		if (r != 0)
			return r;
		r = sd_journal_open_directory(&q->journal, q->directory, 0);
		return use_journal(q, s, r, q->directory);
	}
	int flags = SD_JOURNAL_LOCAL_ONLY;
	const char *name = q->name_space;
	if (name && strcmp(name, "*") == 0) {
		flags |= SD_JOURNAL_ALL_NAMESPACES;
		name = NULL;
	} else if (name && name[0] == '+') {
		flags |= SD_JOURNAL_INCLUDE_DEFAULT_NAMESPACE;
		name++;
	}
	int r = tell_query_look(q);
	if (r != 0)
		return r;
	return use_journal(q, s, sd_journal_open_namespace(&q->journal, name, flags),
		"this machine's journal");
}

/* journal-file.c's signature in systemd. */
static bool is_journal(int fd)
{
	char b[8] = { 0 };
	return pread(fd, b, sizeof(b), 0) == sizeof(b) && memcmp(b, "LPKSHHRH", 8) == 0;
}

/* *fd becomes a file of what is compressed in it. 0 or an exit code. */
static int unpack(int *fd, const char *path)
{
	enum tell_packed form = tell_packed_of(*fd);
	if (form == TELL_PACKED_NOT)
		return 0;
	int to = tell_unpack(*fd, form);
	if (to == -ENOSYS)
		return tell_cli_error(EX_DATAERR, "query",
			"%s is compressed, and this build cannot unpack it; use a pipe: "
			"%s %s | telltale query --file=-",
			path, form == TELL_PACKED_OTHER ? "xzcat" : "zstdcat", path);
	if (to < 0)
		return tell_cli_error(EX_DATAERR, "query", "cannot unpack %s: %s", path,
			to == -EBADMSG ? "it is damaged or cut off" : strerror(-to));
	tell_closep(fd);
	*fd = to;
	return 0;
}

/* A pipe's content in memory, so that it can be read in any direction. */
static int copy_stdin(void)
{
	int fd = memfd_create("stdin", MFD_CLOEXEC);
	char chunk[65536];
	ssize_t n;
	while (fd >= 0 && (n = read(STDIN_FILENO, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		for (ssize_t done = 0, w; done < n; done += w)
			if ((w = write(fd, chunk + done, (size_t)(n - done))) <= 0)
				n = -1;
		if (n < 0) {
			(void)close(fd);
			return -1;
		}
	}
	return fd;
}

static int add_file(struct tell_sources *s, const char *path, int fd)
{
	int r = tell_sources_add_file(s, path, fd);
	if (r == -ENOENT)
		return tell_cli_error(
			EX_NOINPUT, "query", "cannot open %s: %s", path, strerror(-r));
	if (r < 0)
		return tell_cli_error(EX_OSERR, "query", "%s: %s", path, strerror(-r));
	return 0;
}

/* Journal files are gathered in paths, to be opened as one. */
static int open_path(
	struct tell_sources *s, const char *path, const char **paths, size_t *n)
{
	bool is_stdin = strcmp(path, "-") == 0;
	TELL_CLEANUP(tell_closep)
	int fd = is_stdin ? copy_stdin() : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	if (fd < 0 && errno == ENOENT)
		return add_file(s, path, -1); /* just rotated, and nothing since */
	if (fd < 0 || fstat(fd, &st) < 0)
		return tell_cli_error(errno == EACCES ? EX_NOPERM : EX_NOINPUT, "query",
			"cannot open %s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return tell_cli_error(EX_NOINPUT, "query",
			"%s is not a file; --file=- reads a pipe, -D a directory of journals",
			path);
	if (is_journal(fd)) {
		if (*n == TELL_QUERY_FILES_MAX)
			return tell_cli_error(
				EX_USAGE, "query", "too many journal files");
		paths[(*n)++] = path;
		return 0;
	}
	int r = unpack(&fd, path);
	return r ? r : add_file(s, path, tell_fd_take(&fd));
}

/* Does the log this is a generation of stand among them, and brings it along? */
static bool comes_along(const glob_t *found, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t dir = slash ? (size_t)(slash + 1 - path) : 0;
	size_t base = tell_generation_base(path + dir, NULL);
	for (size_t i = 0; base && i < found->gl_pathc; i++)
		if (strncmp(found->gl_pathv[i], path, dir + base) == 0 &&
			found->gl_pathv[i][dir + base] == '\0')
			return true;
	return false;
}

static int open_files(struct tell_query *q, struct tell_sources *s)
{
	const char *paths[TELL_QUERY_FILES_MAX + 1];
	size_t n = 0;
	glob_t found = { 0 };
	int r = 0;
	for (size_t i = 0; r == 0 && i < q->n_files; i++) {
		/* What matches nothing stays, and is then missing by its name. */
		int g = glob(q->files[i],
			GLOB_NOCHECK | GLOB_BRACE | (i ? GLOB_APPEND : 0), NULL, &found);
		if (g != 0)
			r = tell_cli_error(
				EX_OSERR, "query", "cannot look for %s", q->files[i]);
	}
	for (size_t i = 0; r == 0 && i < found.gl_pathc; i++)
		if (!comes_along(&found, found.gl_pathv[i]))
			r = open_path(s, found.gl_pathv[i], paths, &n);
	paths[n] = NULL;
	if (r == 0 && n > 0)
		r = use_journal(
			q, s, sd_journal_open_files(&q->journal, paths, 0), paths[0]);
	globfree(&found);
	return r;
}

int tell_query_open(struct tell_query *q, struct tell_sources *s)
{
	if (q->n_files && (q->directory || q->name_space))
		return tell_cli_error(EX_USAGE, "query",
			"--file goes with neither --directory nor --namespace");
	return q->n_files ? open_files(q, s) : open_default(q, s);
}
