#include "forward/aside.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "encode/json.h"
#include "encode/member.h"

/* What a power cut has left of a line must not spoil the next one. */
static bool end_line(struct tell_pipe *p)
{
	char last = '\n';
	if (p->aside_bytes && pread(p->aside, &last, 1, (off_t)p->aside_bytes - 1) != 1)
		return false;
	if (last == '\n')
		return true;
	bool ended = write(p->aside, "\n", 1) == 1;
	p->aside_bytes += ended;
	return ended;
}

/* The whole line on the disk, or none of it. */
static bool append(struct tell_pipe *p, const struct tell_buf *line)
{
	if (write(p->aside, line->data, line->len) == (ssize_t)line->len &&
		fdatasync(p->aside) == 0) {
		p->aside_bytes += line->len;
		return true;
	}
	/* Where that fails as well, the next one ends what is there: end_line(). */
	if (ftruncate(p->aside, (off_t)p->aside_bytes) < 0) {
		(void)close(p->aside); /* synced as far as it goes */
		p->aside = -1;
	}
	return false;
}

static bool open_file(struct tell_pipe *p)
{
	char name[TELL_BOOKMARK_NAME + sizeof(TELL_ASIDE_NAME)];
	struct stat st;
	(void)snprintf(name, sizeof(name), "%s" TELL_ASIDE_NAME, p->name); /* fits */
	p->aside = openat(p->file.dir, name,
		O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (p->aside < 0)
		return false;
	if (fstat(p->aside, &st) == 0) {
		p->aside_bytes = (uint64_t)st.st_size;
		if (end_line(p))
			return true;
	}
	(void)close(p->aside); /* nothing was written */
	p->aside = -1;
	return false;
}

/* As the target shows it, or its bytes. */
static void put_entry(const struct tell_pipe *p, const struct tell_batch *b, size_t i,
	struct tell_buf *out)
{
	if (p->target->aside)
		p->target->aside(b, i, out);
	else if (!tell_json_embed(out, tell_batch_at(b, i), b->entries[i].len))
		tell_member_string(out, tell_batch_at(b, i), b->entries[i].len);
}

bool tell_aside(void *arg, const struct tell_batch *b, size_t i, const char *why)
{
	struct tell_pipe *p = arg;
	struct tell_buf line = { 0 };
	if (p->wish.dry || (p->aside < 0 && !open_file(p)))
		return false;
	tell_buf_init(&line, 0);
	tell_buf_putc(&line, '{');
	tell_member_time(&line, "time", tell_clock_realtime_ns());
	tell_member_text(&line, "why", why);
	tell_member_name(&line, "entry");
	put_entry(p, b, i, &line);
	tell_buf_puts(&line, "}\n");
	bool kept = !line.cut && p->aside_bytes + line.len <= TELL_ASIDE_BYTES &&
		append(p, &line);
	tell_buf_done(&line);
	return kept;
}
