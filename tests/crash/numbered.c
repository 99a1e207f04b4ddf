#include "crash/numbered.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <telltale.h>

#include "api/init.h"
#include "stack/stack.h"

#define TEXT_MOST 16384u
#define SEQ_CHARS 28

struct numbered_shared *numbered_shared;
struct numbered_sum numbered_sum;

/* What came: each number's TELL_SEQ. */
static struct seen {
	uint64_t last;
	uint8_t may[NUMBERED_MOST]; /* in flight when its writer was killed */
	char seq[NUMBERED_MOST][SEQ_CHARS];
} * seen[NUMBERED_WRITERS];

/* By all ledgers of those that were killed. */
static struct {
	uint64_t dropped, undelivered;
} counted;

bool numbered_begin(void)
{
	numbered_shared = mmap(NULL, sizeof(*numbered_shared), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (numbered_shared == MAP_FAILED)
		return false;
	for (unsigned t = 0; t < NUMBERED_WRITERS; t++) {
		/* Pages that no number reaches are never there. */
		seen[t] = mmap(NULL, sizeof(*seen[t]), PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (seen[t] == MAP_FAILED)
			return false;
	}
	return true;
}

void numbered_end(void)
{
	for (unsigned t = 0; t < NUMBERED_WRITERS; t++)
		(void)munmap(seen[t], sizeof(*seen[t]));
	(void)munmap(numbered_shared, sizeof(*numbered_shared));
}

static void forget_what_came(void)
{
	for (unsigned t = 0; t < NUMBERED_WRITERS; t++) {
		memset(seen[t]->seq, 0, (seen[t]->last + 1) * SEQ_CHARS);
		seen[t]->last = 0;
	}
}

void numbered_reset(void)
{
	for (unsigned t = 0; t < NUMBERED_WRITERS; t++)
		memset(seen[t]->may, 0, numbered_shared->returned[t] + 2);
	memset(numbered_shared, 0, sizeof(*numbered_shared));
	memset(&counted, 0, sizeof(counted));
}

/* ---- who is killed ---- */

static uint32_t size_of(unsigned writer, uint64_t n)
{
	uint64_t x = (n + 1) * 0x9e3779b97f4a7c15u ^ (writer + 1) * 0xbf58476d1ce4e5b9u;
	x ^= x >> 31;
	uint32_t most = 1u << (x % 15);
	return most > 1 ? 1 + (uint32_t)(x >> 20) % most : 1;
}

static char letter(unsigned writer, uint64_t n, size_t at)
{
	return (char)('a' + (writer * 7 + n * 3 + at) % 26);
}

static void raise_to(uint64_t *to, uint64_t now)
{
	uint64_t was = __atomic_load_n(to, __ATOMIC_RELAXED);
	while (was < now &&
		!__atomic_compare_exchange_n(
			to, &was, now, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		;
}

static void publish_counted(unsigned ledger)
{
	struct tell_stack_stats s;
	struct tell_stack *stack = tell__stack();
	if (!stack)
		return;
	tell_stack_stats(stack, &s);
	raise_to(&numbered_shared->dropped[ledger], s.dropped);
	raise_to(&numbered_shared->undelivered[ledger], s.undelivered);
}

static void log_one(unsigned writer, uint64_t n, char *text)
{
	uint32_t size = size_of(writer, n);
	for (uint32_t i = 0; i < size; i++)
		text[i] = letter(writer, n, i);
	text[size] = '\0';
	if (n % 7 == 0) {
		TELL_SCOPE(tell_kv("scoped", n));
		tell_info("killed", tell_kv("t", writer), tell_kv("n", n),
			tell_kv("text", text));
	} else {
		tell_info("killed", tell_kv("t", writer), tell_kv("n", n),
			tell_kv("text", text));
	}
}

void numbered_log(unsigned writer, unsigned ledger)
{
	uint64_t *returned = &numbered_shared->returned[writer];
	char *text = malloc(TEXT_MOST + 1);
	for (uint64_t n = *returned + 1; text && n < NUMBERED_MOST - 1; n++) {
		log_one(writer, n, text);
		publish_counted(ledger);
		__atomic_store_n(returned, n, __ATOMIC_RELEASE);
		__atomic_store_n(&numbered_shared->ready, 1, __ATOMIC_RELEASE);
	}
	free(text);
}

void numbered_killed(void)
{
	for (unsigned t = 0; t < NUMBERED_WRITERS; t++)
		if (numbered_shared->returned[t] < NUMBERED_MOST - 1)
			seen[t]->may[++numbered_shared->returned[t]] = 1;
	for (unsigned i = 0; i < NUMBERED_LEDGERS; i++) {
		counted.dropped += numbered_shared->dropped[i];
		counted.undelivered += numbered_shared->undelivered[i];
		numbered_shared->dropped[i] = numbered_shared->undelivered[i] = 0;
	}
}

/* ---- what came ---- */

static uint64_t number_in(const char *line, const char *key)
{
	const char *at = strstr(line, key);
	return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

static bool text_is(const char *text, unsigned writer, uint64_t n)
{
	uint32_t size = size_of(writer, n);
	for (uint32_t i = 0; i < size; i++)
		if (text[i] != letter(writer, n, i))
			return false;
	return text[size] == '"';
}

/* A line of the log: whole, and new or the same as before. */
static bool line_is_sound(const char *line, size_t len)
{
	uint64_t t = number_in(line, "\"t\":"), n = number_in(line, "\"n\":");
	const char *text = strstr(line, "\"text\":\""), *seq = strstr(line, "\"seq\":\"");
	if (len < 2 || line[len - 1] != '}' || t >= NUMBERED_WRITERS || n == 0 ||
		n >= NUMBERED_MOST || !text || !seq || !text_is(text + 8, (unsigned)t, n))
		return false;
	char *before = seen[t]->seq[n], now[SEQ_CHARS] = "";
	seq += 7;
	(void)snprintf(now, sizeof(now), "%.*s", (int)strcspn(seq, "\""), seq);
	if (n > seen[t]->last)
		seen[t]->last = n;
	if (*before) {
		numbered_sum.twice++;
		return strcmp(before, now) == 0;
	}
	memcpy(before, now, sizeof(now));
	numbered_sum.records++;
	return true;
}

/* The line's last record: what is before it is half of another process's. */
static const char *last_record(const char *line)
{
	static const char begin[] = "{\"timestamp\":";
	const char *at = line;
	for (const char *next; (next = strstr(at + 1, begin));)
		at = next;
	return at;
}

/* Half lines in it. */
static unsigned take_line(const char *line, size_t len)
{
	const char *at = last_record(line);
	unsigned n_cut = at != line;
	if (len == 0)
		return 0; /* what an undone line leaves */
	if (line[len - 1] != '}')
		return n_cut + 1;
	/* Killed while it painted its own line over, which hung on another's half: it comes again. */
	if (strstr(line, "  "))
		return n_cut + 1;
	if (strstr(at, "\"message\":\"killed\"") &&
		!line_is_sound(at, len - (size_t)(at - line))) {
		printf("# torn: %.200s\n", at);
		numbered_sum.torn++;
	}
	return n_cut;
}

static void read_log(const char *log_path, unsigned n_killed)
{
	char *line = NULL;
	unsigned n_cut = 0;
	size_t cap = 0;
	ssize_t len;
	FILE *f = fopen(log_path, "re");
	forget_what_came();
	while (f && (len = getline(&line, &cap, f)) > 0) {
		len -= line[len - 1] == '\n';
		line[len] = '\0';
		n_cut += take_line(line, (size_t)len);
	}
	numbered_sum.cut += n_cut;
	numbered_sum.torn += n_cut > n_killed ? n_cut - n_killed : 0;
	if (f)
		(void)fclose(f);
	free(line);
}

/* Missing of what returned; there although it was never said. */
static bool account(bool may_drop)
{
	uint64_t missing = 0, beyond = 0, gone = 0;
	for (unsigned t = 0; t < NUMBERED_WRITERS; t++) {
		const struct seen *s = seen[t];
		uint64_t last = numbered_shared->returned[t];
		for (uint64_t n = 1; n <= last; n++) {
			missing += !*s->seq[n] && !s->may[n];
			gone += !*s->seq[n] && s->may[n];
			numbered_sum.in_flight += s->may[n] && *s->seq[n];
		}
		for (uint64_t n = last + 1; n <= s->last; n++)
			beyond += *s->seq[n] != '\0';
	}
	uint64_t all = counted.dropped + counted.undelivered;
	uint64_t lost = missing > all ? missing - all : 0;
	/* Those in flight may have been counted. */
	bool fine = !lost && !beyond && all <= missing + gone &&
		(may_drop || counted.dropped == 0);
	numbered_sum.lost += lost;
	numbered_sum.dropped += counted.dropped;
	numbered_sum.undelivered += counted.undelivered;
	if (!fine)
		printf("# %lu missing, %lu dropped, %lu undelivered, %lu from nowhere\n",
			(unsigned long)missing, (unsigned long)counted.dropped,
			(unsigned long)counted.undelivered, (unsigned long)beyond);
	return fine;
}

bool numbered_judge(const char *log_path, unsigned n_killed, bool may_drop)
{
	unsigned long torn = numbered_sum.torn;
	read_log(log_path, n_killed);
	return account(may_drop) && numbered_sum.torn == torn;
}
