/* Values through a real journald, byte by byte: the same fields by telltale and by
 * sd_journal_sendv(), both read back with sd-journal. Prints TAP.
 *
 * Where sd_journal_sendv() has a limit of its own (507 fields, CONVENTIONS 4.1), what was
 * read is compared with what was sent. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <telltale.h>
#include <unistd.h>

#define DIRECTORY    "/run/log/journal"
#define FIELDS_MAX   1100
#define FIELDS_LARGE 1000
#define MIB	     ((size_t)1 << 20)
#define TRIES	     300 /* of 50 ms, for journald to write */

struct sample {
	const char
		*name; /* and identifier of the two entries, with -sd for libsystemd's */
	size_t n;
	char *keys[FIELDS_MAX];
	char *values[FIELDS_MAX];
	size_t lens[FIELDS_MAX];
};

static int tests, failures;

static void check(int good, const char *name, const char *what)
{
	failures += !good;
	printf("%sok %d - %s: %s\n", good ? "" : "not ", ++tests, name, what);
}

static void *need(void *p)
{
	if (!p)
		abort();
	return p;
}

static void add(struct sample *s, const char *key, const void *value, size_t len)
{
	s->keys[s->n] = need(strdup(key));
	s->values[s->n] = need(malloc(len + 1));
	memcpy(s->values[s->n], value, len);
	s->lens[s->n++] = len;
}

/* ---- sending ---- */

static void send_telltale(const struct sample *s, const char *message)
{
	struct tell_field *fields = need(calloc(s->n + 1, sizeof(*fields)));

	(void)tell_init(s->name);
	for (size_t i = 0; i < s->n; i++)
		fields[i] = tell_strn(s->keys[i], s->values[i], s->lens[i]);
	tell_log(TELL_NOTICE, message, fields, s->n);
	(void)tell_flush(10000);
	tell_close();
	free(fields);
}

static struct iovec pair(const char *key, const void *value, size_t len)
{
	struct iovec v = { .iov_len = strlen(key) + 1 + len };
	char *p = v.iov_base = need(malloc(v.iov_len));

	for (; *key; key++)
		*p++ = *key >= 'a' && *key <= 'z' ? (char)(*key - 'a' + 'A') : *key;
	*p++ = '=';
	memcpy(p, value, len);
	return v;
}

static int send_libsystemd(const struct sample *s, const char *message)
{
	struct iovec *v = need(calloc(s->n + 4, sizeof(*v)));
	char name[64];
	int n = 0;

	int len = snprintf(name, sizeof(name), "%s-sd", s->name);
	v[n++] = pair("message", message, strlen(message));
	v[n++] = pair("priority", "5", 1);
	v[n++] = pair("syslog_identifier", name, (size_t)len);
	for (size_t i = 0; i < s->n; i++)
		v[n++] = pair(s->keys[i], s->values[i], s->lens[i]);
	int r = sd_journal_sendv(v, n);
	while (n > 0)
		free(v[--n].iov_base);
	free(v);
	return r;
}

/* ---- reading ---- */

/* At the one entry with this identifier; waits until journald has written it. */
static sd_journal *find(const char *identifier)
{
	char match[128];

	(void)snprintf(match, sizeof(match), "SYSLOG_IDENTIFIER=%s", identifier);
	for (int i = 0; i < TRIES; i++) {
		sd_journal *j = NULL;
		if (sd_journal_open_directory(&j, DIRECTORY, 0) >= 0) {
			(void)sd_journal_set_data_threshold(j, 0);
			(void)sd_journal_add_match(j, match, 0);
			if (sd_journal_next(j) > 0)
				return j;
			sd_journal_close(j);
		}
		(void)usleep(50000);
	}
	return NULL;
}

