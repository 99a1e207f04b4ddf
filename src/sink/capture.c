#include "sink/capture.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "record/record.h"
#include "sink/module.h"
#include "sink/shape.h"

struct captured {
	struct captured *newer;
	struct tell_record record; /* borrows block */
	void *block;
	char *json;
	char *service, *host;
	uint32_t pid;
	size_t bytes;
};

/* The one piece of state a process shares here: who asks has no stack at hand. */
static struct {
	pthread_mutex_t lock;
	struct captured *oldest, *newest;
	size_t n, bytes, limit;
	uint64_t dropped;
} store = { .lock = PTHREAD_MUTEX_INITIALIZER };

static const struct tell_option options[] = {
	{ "size", TELL_OPTION_SIZE, "16MiB", NULL, "memory; then the oldest go", false },
	TELL_SHAPE_MIN,
	{ NULL, TELL_OPTION_TEXT, NULL, NULL, NULL, false },
};

static void free_captured(struct captured *c)
{
	if (!c)
		return;
	free(c->block);
	free(c->json);
	free(c->service);
	free(c->host);
	free(c);
}

/* Unlink the oldest; the lock is held. */
static struct captured *take_oldest(void)
{
	struct captured *c = store.oldest;

	store.oldest = c->newer;
	if (!store.oldest)
		store.newest = NULL;
	store.n--;
	store.bytes -= c->bytes;
	return c;
}

static void append(struct captured *c)
{
	(void)pthread_mutex_lock(&store.lock);
	while (store.oldest && store.bytes + c->bytes > store.limit) {
		free_captured(take_oldest());
		store.dropped++;
	}
	if (store.newest)
		store.newest->newer = c;
	else
		store.oldest = c;
	store.newest = c;
	store.n++;
	store.bytes += c->bytes;
	(void)pthread_mutex_unlock(&store.lock);
}

/* ---- the module ---- */

static int open_capture(
	void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	(void)why;
	(void)pthread_mutex_lock(&store.lock);
	store.limit = (size_t)tell_args_u64(args, "size");
	(void)pthread_mutex_unlock(&store.lock);
	*ret = NULL;
	return 0;
}

static void *copy(const void *bytes, size_t len)
{
	void *p = malloc(len);

	return p ? memcpy(p, bytes, len) : NULL;
}

/* A copy of the record and of what it says; NULL: memory is out. */
static struct captured *keep(struct tell_run *run)
{
	const struct tell_head *head = run->record->head;
	struct captured *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->block = copy(head, head->size);
	c->json = copy(run->out->data, run->out->len);
	c->service = strdup(run->who->service);
	c->host = strdup(run->who->host);
	c->pid = run->who->pid;
	c->bytes = sizeof(*c) + head->size + run->out->len;
	if (!c->block || !c->json || !c->service || !c->host ||
		tell_record_view(&c->record, c->block, head->size) < 0) {
		free_captured(c);
		return NULL;
	}
	return c;
}

static enum tell_verdict run_capture(void *state, struct tell_run *run)
{
	static const struct tell_shape shape = { .encode = tell_encode_json,
		.facility = -1 };

	(void)state;
	tell_buf_clear(run->out);
	if (!tell_shape_encode(&shape, run))
		return TELL_FAILED;
	tell_buf_putc(run->out, '\0');
	struct captured *c = run->out->cut ? NULL : keep(run);
	if (!c)
		return TELL_FAILED;
	append(c);
	return TELL_SUCCESS;
}

static void child_capture(void *state)
{
	(void)state;
	(void)pthread_mutex_init(
		&store.lock, NULL); /* a thread we do not have may hold it */
}

const struct tell_module tell_sink_capture = {
	TELL_MODULE_ABI,
	"sink",
	"capture",
	"keeps records in memory, for tests (telltale/capture.h)",
	.options = options,
	.open = open_capture,
	.run = run_capture,
	.child = child_capture,
};

/* ---- asking ---- */

void tell_captured_clear(void)
{
	(void)pthread_mutex_lock(&store.lock);
	while (store.oldest)
		free_captured(take_oldest());
	store.dropped = 0;
	(void)pthread_mutex_unlock(&store.lock);
}

static bool matches(const struct captured *c, const struct tell_expr *e)
{
	struct tell_identity who = {
		.service = c->service, .host = c->host, .pid = c->pid
	};

	return !e || tell_expr_match(e, &c->record, &who);
}

size_t tell_captured_count(const struct tell_expr *e)
{
	size_t n = 0;

	(void)pthread_mutex_lock(&store.lock);
	for (const struct captured *c = store.oldest; c; c = c->newer)
		n += matches(c, e);
	(void)pthread_mutex_unlock(&store.lock);
	return n;
}

bool tell_captured_find(const struct tell_expr *e, size_t from, size_t *ret_place)
{
	size_t place = 0;
	bool found = false;

	(void)pthread_mutex_lock(&store.lock);
	for (const struct captured *c = store.oldest; c && !found; c = c->newer, place++)
		if (place >= from && matches(c, e)) {
			*ret_place = place;
			found = true;
		}
	(void)pthread_mutex_unlock(&store.lock);
	return found;
}

const char *tell_captured_json(size_t place)
{
	const char *json = NULL;

	(void)pthread_mutex_lock(&store.lock);
	for (const struct captured *c = store.oldest; c; c = c->newer)
		if (place-- == 0) {
			json = c->json;
			break;
		}
	(void)pthread_mutex_unlock(&store.lock);
	return json;
}

uint64_t tell_captured_dropped(void)
{
	(void)pthread_mutex_lock(&store.lock);
	uint64_t dropped = store.dropped;
	(void)pthread_mutex_unlock(&store.lock);
	return dropped;
}
