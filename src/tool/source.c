#include "tool/source.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-journal.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "tool/option.h"

#define FILE_POLL_MS 250

static bool one_of(const char *const *list, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], text) == 0)
			return true;
	return n == 0;
}

/* -u for a file of lines: the service named as the unit. A journal's index has done it. */
static bool unit_holds(const struct tell_selection *s, const struct tell_entry *e)
{
	size_t len = strlen(e->who.service);
	for (size_t i = 0; i < s->n_units; i++)
		if (strncmp(s->units[i], e->who.service, len) == 0 &&
			strcmp(s->units[i] + len, ".service") == 0)
			return true;
	return s->n_units == 0;
}

static bool grep_holds(const regex_t *pattern, const struct tell_entry *e)
{
	size_t len;
	const char *text = tell_record_text(&e->record, &len);
	regmatch_t range = { 0, (regoff_t)len };
	return regexec(pattern, text, 1, &range, REG_STARTEND) == 0;
}

bool tell_selection_holds(const struct tell_selection *s, const struct tell_entry *e)
{
	uint64_t now = tell_entry_time(e);
	if ((s->since_ns && now < s->since_ns) || (s->until_ns && now > s->until_ns))
		return false;
	if (!e->journal) {
		if (s->levels && !(s->levels & 1u << e->record.head->level))
			return false;
		if (!one_of(s->identifiers, s->n_identifiers, e->who.service) ||
			!unit_holds(s, e))
			return false;
	}
	if ((!e->journal || s->matches.soft) && !tell_matches_hold(&s->matches, e))
		return false;
	if (s->grep && !grep_holds(s->grep, e))
		return false;
	return !s->expr || tell_expr_match(s->expr, &e->record, &e->who);
}

static struct tell_source *add(struct tell_sources *s)
{
	if (s->n == s->cap) {
		size_t cap = s->cap ? 2 * s->cap : 8;
		struct tell_source *list = reallocarray(s->list, cap, sizeof(*list));
		if (!list)
			return NULL;
		s->list = list;
		s->cap = cap;
	}
	struct tell_source *new = &s->list[s->n];
	*new = (struct tell_source){ .reader.fd = -1, .current = -1, .older.dir = -1 };
	new->entry = calloc(1, sizeof(*new->entry));
	if (!new->entry || tell_entry_init(new->entry) < 0) {
		free(new->entry);
		return NULL;
	}
	s->n++;
	return new;
}

int tell_sources_add_journal(struct tell_sources *s, sd_journal *j)
{
	struct tell_source *new = add(s);
	if (!new)
		return -ENOMEM;
	new->journal = j;
	return 0;
}

int tell_sources_add_file(struct tell_sources *s, const char *path, int fd)
{
	struct stat st = { 0 };
	struct tell_source *new = fd >= 0 && fstat(fd, &st) < 0 ? NULL : add(s);
	if (!new) {
		tell_closep(&fd);
		return -ENOMEM;
	}
	tell_reader_init(&new->reader, -1);
	new->current = fd;
	new->device = st.st_dev;
	new->inode = st.st_ino;
	new->last_ns = (uint64_t)st.st_mtim.tv_sec * 1000000000 +
		(uint64_t)st.st_mtim.tv_nsec;
	new->path = strdup(path);
	if (!new->path)
		return -ENOMEM;
	/* A generation, or what somebody else rotated, stands for itself. */
	const char *slash = strrchr(path, '/');
	if (strcmp(path, "-") == 0 ||
		tell_generation_base(slash ? slash + 1 : path, NULL))
		return 0;
	int r = tell_older_open(&new->older, path, new->device, new->inode);
	return r == 0 && fd < 0 && new->older.all.n == 0 ? -ENOENT : r;
}

void tell_sources_done(struct tell_sources *s)
{
	for (size_t i = 0; i < s->n; i++) {
		struct tell_source *one = &s->list[i];
		if (!one->journal)
			tell_reader_done(&one->reader);
		tell_closep(&one->current);
		tell_older_done(&one->older);
		tell_entry_done(one->entry);
		free(one->entry);
		free(one->path);
		free(one->newest);
	}
	free(s->list);
	*s = (struct tell_sources){ 0 };
}

