#include "stack/outbox_shared.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/state_dir.h"
#include "spool/opened.h"
#include "stack/chain.h"

static struct {
	pthread_mutex_t lock;
	struct tell_outbox *first;
} outboxes = { .lock = PTHREAD_MUTEX_INITIALIZER };

int tell_outbox_check(const struct tell_args *args, struct tell_refusal *why)
{
	static const char *const rest[] = { "spool_full", "spool_sync", "spool_path" };
	const char *path = tell_args_text(args, "spool_path");
	if (!tell_args_given(args, "spool")) {
		for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
			if (tell_args_given(args, rest[i]))
				return tell_refuse(why, -EINVAL, rest[i],
					"add spool=256MB, or remove it",
					"%s= says nothing without spool=", rest[i]);
		return 0;
	}
	if (tell_args_u64(args, "spool") < TELL_SPOOL_LEAST)
		return tell_refuse(why, -EINVAL, "spool", "use 1MiB or more",
			"a spool so small has no room for an outage");
	if (path && *path != '/')
		return tell_refuse(why, -EINVAL, "spool_path",
			"write the directory's whole path, from / on",
			"the spool's directory is not an absolute path");
	return 0;
}

int tell_outbox_look_at(const struct tell_args *args, struct tell_refusal *why)
{
	const char *path = tell_args_text(args, "spool_path");
	bool asks = path && tell_args_given(args, "spool");
	int r = asks ? tell_state_dir_look(path) : 0;
	char text[80];
	if (r < 0)
		(void)tell_refuse(why, r, "spool_path", TELL_SPOOL_DIR_FIX,
			"the spool cannot be in %s: %s", path,
			strerror_r(-r, text, sizeof(text)));
	return r < 0;
}

static struct tell_outbox *outbox_new(
	const struct tell_args *args, const char *name, const char *dir)
{
	struct tell_outbox *o = calloc(1, sizeof(*o));
	if (!o)
		return NULL;
	o->dir = dir ? strdup(dir) : NULL;
	if (dir && !o->dir) {
		free(o);
		return NULL;
	}
	(void)snprintf(o->name, sizeof(o->name), "%s", name); /* cut is fine */
	(void)snprintf(o->service, sizeof(o->service), "%s", tell_args_service(args));
	(void)pthread_mutex_init(&o->lock, NULL);
	o->next = outboxes.first;
	outboxes.first = o;
	return o;
}

static bool is_of(const struct tell_outbox *o, const char *name, const char *dir)
{
	return strcmp(o->name, name) == 0 &&
		(dir && o->dir ? strcmp(dir, o->dir) == 0 : dir == o->dir);
}

struct tell_outbox *tell_outbox_get(
	const struct tell_args *args, const char *sink, uint64_t *ret_turn)
{
	const char *dir = tell_args_text(args, "spool_path");
	char name[sizeof(((struct tell_outbox *)0)->name)];
	(void)snprintf(name, sizeof(name), "%.80s.%.32s", tell_args_service(args), sink);
	(void)pthread_mutex_lock(&outboxes.lock);
	struct tell_outbox *o = outboxes.first;
	while (o && !is_of(o, name, dir))
		o = o->next;
	if (!o)
		o = outbox_new(args, name, dir);
	if (o) {
		o->users++;
		*ret_turn = ++o->turns;
		(void)pthread_mutex_lock(&o->lock); /* held for some ms at most */
		o->options = (struct tell_spool_options){
			.limit = tell_args_u64(args, "spool"),
			.sync = (enum tell_spool_sync)tell_args_choice(
				args, "spool_sync"),
			.drop_oldest = tell_args_choice(args, "spool_full") == 1,
		};
		if (o->spool)
			o->spool->options = o->options;
		(void)pthread_mutex_unlock(&o->lock);
	}
	(void)pthread_mutex_unlock(&outboxes.lock);
	return o;
}

void tell_outbox_put(struct tell_outbox *o, const struct tell_link *link)
{
	if (!o)
		return;
	(void)pthread_mutex_lock(&outboxes.lock);
	(void)pthread_mutex_lock(&o->lock); /* held for some ms at most */
	if (o->owner == link) /* its connection is gone: the next sends it again */
		o->owner = NULL;
	bool last = --o->users == 0;
	(void)pthread_mutex_unlock(&o->lock);
	for (struct tell_outbox **p = &outboxes.first; last && *p; p = &(*p)->next)
		if (*p == o) {
			*p = o->next;
			break;
		}
	(void)pthread_mutex_unlock(&outboxes.lock);
	if (!last)
		return;
	(void)tell_spool_close(o->left);
	(void)tell_spool_close(o->spool);
	(void)pthread_mutex_destroy(&o->lock);
	free(o->dir);
	free(o);
}

uint64_t tell_outbox_lost(struct tell_outbox *o)
{
	uint64_t n = 0;
	(void)pthread_mutex_lock(&o->lock); /* held for some ms at most */
	if (o->spool) {
		uint64_t lost = o->spool->dropped + o->spool->damaged;
		n = lost - o->told_lost;
		o->told_lost = lost;
		if (o->counted < o->spool->confirmed)
			o->counted = o->spool->confirmed;
	}
	(void)pthread_mutex_unlock(&o->lock);
	return n;
}

/* Memory stays: another thread of the parent may have been inside. */
void tell_outbox_child(struct tell_outbox *o)
{
	(void)pthread_mutex_init(&outboxes.lock, NULL);
	(void)pthread_mutex_init(&o->lock, NULL);
	tell_opened_child();
	if (o->spool)
		tell_spool_child(o->spool);
	if (o->left)
		tell_spool_child(o->left);
	o->spool = o->left = NULL;
	o->n_marks = 0;
	o->owner = NULL;
	o->again = o->told_lost = o->by_others = o->held_end = o->held_ns = 0;
}

void tell_outbox_stats(struct tell_outbox *o, struct tell_outbox_stats *ret)
{
	(void)pthread_mutex_lock(&o->lock); /* held for some ms at most */
	*ret = (struct tell_outbox_stats){ .limit = o->options.limit };
	const struct tell_spool *s = o->spool;
	if (s) {
		ret->bytes = s->segments.bytes;
		ret->waiting = tell_spool_waiting(s);
		ret->unsent = s->next - s->sent;
		ret->found = s->found;
		ret->again = o->again;
		ret->dropped = s->dropped;
		ret->damaged = s->damaged;
		(void)snprintf(ret->path, sizeof(ret->path), "%.255s",
			s->path); /* cut is fine */
	}
	(void)pthread_mutex_unlock(&o->lock);
}
