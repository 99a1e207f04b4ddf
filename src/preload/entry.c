#include "preload/entry.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include "base/number.h"
#include "base/utf8.h"
#include "record/record.h"

#define FIELDS_MAX     1024 /* journald drops an entry with more */
#define NAME_MAX_PLACE 256  /* a place keeps 255 bytes of each name (record/place.h) */

/* One "NAME=value". */
struct part {
	const char *name, *value;
	size_t name_len, len;
};

struct entry {
	struct tell_relay relay;
	struct tell_site site;
	char file[NAME_MAX_PLACE], func[NAME_MAX_PLACE], logger[NAME_MAX_PLACE];
	struct tell_field *fields;
	uint16_t *keys;
	struct tell_field *elements; /* of the lists */
	size_t n_elements;
};

static bool split(const struct iovec *iov, struct part *ret)
{
	const char *text = iov->iov_base;
	const char *equals = text && iov->iov_len > 1 ? memchr(text, '=', iov->iov_len)
						      : NULL;
	if (!equals)
		return false;
	size_t name_len = (size_t)(equals - text);
	*ret = (struct part){ text, equals + 1, name_len, iov->iov_len - name_len - 1 };
	return true;
}

static bool is(const struct part *p, const char *name)
{
	return strlen(name) == p->name_len && memcmp(p->name, name, p->name_len) == 0;
}

/* ---- parts of the record ---- */

static bool number(const struct part *p, uint64_t most, uint64_t *ret)
{
	return tell_parse_u64(p->value, p->len, ret) && *ret <= most;
}

/* Of a file its end, which is its name. */
static const char *keep(char to[NAME_MAX_PLACE], const struct part *p, bool end)
{
	size_t n = p->len < NAME_MAX_PLACE - 1 ? p->len : NAME_MAX_PLACE - 1;
	memcpy(to, p->value + (end ? p->len - n : 0), n);
	to[n] = '\0';
	return to;
}

/* Of whom, and how bad. Libsystemd's names; 0 to 191 in a priority is as in syslog(3). */
static bool take_head(struct tell_relay *r, const struct part *p)
{
	uint64_t n;
	if (is(p, "MESSAGE")) {
		r->message = p->value;
		r->message_len = p->len;
	} else if (is(p, "PRIORITY")) {
		if (!number(p, LOG_PRIMASK, &n))
			return false;
		r->level = (int)n;
	} else if (is(p, "SYSLOG_FACILITY")) {
		if (!number(p, TELL_FACILITIES - 1, &n))
			return false;
		r->facility = (int)n;
	} else if (is(p, "SYSLOG_IDENTIFIER")) {
		r->name = p->value;
		r->name_len = p->len;
	} else if (is(p, "SYSLOG_PID")) {
		if (!number(p, INT32_MAX, &n) || !n)
			return false;
		r->pid = (uint32_t)n;
		r->say_pid = true;
	} else {
		return false;
	}
	return true;
}

static bool take_place(struct entry *e, const struct part *p)
{
	uint64_t n;
	if (is(p, "CODE_FILE")) {
		e->site.file = keep(e->file, p, true);
	} else if (is(p, "CODE_LINE")) {
		if (!number(p, UINT32_MAX, &n))
			return false;
		e->site.line = (uint32_t)n;
	} else if (is(p, "CODE_FUNC")) {
		e->site.func = keep(e->func, p, false);
	} else if (is(p, "LOGGER")) {
		e->site.logger = keep(e->logger, p, false);
	} else {
		return false;
	}
	return true;
}

/* ---- fields ---- */

/* Names that are the journal's own, and that its clients may set (OBJECT_PID= and
 * MESSAGE_ID= in systemd.journal-fields(7)): they keep them. */
static uint16_t key_of(const struct part *p)
{
	if (is(p, "MESSAGE_ID"))
		return TELL_KEY_MESSAGE_ID;
	if (is(p, "INVOCATION_ID"))
		return TELL_KEY_INVOCATION_ID;
	if (is(p, "OBJECT_PID"))
		return TELL_KEY_OBJECT_PID;
	return 0;
}

static struct tell_field field_of(const struct part *p)
{
	uint64_t n;
	struct tell_field f = tell_strn(NULL, p->value, p->len);
	if (is(p, "ERRNO") && number(p, INT32_MAX, &n))
		f = tell_i64(NULL, (int64_t)n);
	else if (tell_utf8_valid(p->value, p->len) < p->len)
		f = tell_bytes(NULL, p->value, p->len);
	f.key = p->name;
	f.key_len = p->name_len < UINT16_MAX ? (uint16_t)p->name_len : UINT16_MAX;
	return f;
}

static bool same_name(const struct tell_field *a, const struct tell_field *b)
{
	return a->key_len == b->key_len && memcmp(a->key, b->key, a->key_len) == 0;
}

/* All of fields[i]'s name from i on as one list; the later ones lose their name. */
static void gather(struct entry *e, size_t i, size_t n)
{
	struct tell_field *first = &e->fields[i];
	size_t begin = e->n_elements;
	for (size_t j = i + 1; j < n; j++) {
		if (!e->fields[j].key || !same_name(first, &e->fields[j]))
			continue;
		if (e->n_elements == begin)
			e->elements[e->n_elements++] = *first;
		e->elements[e->n_elements++] = e->fields[j];
		e->fields[j].key = NULL;
	}
	if (e->n_elements == begin)
		return;
	struct tell_field list = tell_list_of(
		NULL, e->elements + begin, e->n_elements - begin);
	list.key = first->key;
	list.key_len = first->key_len;
	*first = list;
}

