#include "redact/search.h"
#include "redact/text.h"

/* Private keys in PEM (RFC 7468 section 10 and 11, and the older labels: RSA, EC, DSA,
 * OPENSSH, PGP ... BLOCK), on lines of their own or with "\n" written out. Without an end
 * line all that follows may be key: it goes, up to the quote that ends a JSON string. */
#define LABEL_MAX 48

static const char begin_mark[] = "-----BEGIN ";
static const char end_mark[] = "-----END ";

/* The end of the label that begins at `at`, when it names a private key; else 0. */
static size_t private_label_end(struct tell_search *x, size_t at)
{
	static const char what[] = "PRIVATE KEY";
	size_t i = at;
	bool private = false;
	while (i < x->n && i - at < LABEL_MAX &&
		((x->s[i] >= 'A' && x->s[i] <= 'Z') || tell_is_digit(x->s[i]) ||
			x->s[i] == ' ')) {
		private |= x->n - i >= sizeof(what) - 1 &&
			memcmp(x->s + i, what, sizeof(what) - 1) == 0;
		i++;
	}
	return private ? i : 0;
}

/* Behind the end line, or where the key must be taken to end without one. */
static size_t key_end(struct tell_search *x, size_t at)
{
	size_t end = x->no_pem_end ? x->n : tell_text_find(x->s, x->n, at, end_mark);
	if (end < x->n) {
		end += sizeof(end_mark) - 1;
		size_t label = end;
		while (end < x->n && end - label < LABEL_MAX && x->s[end] != '-' &&
			x->s[end] != '"' && x->s[end] != '\n')
			end++;
		while (end < x->n && x->s[end] == '-')
			end++;
		return end;
	}
	x->no_pem_end = true;
	for (size_t i = at; i < x->n; i++) {
		if (x->s[i] != '"' || !tell_text_quote_closes(x->s, x->n, i))
			continue;
		while (x->s[i - 1] == '\\')
			i--;
		return i;
	}
	return x->n;
}

void tell_find_pem(struct tell_search *x, size_t at)
{
	size_t from = at - 1, len = sizeof(begin_mark) - 1;
	if (x->n - from < len || memcmp(x->s + from, begin_mark, len) != 0)
		return;
	if (from < x->pem_done)
		return;
	size_t label = private_label_end(x, from + len);
	if (!label)
		return;
	size_t to = key_end(x, label);
	x->pem_done = to;
	tell_search_add(x, TELL_SPAN_PEM, from, to);
}
