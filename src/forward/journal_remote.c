/* sink journal-remote: entries to systemd-journal-remote, which makes a journal of them.
 *
 * Shape:  what redaction left of the record, as `sink journald` writes it, and in front what
 *         journald itself knew of it, by its own names; so `journalctl -u` finds it there. One
 *         request a batch: systemd-journal-upload's never ends, and its proxies run full.
 * Source: systemd.io, Journal Export Formats; systemd-journal-remote(8), POST /upload. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-journal.h>
#include "base/clock.h"
#include "encode/encode.h"
#include "forward/http.h"
#include "forward/target.h"
#include "source/entry.h"

struct journal_remote {
	struct tell_http_line http;
	struct tell_buf fields;
};

static const struct tell_option options[] = {
	TELL_HTTP_OPTIONS_PLAIN,
	TELL_FORWARD_OPTIONS("0s"),
	{ 0 },
};

const struct tell_module tell_sink_journal_remote = {
	.abi = TELL_MODULE_ABI,
	.type = "sink",
	.name = "journal-remote",
	.summary = "ships to systemd-journal-remote",
	.options = options,
	.open = tell_http_module_open,
	.check = tell_http_allowed,
	.run = tell_target_run,
};

static void remote_close(void *state)
{
	struct journal_remote *j = state;
	if (!j)
		return;
	tell_http_line_close(&j->http);
	tell_buf_done(&j->fields);
	free(j);
}

static int remote_open(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	struct journal_remote *j = calloc(1, sizeof(*j));
	if (!j)
		return -ENOMEM;
	tell_buf_init(&j->fields, 0);
	int r = tell_http_line_open(&j->http, args, "/upload", why);
	if (r < 0) {
		remote_close(j);
		return r;
	}
	*ret = j;
	return 0;
}

/* ---- an entry ---- */

/* Journald's own fields that a record has (source/journal_name.c), if it has them from there. */
static bool is_trusted(const struct tell_record *r, const char *name, size_t len)
{
	static const char *const names[] = { "BOOT_ID", "NAMESPACE", "TRANSPORT",
		"SYSTEMD_UNIT", "SYSTEMD_USER_UNIT" };
	char lower[32];
	struct tell_value v;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strlen(names[i]) != len || memcmp(names[i], name, len) != 0)
			continue;
		for (size_t k = 0; k < len; k++)
			lower[k] = (char)(name[k] == '_' ? '_' : name[k] | 0x20);
		return tell_record_get(r, lower, len, &v) && v.flags & TELL_SLOT_ADDED;
	}
	return false;
}

/* Bytes of the field at p, its line feed included; *ret_name: those of its name. */
static size_t field_len(const char *p, const char *end, size_t *ret_name)
{
	const char *name_end = p;
	uint64_t len = 0;
	while (*name_end != '=' && *name_end != '\n')
		name_end++;
	*ret_name = (size_t)(name_end - p);
	if (*name_end == '=')
		return (size_t)((const char *)memchr(p, '\n', (size_t)(end - p)) - p) + 1;
	for (size_t i = 8; i > 0; i--)
		len = len << 8 | (unsigned char)name_end[i];
	return *ret_name + 1 + 8 + (size_t)len + 1;
}

/* What sink journald would have sent, with journald's names given back. */
static void put_fields(
	struct journal_remote *j, const struct tell_parcel *p, struct tell_buf *out)
{
	const struct tell_layout layout = { .who = p->who };
	tell_buf_clear(&j->fields);
	tell_encode_journal(&j->fields, p->record, &layout);
	out->cut |= j->fields.cut;
	const char *at = j->fields.data, *end = at + j->fields.len;
	while (at < end) {
		size_t name, len = field_len(at, end, &name);
		if (is_trusted(p->record, at, name))
			tell_buf_putc(out, '_');
		tell_buf_put(out, at, len);
		at += len;
	}
}

/* journald's times; monotonic is of the boot that _BOOT_ID names. */
static void put_front(const struct tell_parcel *p, struct tell_buf *out)
{
	uint64_t realtime_us = p->record->head->realtime_ns / 1000, monotonic_us = 0;
	sd_id128_t boot;
	if (p->entry && p->entry->where) {
		realtime_us = p->entry->realtime_us;
		if (sd_journal_get_monotonic_usec(p->entry->where, &monotonic_us, &boot) <
			0)
			monotonic_us = 0;
	}
	tell_buf_printf(out,
		"__REALTIME_TIMESTAMP=%" PRIu64 "\n__MONOTONIC_TIMESTAMP=%" PRIu64 "\n",
		realtime_us, monotonic_us);
	if (*p->who->host && !strchr(p->who->host, '\n'))
		tell_buf_printf(out, "_HOSTNAME=%s\n", p->who->host);
	if (p->who->pid)
		tell_buf_printf(out, "_PID=%" PRIu32 "\n", p->who->pid);
	if (p->record->head->pid && p->record->head->pid != p->who->pid)
		tell_buf_printf(out, "SYSLOG_PID=%" PRIu32 "\n", p->record->head->pid);
}

static int remote_put(void *state, struct tell_batch *b, const struct tell_parcel *p)
{
	struct journal_remote *j = state;
	put_front(p, &b->bytes);
	put_fields(j, p, &b->bytes);
	tell_buf_putc(&b->bytes, '\n');
	return tell_batch_add(b, 0) ? 0 : -ENOMEM;
}

static void remote_body(void *state, const struct tell_batch *b, size_t from, size_t to,
	struct tell_buf *out)
{
	(void)state;
	for (size_t i = from; i < to; i++)
		tell_buf_put(out, tell_batch_at(b, i), b->entries[i].len);
}

static void remote_send(
	void *state, const struct tell_buf *body, size_t n, struct tell_answer *ret)
{
	struct journal_remote *j = state;
	(void)n;
	tell_http_line_post(
		&j->http, "application/vnd.fdo.journal", NULL, body->data, body->len);
	(void)tell_http_judge(&j->http.answer, ret); /* nobody knows better here */
}

static void remote_watch(void *state, void (*alive)(void *arg), void *arg)
{
	struct journal_remote *j = state;
	tell_http_line_watch(&j->http, alive, arg);
}

const struct tell_target tell_target_journal_remote = {
	.module = &tell_sink_journal_remote,
	.open = remote_open,
	.close = remote_close,
	.put = remote_put,
	.body = remote_body,
	.send = remote_send,
	.watch = remote_watch,
};