static int seek_journal(const struct tell_sources *s, sd_journal *j)
{
	/* Late records have their own time: the edge is looked at again in each entry. */
	if (s->backward && s->select->until_ns)
		return sd_journal_seek_realtime_usec(j, s->select->until_ns / 1000 + 1);
	if (s->backward)
		return sd_journal_seek_tail(j);
	if (s->select->since_ns)
		return sd_journal_seek_realtime_usec(j, s->select->since_ns / 1000);
	return sd_journal_seek_head(j);
}

/* Read the one at `at`, from its begin or its end. 1; 0: it is gone, or cannot be read, which
 * is said; or a negative errno. */
static int read_at(struct tell_sources *s, struct tell_source *one)
{
	bool is_current = one->at == one->older.all.n;
	int fd = !is_current	   ? tell_older_get(&one->older, one->at)
		: one->current < 0 ? -ENOENT
				   : fcntl(one->current, F_DUPFD_CLOEXEC, 0);
	if (fd < 0 && fd != -ENOENT && !is_current)
		(void)tell_cli_error(0, "query", "left out %s beside %s: %s",
			one->older.all.list[one->at].name, one->path,
			fd == -EBADMSG		? "it is damaged"
				: fd == -ENOSYS ? "this build cannot unpack it"
						: strerror(-fd));
	tell_reader_done(&one->reader);
	tell_reader_init(&one->reader, fd < 0 ? -1 : fd);
	if (fd < 0)
		return 0;
	return s->backward && tell_reader_end(&one->reader) < 0 ? -errno : 1;
}

/* Go on with the next file of the log, in the direction of the walk. False: there is none. */
static bool next_file(struct tell_sources *s, struct tell_source *one)
{
	while (s->backward ? one->at > 0 : one->at < one->older.all.n) {
		one->at += s->backward ? (size_t)-1 : 1;
		if (read_at(s, one) > 0)
			return true;
	}
	return false;
}

static int seek_file(struct tell_sources *s, struct tell_source *one)
{
	one->at = s->backward ? one->older.all.n : 0;
	int r = read_at(s, one);
	if (r == 0)
		r = next_file(s, one);
	if (r >= 0 && one->at == one->older.all.n)
		one->begun_at = one->reader.at;
	return r < 0 ? r : 0;
}