/* One field a name, in the order in which names came first. */
static void unite(struct entry *e)
{
	size_t n = e->relay.n_fields, kept = 0;
	for (size_t i = 0; i < n; i++) {
		if (!e->fields[i].key)
			continue;
		gather(e, i, n);
		e->keys[kept] = e->keys[i];
		e->fields[kept++] = e->fields[i];
	}
	e->relay.n_fields = kept;
}

/* ---- the entry ---- */

static void take(struct entry *e, const struct part *p)
{
	if (take_head(&e->relay, p) || take_place(e, p) || !p->name_len)
		return;
	e->keys[e->relay.n_fields] = key_of(p);
	e->fields[e->relay.n_fields++] = field_of(p);
}

static bool make_room(struct entry *e, size_t n)
{
	e->fields = calloc(n, sizeof(*e->fields));
	e->elements = calloc(n, sizeof(*e->elements));
	e->keys = calloc(n, sizeof(*e->keys));
	return e->fields && e->elements && e->keys;
}

static void entry_done(struct entry *e)
{
	free(e->fields);
	free(e->elements);
	free(e->keys);
}

static void take_call(struct entry *e, const struct tell_entry_place *place)
{
	struct part p;
	const char *const texts[] = { place->file, place->line };
	for (size_t i = 0; i < 2; i++) {
		const struct iovec iov = { (void *)(uintptr_t)texts[i],
			texts[i] ? strlen(texts[i]) : 0 };
		if (split(&iov, &p))
			(void)take_place(e, &p);
	}
	if (place->func) {
		p = (struct part){ "CODE_FUNC", place->func, 9, strlen(place->func) };
		(void)take_place(e, &p);
	}
}

/* What holds where the entry does not say. */
static void entry_init(struct entry *e, uint64_t time_ns)
{
	*e = (struct entry){
		.relay = { .level = LOG_INFO,
			.facility = -1,
			.name = program_invocation_short_name,
			.name_len = strlen(program_invocation_short_name),
			.time_ns = time_ns,
			.message = "",
			.slot_flags = TELL_SLOT_SCOPE }, /* MESSAGE stays as it is */
		.site = { .level = TELL__LEVEL_VARIES },
	};
}

static int say(struct tell_say *s, const struct tell_entry_place *place,
	const struct iovec *iov, size_t n, uint64_t time_ns)
{
	struct entry e;
	struct part p;
	entry_init(&e, time_ns);
	if (!make_room(&e, n)) {
		entry_done(&e);
		return -ENOMEM;
	}
	for (size_t i = 0; i < n; i++)
		if (split(&iov[i], &p))
			take(&e, &p);
	if (!e.site.file) /* what a wrapper says of its caller is better than its own place */
		take_call(&e, place);
	unite(&e);
	e.relay.fields = e.fields;
	e.relay.keys = e.keys;
	bool placed = e.site.file || e.site.logger;
	(void)tell_say(s, placed ? &e.site : NULL, &e.relay, false);
	entry_done(&e);
	return s->ready ? 0 : -ENOMEM;
}

/* ---- for later ---- */

static void pack(struct tell_later *later, const char *name, const void *bytes, size_t n)
{
	size_t name_len = strlen(name), before = later->len;
	uint32_t len = (uint32_t)(name_len + n);
	if (n > TELL_LATER_BYTES || !tell_later_put(later, &len, sizeof(len)) ||
		!tell_later_put(later, name, name_len) ||
		!tell_later_put(later, bytes, n)) {
		later->len = before; /* without this one, and marked */
		later->cut = true;
	}
}

void tell_entry_keep(
	const struct tell_entry_place *place, const struct iovec *iov, size_t n)
{
	struct tell_later *later = tell_later_new(TELL_LATER_ENTRY);
	if (!later)
		return;
	for (size_t i = 0; i < n; i++)
		pack(later, "", iov[i].iov_base, iov[i].iov_len);
	if (place->file)
		pack(later, "", place->file, strlen(place->file));
	if (place->line)
		pack(later, "", place->line, strlen(place->line));
	if (place->func)
		pack(later, "CODE_FUNC=", place->func, strlen(place->func));
	tell_later_keep(later);
}

void tell_entry_kept(struct tell_say *s, const struct tell_later *later)
{
	enum { LEAST = sizeof(uint32_t) + 2 };
	struct iovec *iov = calloc(TELL_LATER_BYTES / LEAST, sizeof(*iov));
	size_t n = 0;
	uint32_t len;
	for (size_t at = 0; iov && at < later->len; at += len) {
		memcpy(&len, later->text + at, sizeof(len));
		at += sizeof(len);
		iov[n++] = (struct iovec){ (void *)(uintptr_t)(later->text + at), len };
	}
	if (n)
		(void)say(s, &(struct tell_entry_place){ 0 }, iov, n, later->time_ns);
	free(iov);
}

int tell_entry_make(struct tell_say *s, const struct tell_entry_place *place,
	const struct iovec *iov, size_t n)
{
	return say(s, place, iov, n, 0);
}

int tell_entry_check(const struct iovec *iov, int n)
{
	struct part p;
	if (!iov || n <= 0 || n > FIELDS_MAX)
		return -EINVAL;
	for (int i = 0; i < n; i++)
		if (!split(&iov[i], &p))
			return -EINVAL;
	return 0;
}
