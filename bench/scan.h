#pragma once
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "bench/ids.h"

/* What the figures of redaction share: the messages, the ten patterns of those who match
 * expressions, and how the time is taken.
 *
 * Messages: 256 in turn, none with a secret. "clean": 120 bytes of words; "ids": 159 to 163
 *           bytes, most of them UUID, trace id, hash and numbers.
 * Time:     the best of several rounds, as what disturbs only adds. */
#define SCAN_TEXTS  256
#define SCAN_ROUNDS 20

struct scan_texts {
	char text[SCAN_TEXTS][192];
	size_t len[SCAN_TEXTS];
};

/* Ten, each as its issuer or the standard writes it: AWS IAM identifiers; GitHub, Slack and
 * Stripe token prefixes; RFC 7519 JWT; RFC 7468 labels; Google API keys; ISO/IEC 7812 digits,
 * grouped; RFC 6750 Bearer; a password's pair. */
static const char *const scan_patterns[] = {
	"\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b",
	"\\bgh[pousr]_[A-Za-z0-9]{36}",
	"\\bxox[abeoprs]-[A-Za-z0-9-]{10,}",
	"\\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}",
	"\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*",
	"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----",
	"\\bAIza[A-Za-z0-9_-]{35}",
	"\\b(?:[0-9][ -]?){12,18}[0-9]\\b",
	"(?i)\\bbearer +[A-Za-z0-9._~+/-]{8,}",
	"(?i)password[\"']?\\s*[:=]\\s*\\S+",
};
#define SCAN_PATTERNS (sizeof(scan_patterns) / sizeof(scan_patterns[0]))

/* 120 bytes, of a few words in turn: what follows from one message's being the same each
 * time (a processor learns it) is not measured. */
static inline void scan_words(char *text, int i)
{
	static const char *const who[] = { "order", "parcel", "invoice", "payment",
		"request", "session", "account", "customer" };
	static const char *const what[] = { "accepted", "delivered", "waiting", "closed",
		"answered", "refused", "written", "read again" };
	static const char *const then[] = { "after the service answered in time",
		"because the store was slow to reply", "and nothing more is left to do",
		"while a second one is under way" };
	static const char more[] = " if all goes well, and leaves the house on its way";
	int n = snprintf(text, 192, "%s %s %s, the %s gets a mail and the %s %s tomorrow",
		who[i & 7], what[i >> 3 & 7], then[i >> 6 & 3], who[(i + 3) & 7],
		who[(i + 5) & 7], what[(i + 2) & 7]);
	for (; n < 120; n++)
		text[n] = more[(size_t)n % (sizeof(more) - 1)];
	text[120] = 0;
}

static inline void scan_ids(char *text, int i, const struct bench_ids *a)
{
	int n = snprintf(text, 192,
		"request %s of trace %s in %d ms, object sha1:%s%.8s, %d of 4096 bytes at "
		"10.0.%d.%d",
		a->request, a->trace, 7 + i * 13, a[1].trace, a[2].trace, i * 11, i % 200,
		i % 250);
	if (n < 0 || n >= 192)
		abort();
}

static inline struct scan_texts *scan_texts_make(const char *kind)
{
	static struct scan_texts texts;
	static struct bench_ids ids[BENCH_SETS];
	bench_ids_make(ids);
	for (int i = 0; i < SCAN_TEXTS; i++) {
		if (strcmp(kind, "ids") == 0)
			scan_ids(texts.text[i], i, &ids[i]);
		else
			scan_words(texts.text[i], i);
		texts.len[i] = strlen(texts.text[i]);
	}
	return &texts;
}

static inline uint64_t scan_now_ns(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t); /* cannot fail */
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* `scan(arg, text, len, i)` of n messages, in rounds; prints the best round's ns a message.
 * Whoever finds something in these texts is not measured. */
typedef int (*scan_one)(void *arg, const char *text, size_t len, int i);

static inline int scan_run(const char *kind, long n, scan_one scan, void *arg)
{
	const struct scan_texts *t = scan_texts_make(kind);
	long each = n / SCAN_ROUNDS ? n / SCAN_ROUNDS : n, found = 0;
	double best = 0;
	for (long done = 0; done < n; done += each) {
		uint64_t begin = scan_now_ns();
		for (long i = 0; i < each; i++) {
			int k = (int)(i % SCAN_TEXTS);
			found += scan(arg, t->text[k], t->len[k], k);
		}
		double ns = (double)(scan_now_ns() - begin) / (double)each;
		best = best > 0 && best < ns ? best : ns;
	}
	if (found) {
		(void)fprintf(stderr, "%ld secrets found in text without any\n", found);
		return EXIT_FAILURE;
	}
	(void)printf("%.2f\n", best);
	return EXIT_SUCCESS;
}