int tell_sources_seek(struct tell_sources *s)
{
	for (size_t i = 0; i < s->n; i++) {
		struct tell_source *one = &s->list[i];
		int r = 0;
		if (one->journal)
			r = seek_journal(s, one->journal);
		else
			r = seek_file(s, one);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Is the journal past what is wanted? Its own time decides, late records or not. */
static bool past_range(const struct tell_sources *s, sd_journal *j)
{
	uint64_t us;
	if (sd_journal_get_realtime_usec(j, &us) < 0)
		return false;
	if (s->backward)
		return s->select->since_ns && us < s->select->since_ns / 1000;
	return s->select->until_ns && us > s->select->until_ns / 1000;
}

/* 1: entry is filled; 0: end; negative: skip it. */
static int step_journal(struct tell_sources *s, struct tell_source *one)
{
	sd_journal *j = one->journal;
	int r = s->backward ? sd_journal_previous(j) : sd_journal_next(j);
	if (r <= 0)
		return 0;
	if (s->backward && !one->newest)
		(void)sd_journal_get_cursor(j, &one->newest); /* NULL: the tail then */
	if (past_range(s, j) && !s->follow)
		return 0;
	return tell_entry_from_journal(one->entry, j) < 0 ? -EBADMSG : 1;
}

static int step_file(struct tell_sources *s, struct tell_source *one)
{
	const char *line;
	size_t len;
	if (one->reader.fd < 0)
		return 0;
	/* Half a line at the end of what is written no more is all there is of it. */
	bool whole = s->follow && one->at == one->older.all.n;
	int r = s->backward ? tell_reader_previous(&one->reader, &line, &len)
			    : tell_reader_next(&one->reader, whole, &line, &len);
	if (r <= 0)
		return next_file(s, one) ? -EAGAIN : 0;
	if (len == 0)
		return -EAGAIN;
	r = tell_entry_from_line(one->entry, line, len, one->last_ns);
	if (r < 0)
		return r;
	one->last_ns = tell_entry_time(one->entry);
	return 1;
}

/* Make sure that the source's next entry is loaded, unless it has none. */
static void load(struct tell_sources *s, struct tell_source *one)
{
	while (!one->loaded && !one->ended) {
		int r = one->journal ? step_journal(s, one) : step_file(s, one);
		if (r == 0)
			one->ended = true;
		one->loaded = r > 0 && tell_selection_holds(s->select, one->entry);
	}
}

struct tell_entry *tell_sources_next(struct tell_sources *s)
{
	struct tell_source *best = NULL;
	for (size_t i = 0; i < s->n; i++) {
		struct tell_source *one = &s->list[i];
		load(s, one);
		if (!one->loaded)
			continue;
		if (!best)
			best = one;
		uint64_t a = tell_entry_time(one->entry),
			 b = tell_entry_time(best->entry);
		if (s->backward ? a >= b : a < b)
			best = one;
	}
	if (!best)
		return NULL;
	best->loaded = false; /* taken; its memory stays until the next step */
	return best->entry;
}

/* Where the walk back began, so that what came since is not missed. */
static int turn_journal(struct tell_source *one)
{
	sd_journal *j = one->journal;
	int r = one->newest ? sd_journal_seek_cursor(j, one->newest)
			    : sd_journal_seek_tail(j);
	if (r < 0)
		return r;
	return one->newest ? sd_journal_next(j) : sd_journal_previous(j);
}

int tell_sources_follow(struct tell_sources *s)
{
	s->backward = false;
	s->follow = true;
	for (size_t i = 0; i < s->n; i++) {
		struct tell_source *one = &s->list[i];
		one->loaded = one->ended = false;
		if (one->journal) {
			int r = turn_journal(one);
			if (r < 0)
				return r;
			continue;
		}
		one->at = one->older.all.n;
		(void)read_at(s, one); /* 0: it is still to come */
		one->reader.at = one->reader.window = one->begun_at;
	}
	return 0;
}

/* The file under the path is another one, and the old one has been read to its end: go on with
 * the new one, and before it with what came and went meanwhile. */
static bool reopen(struct tell_sources *s, struct tell_source *one)
{
	struct stat st;
	if (one->path[0] == '-' || stat(one->path, &st) < 0)
		return false;
	bool same = st.st_ino == one->inode && st.st_dev == one->device;
	if (same && (uint64_t)st.st_size >= one->reader.at)
		return (uint64_t)st.st_size > one->reader.at;
	int fd = open(one->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0) {
		tell_closep(&fd);
		return false;
	}
	tell_older_done(&one->older);
	if (!same && tell_older_open(&one->older, one->path, st.st_dev, st.st_ino) == 0)
		tell_older_behind(&one->older, one->device, one->inode);
	tell_closep(&one->current);
	one->current = fd;
	one->device = st.st_dev;
	one->inode = st.st_ino;
	one->at = 0;
	if (read_at(s, one) == 0)
		(void)next_file(s, one);
	return true;
}

int tell_sources_wait(struct tell_sources *s)
{
	struct pollfd fds[1];
	nfds_t n = 0;
	int timeout_ms = -1;
	sd_journal *journal = NULL;
	for (size_t i = 0; i < s->n; i++) {
		struct tell_source *one = &s->list[i];
		one->ended = false;
		if (one->journal) {
			int fd = sd_journal_get_fd(one->journal);
			int events = sd_journal_get_events(one->journal);
			if (fd < 0 || events < 0)
				return fd < 0 ? fd : events;
			journal = one->journal;
			fds[n++] = (struct pollfd){ .fd = fd, .events = (short)events };
			continue;
		}
		if (reopen(s, one))
			return 0;
		timeout_ms =
			FILE_POLL_MS; /* what is on a network file system is seen too */
	}
	uint64_t until_us;
	if (journal && timeout_ms < 0 &&
		sd_journal_get_timeout(journal, &until_us) >= 0 && until_us != UINT64_MAX)
		timeout_ms = FILE_POLL_MS;
	if (poll(fds, n, timeout_ms) < 0 && errno != EINTR)
		return -errno;
	if (journal && sd_journal_process(journal) < 0)
		return -EIO;
	return 0;
}