/* What libsystemd's entry cannot have or has otherwise by nature. */
static int is_ours(const void *data, size_t len)
{
	static const char *const names[] = { "TELL_", "CODE_", "TID=", "SYSLOG_",
		"LOGGER=" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (len >= strlen(names[i]) &&
			memcmp(data, names[i], strlen(names[i])) == 0)
			return 1;
	return *(const char *)data == '_';
}

static int has(sd_journal *j, const void *data, size_t len)
{
	const char *equals = memchr(data, '=', len);
	const void *found;
	size_t found_len;
	char name[128] = { 0 };

	if (!equals || (size_t)(equals - (const char *)data) >= sizeof(name))
		return 0;
	memcpy(name, data, (size_t)(equals - (const char *)data));
	return sd_journal_get_data(j, name, &found, &found_len) >= 0 &&
		found_len == len && memcmp(found, data, len) == 0;
}

/* Every field of a that is not ours alone is in b with the same bytes. */
static int is_in(sd_journal *a, sd_journal *b)
{
	const void *data;
	size_t len;

	SD_JOURNAL_FOREACH_DATA(a, data, len)
	if (!is_ours(data, len) && !has(b, data, len)) {
		printf("# differs: %.40s (%zu bytes)\n", (const char *)data, len);
		return 0;
	}
	return 1;
}

static int holds(sd_journal *j, const struct sample *s)
{
	for (size_t i = 0; i < s->n; i++) {
		struct iovec v = pair(s->keys[i], s->values[i], s->lens[i]);
		int found = has(j, v.iov_base, v.iov_len);
		if (!found)
			printf("# missing: %.40s (%zu bytes)\n", s->keys[i], s->lens[i]);
		free(v.iov_base);
		if (!found)
			return 0;
	}
	return 1;
}

/* ---- samples ---- */

static void try_sample(struct sample *s, int libsystemd_can)
{
	send_telltale(s, s->name);
	sd_journal *ours = find(s->name);
	check(ours != NULL, s->name, "the entry is there");
	check(ours && holds(ours, s), s->name,
		"every value is byte for byte what was logged");
	if (libsystemd_can) {
		char other[64];
		(void)snprintf(other, sizeof(other), "%s-sd", s->name);
		check(send_libsystemd(s, s->name) == 0, s->name,
			"sd_journal_sendv() sends it");
		sd_journal *theirs = find(other);
		check(ours && theirs && is_in(ours, theirs) && is_in(theirs, ours),
			s->name, "the entry is the one sd_journal_sendv() makes");
		sd_journal_close(theirs);
	}
	sd_journal_close(ours);
	for (size_t i = 0; i < s->n; i++) {
		free(s->keys[i]);
		free(s->values[i]);
	}
	s->n = 0;
}

static void try_hostile(void)
{
	static struct sample s = { .name = "hostile" };
	char all[256];

	for (int i = 0; i < 256; i++)
		all[i] = (char)i;
	add(&s, "newline", "one\ntwo\n", 8);
	add(&s, "nul", "a\0b", 3);
	add(&s, "empty", "", 0);
	add(&s, "blanks", "  x  ", 5);
	add(&s, "every_byte", all, sizeof(all));
	add(&s, "escape", "\033[31mred\033[0m", 12);
	add(&s, "invalid_utf8", "\xff\xc3(\xed\xa0\x80", 6);
	add(&s, "forged", "x\nMESSAGE=forged\n_UID=0\n", 24);
	add(&s, "equals", "=a=b", 4);
	add(&s, "bidi", "\xe2\x80\xae reversed", 12);
	try_sample(&s, 1);
}

static void try_large(void)
{
	static struct sample s = { .name = "large" };
	char *big = need(malloc(MIB));

	for (size_t i = 0; i < MIB; i++)
		big[i] = (char)('a' + i % 26);
	add(&s, "body", big, MIB);
	big[1000] = '\n';
	add(&s, "lines", big, MIB);
	free(big);
	try_sample(&s, 1);
}

static void try_many(void)
{
	static struct sample s = { .name = "many" };
	char key[32], value[64];

	for (int i = 0; i < FIELDS_LARGE; i++) {
		(void)snprintf(key, sizeof(key), "field_%04d", i);
		int n = snprintf(value, sizeof(value), "%d\n%d", i, i * i);
		add(&s, key, value, (size_t)n);
	}
	try_sample(&s, 0);
}

int main(void)
{
	try_hostile();
	try_large();
	try_many();
	printf("1..%d\n", tests);
	return failures != 0;
}
