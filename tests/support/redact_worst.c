#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "redact/issuers.h"
#include "redact/mask.h"

/* redact_worst [ROUNDS [SEED]]: searches for the text that costs most to look at. It repeats
 * pieces: all that the detectors stop at and their rules know, each alone, then pairs of the
 * dearest, then ROUNDS steps uphill from the best. Prints the dearest, in ns of this thread
 * for each byte; redact_cost.c has those that were found worth keeping. */
#define TEXT_MAX  ((size_t)64 << 10)
#define PIECE_MAX 120
#define KEPT	  60
#define STARTS	  12

static const char *const parts[] = { "4", "4111 ", "4111-1111 ", "1234 ", "12345678 ",
	"eyJ", "eyJ.", "eyJabcdefghi.", "-", "--", "-----BEGIN ",
	"-----BEGIN PRIVATE KEY-----", "-----END ", "password", "passwd", "token",
	"secret", "cookie", "key", "api key", "apikey", "authorization", "credentials",
	"pwd", "pin", "pass", "sig", "auth", "access_key",
	"contrase\xc3\xb1"
	"a",
	"name", "value", "param", "header", "field", "=", ":", ": ", " = ", ":=", "=>",
	" => ", "==", "\"", "'", "`", "\\", "\\\"", "\\\\\\\"", "\\n", "\\r\\n", "\\\\n",
	"\n", "\r\n", " ", "  ", "\t", ",", ", ", ";", "; ", "&", "|", "| ", "<", ">",
	"</", "<a>", "<token>", "<token><![CDATA[", "]]>", "<a name=\"token\" ", "{", "}",
	"[", "]", "(", ")", "[0]", "[REDACTED]", "[REDACTED:pair]", "[REDACTED", "%3D",
	"%253D", "%25", "%22", "%3A%2F%2F", "%40", "%5B", "\\u0022", "\\u003d", "\\u00",
	"\\\\u0022", "://", "http://", "http://a:", "a://b:c@",
	"https://a1a1a1a1a1a1a1a1", "@", "@a.bc", "bearer ", "basic ", "basic YWI6",
	"digest ", "digest a=\"", "identified by ", "password is ", "for a ", "is ",
	"set to ", "login a password ", "DE89 3704 ", "DE893704", "A-", "A", "B", "a",
	"a.", "_", "~", "$6$", "$", "*", "?", "#", "/", "//", "\\/", "--token ",
	" --user ", " -p", "mysql -p ", "mysql -p", "curl -u a:", "-password ", "-a x ",
	"AKIA", "s.", "t1.", "1000.", "pat", "AUTH", "] \"auth\" \"", "values",
	"(password)values", "(password,", "('token','", "arn:secret:x",
	"pam_unix(passwd:", "PASS: ", "string(12) ", "(len=", "for ", "is", "null",
	"true", "x", "xxx", "+1", "+4912345678 ", "ssn ", "phone ", "telephone number ",
	"\x1b[0m", "\xc3\xa9", "a=b", "a: b", "k=v ", "key: ", "1", "0", "12345", "&gt;",
	"&lt;", "password&gt;", "\" a1=\"", "|-\n ", "|\\n  ",
	":1:", ":5432:", "a:1:b:c:", "\x01", "\xff", "e", "y", "w", "kE", "ke", "by ",
	"pa", "passw", "to", "AI", "SK", "sk-", "xoxb-" };
#define N_PARTS (sizeof(parts) / sizeof(parts[0]))

struct piece {
	char s[PIECE_MAX];
	size_t n;
	double cost; /* ns a byte */
};

static struct piece kept[KEPT];
static size_t n_kept;
static struct tell_buf out, work;
static bool pii;
static size_t text_len = (size_t)16 << 10;

