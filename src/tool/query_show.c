/* The walk of `query`: forwards, backwards, or the newest and then what comes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "tool/option.h"
#include "tool/pager.h"
#include "tool/query.h"

/* Entries shown in the other order than they were read in. */
struct held {
	char **list;
	size_t n, cap;
};

static int hold(struct held *h, struct tell_buf *text)
{
	if (h->n == h->cap) {
		size_t cap = h->cap ? 2 * h->cap : 64;
		char **list = reallocarray(h->list, cap, sizeof(*list));
		if (!list)
			return -ENOMEM;
		h->list = list;
		h->cap = cap;
	}
	/* With its length in front: an export may hold NUL. */
	char *copy = malloc(sizeof(size_t) + text->len);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, &text->len, sizeof(size_t));
	memcpy(copy + sizeof(size_t), text->data, text->len);
	h->list[h->n++] = copy;
	return 0;
}

static void release(struct held *h)
{
	while (h->n > 0) {
		char *text = h->list[--h->n];
		size_t len;
		memcpy(&len, text, sizeof(len));
		(void)fwrite(
			text + sizeof(len), 1, len, stdout); /* see tell_cli_flush() */
		free(text);
	}
	free(h->list);
}

/* Up to `lines` entries. Returns how many, or a negative errno. */
static int64_t show(
	struct tell_query *q, struct tell_sources *s, uint64_t lines, struct held *held)
{
	struct tell_buf text = { 0 };
	const struct tell_entry *e;
	int64_t n = 0;
	while (n >= 0 && (uint64_t)n < lines && !ferror(stdout) &&
		(e = tell_sources_next(s)) != NULL) {
		tell_buf_clear(&text);
		tell_print_entry(&q->print, e, &text);
		n++;
		if (!held)
			(void)fwrite(text.data, 1, text.len, stdout); /* as above */
		else if (hold(held, &text) < 0)
			n = -ENOMEM;
	}
	tell_buf_done(&text);
	return n;
}

static int follow(struct tell_query *q, struct tell_sources *s)
{
	int r = tell_sources_follow(s);
	while (r >= 0 && !ferror(stdout)) {
		(void)show(q, s, UINT64_MAX, NULL);
		if (fflush(stdout) != 0)
			break; /* said by tell_cli_flush() */
		r = tell_sources_wait(s);
	}
	return r;
}

int tell_query_show(struct tell_query *q, struct tell_sources *s)
{
	/* The newest N in their order: read from the end, then turned round. */
	bool turned = q->limited && !q->reverse && q->lines != UINT64_MAX;
	struct held held = { 0 };
	s->backward = turned || q->reverse;
	int r = tell_sources_seek(s);
	if (r < 0)
		return tell_cli_error(
			EX_IOERR, "query", "cannot go there: %s", strerror(-r));

	if (!q->no_pager && !q->follow)
		(void)tell_pager_open(); /* none: straight to the terminal */
	int64_t n = show(q, s, q->limited ? q->lines : UINT64_MAX, turned ? &held : NULL);
	release(&held);
	if (n >= 0 && q->follow)
		r = follow(q, s);
	if (n == 0 && !q->quiet && !q->follow && !q->silent)
		fputs("-- No entries --\n", stderr);
	tell_pager_close();
	if (n < 0 || r < 0)
		return tell_cli_error(
			EX_IOERR, "query", "%s", strerror(n < 0 ? (int)-n : -r));
	/* As grep and journalctl -g have it, for scripts. */
	return n == 0 && q->select.grep && !q->follow ? EXIT_FAILURE : EX_OK;
}
