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

static bool open_file(struct tell_pipe *p)
{
	char name[TELL_BOOKMARK_NAME + sizeof(TELL_ASIDE_NAME)];
	struct stat st;
	(void)snprintf(name, sizeof(name), "%s" TELL_ASIDE_NAME, p->name); /* fits */
	p->aside = openat(p->file.dir, name,
		O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
		0600);
	if (p->aside < 0 || fstat(p->aside, &st) < 0)
		return false;
	p->aside_bytes = (uint64_t)st.st_size;
	return true;
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
		write(p->aside, line.data, line.len) == (ssize_t)line.len &&
		fdatasync(p->aside) == 0;
	p->aside_bytes += kept ? line.len : 0;
	tell_buf_done(&line);
	return kept;
}
