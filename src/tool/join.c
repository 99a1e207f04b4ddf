#include "tool/join.h"
#include <string.h>
#include "base/ascii.h"
#include "tool/redact_pem.h"

struct text {
	const char *p;
	size_t n;
};

#define BEGINS(t, literal)                                                               \
	((t).n >= sizeof(literal) - 1 && memcmp((t).p, literal, sizeof(literal) - 1) == 0)

static bool ends(struct text t, const char *word)
{
	size_t n = strlen(word);
	return t.n >= n && memcmp(t.p + t.n - n, word, n) == 0;
}

static bool begins_with_any(struct text t, const char *const *words)
{
	for (; *words; words++) {
		size_t n = strlen(*words);
		if (t.n >= n && memcmp(t.p, *words, n) == 0)
			return true;
	}
	return false;
}

/* "12" at p: the digits, their number. */
static size_t number(const char *p, size_t n, unsigned long *ret)
{
	size_t i = 0;
	for (*ret = 0; i < n && i < 10 && tell_is_digit(p[i]); i++)
		*ret = *ret * 10 + (unsigned long)(p[i] - '0');
	return i;
}

/* gdb: "#1  0x000055 in main () at cart.c:42", "#0  fail (why=1) at cart.c:12" */
static bool is_frame(struct text t, unsigned long *ret_number)
{
	size_t n = t.n && *t.p == '#' ? number(t.p + 1, t.n - 1, ret_number) : 0;
	if (n == 0 || n > 6 || n + 2 >= t.n || t.p[n + 1] != ' ')
		return false;
	const char *p = t.p + n + 1, *end = t.p + t.n;
	while (p < end && *p == ' ')
		p++;
	if (end - p > 2 && p[0] == '0' && p[1] == 'x')
		return true;
	struct text what = { p, (size_t)(end - p) };
	if (BEGINS(what, "<signal handler"))
		return true;
	const char *blank = memchr(p, ' ', what.n);
	return blank && end - blank > 1 && blank[1] == '(' &&
		(tell_is_letter(*p) || *p == '_');
}

/* backtrace_symbols(3): "./shop(add_item+0x1d) [0x4011d]", without the blank when it goes
 * to a descriptor. */
static bool is_address(struct text t)
{
	const char *open = ends(t, "]") ? memrchr(t.p, '[', t.n) : NULL;
	if (!open || open < t.p + 3)
		return false;
	size_t n = (size_t)(open - t.p);
	struct text address = { open, t.n - n };
	if (!BEGINS(address, "[0x"))
		return false;
	n -= t.p[n - 1] == ' ';
	return (*t.p == '/' || *t.p == '.' || tell_is_letter(*t.p)) &&
		t.p[n - 1] == ')' && memchr(t.p, '(', n) && !memchr(t.p, ' ', n);
}

/* "==123==", of sanitizers and valgrind */
static size_t report_mark(struct text t, unsigned long *ret_pid)
{
	size_t n = BEGINS(t, "==") ? number(t.p + 2, t.n - 2, ret_pid) : 0;
	return n && t.n >= n + 4 && memcmp(t.p + 2 + n, "==", 2) == 0 ? n + 4 : 0;
}

static bool is_rule(struct text t)
{
	size_t n = 0;
	while (n < t.n && t.p[n] == '=')
		n++;
	return n == t.n && n >= 10;
}

/* "main.(*Cart).add(0x1, 0x2)", "created by main.main" */
static bool is_go_call(struct text t)
{
	if (BEGINS(t, "created by "))
		return true;
	const char *open = t.n ? memchr(t.p, '(', t.n) : NULL;
	return open && (tell_is_letter(*t.p) || *t.p == '_') &&
		(ends(t, ")") || ends(t, "...")) &&
		!memchr(t.p, ' ', (size_t)(open - t.p)) &&
		memchr(t.p, '.', (size_t)(open - t.p));
}

static enum tell_join_kind begin_report(struct tell_join *j, struct text t, size_t mark)
{
	struct text rest = { t.p + mark, t.n - mark };
	j->failed = BEGINS(rest, "ERROR: ");
	return TELL_JOIN_SANITIZER;
}

