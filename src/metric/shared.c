#include "metric/shared.h"
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"

static struct {
	pthread_mutex_t lock;
	struct tell_told_shared *first;
} shared = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void put(struct tell_buf *out, const char *s)
{
	tell_buf_puts(out, s ? s : "");
	tell_buf_putc(out, '\n');
}

static struct tell_told_shared *make(const char *name, size_t len)
{
	struct tell_told_shared *s = calloc(1, sizeof(*s) + len + 1);
	if (!s)
		return NULL;
	memcpy(s->name, name, len);
	(void)pthread_mutex_init(&s->lock, NULL); /* cannot fail in glibc */
	tell_told_init(&s->told);
	s->next = shared.first;
	shared.first = s;
	return s;
}

struct tell_told_shared *tell_told_share(const char *module, const struct tell_args *args)
{
	static const char *const receiver[] = { "host", "path", "prefix" };
	struct tell_buf name = { 0 };
	put(&name, module);
	put(&name, tell_args_service(args));
	for (size_t i = 0; i < sizeof(receiver) / sizeof(receiver[0]); i++)
		put(&name, tell_args_text(args, receiver[i]));
	tell_buf_printf(&name, "%u %u", (unsigned)tell_args_u64(args, "port"),
		tell_args_choice(args, "format"));
	(void)pthread_mutex_lock(&shared.lock); /* a default mutex: no errors */
	struct tell_told_shared *s = shared.first;
	while (s && strcmp(s->name, tell_buf_cstr(&name)) != 0)
		s = s->next;
	if (!s && !name.cut)
		s = make(tell_buf_cstr(&name), name.len);
	(void)pthread_mutex_unlock(&shared.lock);
	tell_buf_done(&name);
	return s;
}

void tell_told_lock(struct tell_told_shared *s)
{
	(void)pthread_mutex_lock(&s->lock); /* a default mutex: no errors */
}

void tell_told_unlock(struct tell_told_shared *s)
{
	(void)pthread_mutex_unlock(&s->lock);
}

void tell_told_child(struct tell_told_shared *s)
{
	(void)pthread_mutex_init(&shared.lock, NULL);
	(void)pthread_mutex_init(&s->lock, NULL);
	tell_told_forget(&s->told);
}