static double now_ns(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double look_once(const char *text, size_t n)
{
	struct tell_mask m;
	bool whole;
	double from = now_ns();
	tell_mask_init(&m, &out, &work);
	m.pii = pii;
	if (tell_mask_text(&m, text, n, &whole) < 0)
		exit(EXIT_FAILURE);
	tell_mask_done(&m);
	return (now_ns() - from) / (double)n;
}

static void measure(struct piece *p)
{
	static char text[TEXT_MAX];
	for (size_t i = 0; i < text_len; i++)
		text[i] = p->s[i % p->n];
	p->cost = look_once(text, text_len);
	for (int i = 0; i < 3 && p->cost > 5; i++) { /* a noisy neighbour is no cost */
		double again = look_once(text, text_len);
		p->cost = again < p->cost ? again : p->cost;
	}
}

static void keep(const struct piece *p)
{
	size_t i = n_kept < KEPT ? n_kept++ : KEPT - 1;
	if (i == KEPT - 1 && n_kept == KEPT && kept[i].n && kept[i].cost >= p->cost)
		return;
	for (; i > 0 && kept[i - 1].cost < p->cost; i--)
		kept[i] = kept[i - 1];
	kept[i] = *p;
}

static bool append(struct piece *p, const char *s, size_t n)
{
	if (p->n + n > PIECE_MAX)
		return false;
	memcpy(p->s + p->n, s, n);
	p->n += n;
	return true;
}

static const char *any_part(void)
{
	return parts[(size_t)rand() % N_PARTS];
}

/* Another piece that is like this one. */
static struct piece changed(const struct piece *p)
{
	struct piece q = { .n = 0 };
	size_t at = (size_t)rand() % (p->n + 1), left = p->n - at,
	       cut = left ? (size_t)rand() % left : 0;
	const char *part = any_part();
	int what = rand() % 5;
	const struct piece *other = &kept[(size_t)rand() % n_kept];
	(void)append(&q, p->s, at); /* it fits */
	if (what == 0 || what == 1)
		(void)append(&q, part, strlen(part)); /* or it is the piece again */
	if (what == 2)
		(void)append(&q, other->s, other->n);
	if (what == 3)
		(void)append(&q, p->s, p->n);
	(void)append(&q, p->s + at + (what == 1 || what == 4 ? cut : 0),
		left - (what == 1 || what == 4 ? cut : 0));
	if (!q.n)
		q = *p;
	return q;
}

static void climb(struct piece p, long rounds)
{
	for (long i = 0; i < rounds; i++) {
		struct piece q = changed(&p);
		measure(&q);
		if (q.cost > p.cost * 1.03)
			p = q;
	}
	keep(&p);
}

static void try_one(const char *a, const char *b, const char *c)
{
	struct piece p = { .n = 0 };
	(void)append(&p, a, strlen(a)); /* they are short */
	(void)append(&p, b, strlen(b));
	(void)append(&p, c, strlen(c));
	measure(&p);
	keep(&p);
}

static void try_all(void)
{
	for (size_t i = 0; i < N_PARTS; i++)
		for (size_t k = 0; k < N_PARTS; k++)
			try_one(parts[i], k ? parts[k] : "", "");
	const struct tell_issuer *issuer;
	for (size_t i = 0; (issuer = tell_issuer_at(i)); i++) {
		try_one(issuer->prefix, "", "");
		try_one(issuer->prefix, " ", "");
		try_one(issuer->prefix, "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0", "");
		try_one(issuer->prefix, "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0", " ");
	}
}

static void print(const struct piece *p)
{
	printf("%8.1f  ", p->cost);
	for (size_t i = 0; i < p->n; i++)
		if (p->s[i] < ' ' || p->s[i] > '~')
			printf("\\x%02x", (unsigned char)p->s[i]);
		else
			(void)putchar(p->s[i]);
	printf("\n");
}

int main(int argc, char **argv)
{
	long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 300;
	srand(argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 1);
	pii = getenv("PII") != NULL;
	tell_buf_init(&out, 0);
	tell_buf_init(&work, 0);
	text_len = 4096;
	try_all();
	text_len = (size_t)16 << 10;
	struct piece starts[STARTS];
	for (size_t i = 0; i < STARTS; i++)
		starts[i] = kept[i * (i < 6 ? 1 : 4)];
	for (size_t i = 0; i < STARTS; i++) {
		measure(&starts[i]);
		climb(starts[i], rounds);
	}
	for (size_t i = 0; i < n_kept; i++)
		print(&kept[i]);
	return 0;
}