static enum tell_join_kind kind_of(struct tell_join *j, struct text t)
{
	size_t mark;
	switch (*t.p) {
	case '#':
		return is_frame(t, &j->number) ? TELL_JOIN_FRAMES : TELL_JOIN_PLAIN;
	case '=':
		mark = report_mark(t, &j->number);
		if (mark)
			return begin_report(j, t, mark);
		return is_rule(t) ? TELL_JOIN_RULE : TELL_JOIN_PLAIN;
	case 'f':
	case 'p':
		if (BEGINS(t, "panic: ") || BEGINS(t, "fatal error: "))
			return TELL_JOIN_GO;
		break;
	case 'g':
		if (BEGINS(t, "goroutine ") && ends(t, ":"))
			return TELL_JOIN_GO_FRAMES;
		break;
	default:
		break;
	}
	return is_address(t) ? TELL_JOIN_ADDRESSES : TELL_JOIN_PLAIN;
}

void tell_join_begin(struct tell_join *j, const char *line, size_t len)
{
	struct text t = { line, len };
	*j = (struct tell_join){ .kind = TELL_JOIN_PLAIN };
	if (len == 0)
		return;
	j->colon = line[len - 1] == ':';
	if (j->colon && ends(t, "Traceback (most recent call last):"))
		j->kind = TELL_JOIN_PYTHON;
	else if (line[len - 1] == '-' && tell_pem_opens(line, len))
		j->kind = TELL_JOIN_KEY;
	else
		j->kind = kind_of(j, t);
}

/* ---- the line behind, by kind ------------------------------------------------------------ */

static bool plain_next(struct tell_join *j, struct text t)
{
	if (j->java && BEGINS(t, "Caused by: "))
		return true;
	if (!j->colon || j->indented)
		return false; /* "Backtrace:", "Thread 1 (LWP 12):" */
	if (*t.p == '#' && is_frame(t, &j->number) && j->number == 0) {
		j->kind = TELL_JOIN_FRAMES;
		return true;
	}
	if (!is_address(t))
		return false;
	j->kind = TELL_JOIN_ADDRESSES;
	return true;
}

static bool frames_next(struct tell_join *j, struct text t)
{
	unsigned long n;
	if (*t.p != '#' || !is_frame(t, &n) || n != j->number + 1)
		return false;
	j->number = n;
	return true;
}

static bool python_next(struct tell_join *j, struct text t)
{
	switch (j->kind) {
	case TELL_JOIN_PYTHON: /* the exception itself ends a trace */
		if (!j->indented)
			return false;
		j->kind = TELL_JOIN_PYTHON_END;
		j->failed = true;
		return true;
	case TELL_JOIN_PYTHON_END:
		if (!BEGINS(t, "During handling of the above exception, ") &&
			!BEGINS(t, "The above exception was the direct cause of "))
			return false;
		j->kind = TELL_JOIN_PYTHON_NEXT;
		return true;
	default:
		if (!BEGINS(t, "Traceback (most recent call last):"))
			return false;
		j->kind = TELL_JOIN_PYTHON;
		j->indented = false;
		return true;
	}
}

static bool go_next(struct tell_join *j, struct text t)
{
	if (BEGINS(t, "goroutine ") && ends(t, ":")) {
		j->failed |= j->kind == TELL_JOIN_GO;
		j->kind = TELL_JOIN_GO_FRAMES;
		return true;
	}
	if (j->kind == TELL_JOIN_GO)
		return BEGINS(t, "[signal ") || BEGINS(t, "panic: ");
	return is_go_call(t) || BEGINS(t, "...additional frames elided...");
}

/* The lines of AddressSanitizer's, LeakSanitizer's and ThreadSanitizer's reports that have
 * no blank in front. */
static bool report_next(struct tell_join *j, struct text t)
{
	static const char *const words[] = { "READ of size", "WRITE of size", "0x",
		"Address 0x", "SUMMARY: ", "Shadow byte", "=>0x", "allocated by thread",
		"freed by thread", "previously allocated by", "Thread T",
		"HINT: ", "This frame has ", "Direct leak of", "Indirect leak of",
		"AddressSanitizer", "Uninitialized value", NULL };
	unsigned long pid;
	size_t mark = report_mark(t, &pid);
	if (mark) {
		struct text rest = { t.p + mark, t.n - mark };
		if (pid != j->number)
			return false;
		if (BEGINS(rest, "ABORTING") || rest.n < 2)
			j->kind =
				TELL_JOIN_DONE; /* valgrind ends an error by "==123== " */
		return true;
	}
	if (is_rule(t)) {
		j->kind = TELL_JOIN_DONE; /* ThreadSanitizer's end */
		return j->number == 0;
	}
	return j->failed && begins_with_any(t, words);
}

/* A report after its first rule. */
static bool rule_next(struct tell_join *j, struct text t)
{
	size_t mark = report_mark(t, &j->number);
	if (mark) {
		j->kind = begin_report(j, t, mark);
		return j->failed;
	}
	j->kind = TELL_JOIN_SANITIZER;
	j->number = 0;
	j->failed = BEGINS(t, "WARNING: ThreadSanitizer: ");
	return j->failed;
}

static bool key_next(struct tell_join *j, struct text t)
{
	if (!tell_pem_goes_on(t.p, t.n))
		return false;
	if (tell_pem_ends(t.p, t.n))
		j->kind = TELL_JOIN_DONE;
	return true;
}

static bool next_of_kind(struct tell_join *j, struct text t)
{
	switch (j->kind) {
	case TELL_JOIN_PLAIN:
		return plain_next(j, t);
	case TELL_JOIN_PYTHON:
	case TELL_JOIN_PYTHON_END:
	case TELL_JOIN_PYTHON_NEXT:
		return python_next(j, t);
	case TELL_JOIN_GO:
	case TELL_JOIN_GO_FRAMES:
		return go_next(j, t);
	case TELL_JOIN_FRAMES:
		return frames_next(j, t);
	case TELL_JOIN_ADDRESSES:
		return is_address(t);
	case TELL_JOIN_SANITIZER:
		return report_next(j, t);
	case TELL_JOIN_RULE:
		return rule_next(j, t);
	case TELL_JOIN_KEY:
		return key_next(j, t);
	case TELL_JOIN_DONE:
		break;
	}
	return false;
}

static bool may_have_gaps(enum tell_join_kind kind)
{
	return kind == TELL_JOIN_PYTHON_END || kind == TELL_JOIN_PYTHON_NEXT ||
		kind == TELL_JOIN_GO || kind == TELL_JOIN_GO_FRAMES ||
		kind == TELL_JOIN_SANITIZER || kind == TELL_JOIN_KEY;
}

/* "	at shop.Cart.add(Cart.java:42)" */
static bool is_java_frame(struct text t)
{
	while (t.n && (*t.p == ' ' || *t.p == '\t'))
		t.p++, t.n--;
	return BEGINS(t, "at ") && memchr(t.p, '(', t.n);
}

enum tell_join_answer tell_join_next(struct tell_join *j, const char *line, size_t len)
{
	struct text t = { line, len };
	if (len == 0)
		return may_have_gaps(j->kind) ? TELL_JOIN_PERHAPS : TELL_JOIN_NO;
	if (*line != ' ' && *line != '\t') {
		if (j->kind == TELL_JOIN_PLAIN && !j->java && !j->colon)
			return TELL_JOIN_NO; /* nearly all lines */
		return next_of_kind(j, t) ? TELL_JOIN_YES : TELL_JOIN_NO;
	}
	if (j->kind == TELL_JOIN_DONE || j->kind == TELL_JOIN_RULE)
		return TELL_JOIN_NO;
	j->indented = true;
	if (j->kind == TELL_JOIN_PLAIN && is_java_frame(t))
		j->java = j->failed = true;
	return TELL_JOIN_YES;
}
