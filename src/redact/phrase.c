#include "redact/pair.h"
#include "redact/text.h"

/* Passwords that no sign stands in front of: PASSWORD 'x' and IDENTIFIED BY 'x' of SQL, and
 * sentences: "the password is x", "with password x". Prose has these words without one, so
 * what is not in quotes must look made up: a sentence goes on with words. */
#define BACK_MAX  64
#define VALUE_MAX 256

enum look { ANY, NO_WORD, MADE_UP }; /* how much it must look so */

/* Does it have what words do not? */
static bool looks(const char *s, size_t n, enum look look)
{
	bool digit = false, lower = false, other = false, plain = true;
	for (size_t i = 0; i < n; i++) {
		plain &= tell_char_is(s[i], TELL_CHAR_DIGIT | TELL_CHAR_ALPHA);
		if (tell_is_digit(s[i]))
			digit = true;
		else if (s[i] >= 'a' && s[i] <= 'z')
			lower = true;
		else
			other |= i > 0 && i + 1 < n && s[i] != '-' && s[i] != '/' &&
				s[i] != '(' && s[i] != '.' && s[i] != '_';
	}
	switch (look) {
	case ANY:
		return n > 0;
	case NO_WORD:
		return n >= 4 && (digit || other) && lower;
	case MADE_UP:
		return digit && lower && ((n >= 8 && other) || (n >= 16 && plain));
	}
	return true;
}

/* Behind "password", "passwd", "passwort" whose w is at `at`; 0: it is another word. */
static size_t word_end(const struct tell_search *x, size_t at)
{
	static const char *const ends[] = { "word", "wd", "wort", "woord" };
	if (at < 4 || !tell_text_starts_with(x->s, x->n, at - 4, "pass"))
		return 0;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t to = at + strlen(ends[i]);
		if (tell_text_starts_with(x->s, x->n, at, ends[i]) && to < x->n &&
			!tell_char_is_word(x->s[to]))
			return to;
	}
	return 0;
}

/* Behind "is ", "was ", "set to " and their like, which say that the value comes. */
static size_t verb_end(const struct tell_search *x, size_t at)
{
	static const char *const verbs[] = { "is ", "was ", "is set to ", "set to ",
		"changed to ", "reset to ", "updated to ", "to ", "will be ", "ist ",
		"lautet ", "est ", "es ", "-> " };
	size_t longest = 0;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		size_t len = strlen(verbs[i]);
		if (len > longest && tell_text_starts_with(x->s, x->n, at, verbs[i]))
			longest = len;
	}
	return at + longest;
}

/* A value in quotes, when there are no blanks in it. False: it does not begin with one. */
static bool quoted(struct tell_search *x, size_t at, enum look look)
{
	size_t slashes = 0, i = at;
	while (i < x->n && x->s[i] == '\\' && slashes < 7)
		i++, slashes++;
	if (i >= x->n || !memchr("\"'`", x->s[i], 3))
		return false;
	char quote = x->s[i];
	size_t from = ++i;
	while (i < x->n && i - from < VALUE_MAX && x->s[i] != quote && x->s[i] != ' ')
		i++;
	if (i >= x->n || x->s[i] != quote)
		return true;
	while (i > from && slashes-- && x->s[i - 1] == '\\')
		i--;
	if (looks(x->s + from, i - from, look))
		tell_pair_mask(x, from, i);
	return true;
}

static void bare(struct tell_search *x, size_t at, enum look look)
{
	size_t to = at;
	while (to < x->n && to - at < VALUE_MAX &&
		!tell_char_is(x->s[to], TELL_CHAR_SPACE) && x->s[to] != ';' &&
		x->s[to] != '"' && x->s[to] != '\'' && x->s[to] != '\\')
		to++;
	while (to > at && memchr(",.):]}!", x->s[to - 1], 7))
		to--;
	if (look != ANY && to < x->n && (x->s[to] == '=' || x->s[to] == ':'))
		return;
	for (size_t i = at; look != ANY && i < to; i++)
		if (x->s[i] == '(' ||
			(x->s[i] == '=' && i + 2 < to && x->s[i + 1] != '='))
			return; /* a pair or a call of its own */
	if (looks(x->s + at, to - at, look))
		tell_pair_mask(x, at, to);
}

/* Behind the colon of "password for user ann: "; n: there is none. */
static size_t colon_end(const struct tell_search *x, size_t at)
{
	size_t i = at;
	while (i < x->n && i - at < BACK_MAX &&
		(tell_char_is(x->s[i], TELL_CHAR_NAME) || strchr(" '@", x->s[i])))
		i++;
	return i + 1 < x->n && x->s[i] == ':' && x->s[i + 1] == ' ' ? i + 2 : x->n;
}

/* Behind "for ann " and its like. */
static size_t skip_whose(const struct tell_search *x, size_t at)
{
	if (!tell_text_starts_with(x->s, x->n, at, "for "))
		return at;
	const char *blank = memchr(
		x->s + at + 4, ' ', x->n - at - 4 < 40 ? x->n - at - 4 : 40);
	return blank ? (size_t)(blank - x->s) + 1 : at;
}

/* setPassword("x"), PASSWORD('x'). */
static void as_argument(struct tell_search *x, size_t at)
{
	bool upper = x->s[at - 1] < 'a';
	bool set = at > 11 && tell_text_starts_with(x->s, x->n, at - 11, "set");
	(void)quoted(x, at + 1, upper || set ? ANY : NO_WORD); /* else it is a name */
}

/* &lt;password&gt;x&lt;/password&gt;: XML in XML. */
static bool find_escaped_element(struct tell_search *x, size_t at)
{
	static const char end[] = "&gt;", next[] = "&lt;";
	if (x->n - at < sizeof(end) || memcmp(x->s + at, end, sizeof(end) - 1) != 0)
		return false;
	size_t from = at + sizeof(end) - 1;
	size_t to = from < x->phrase_done ? x->phrase_done
					  : tell_text_find(x->s, x->n, from, next);
	x->phrase_done = to;
	tell_pair_mask(x, from, to);
	return true;
}

static void after_password(struct tell_search *x, size_t at)
{
	size_t value = tell_pair_skip_blanks(x, at);
	if (find_escaped_element(x, at))
		return;
	if (value < x->n && x->s[value] == '(')
		as_argument(x, value);
	if (value == at)
		return;
	bool upper = x->s[at - 1] < 'a'; /* as SQL has it */
	if (quoted(x, value, upper ? ANY : NO_WORD))
		return;
	size_t whose = skip_whose(x, value), behind = verb_end(x, whose);
	if (behind == whose) {
		bare(x, value, MADE_UP);
		size_t colon = colon_end(x, value);
		if (colon < x->n)
			bare(x, colon, MADE_UP);
		return;
	}
	behind = tell_pair_skip_blanks(x, behind);
	if (!quoted(x, behind, NO_WORD))
		bare(x, behind, NO_WORD);
}

/* IDENTIFIED BY, IDENTIFIED WITH plugin BY: the word is looked for once in each place. */
static bool follows_identified(struct tell_search *x, size_t by)
{
	static const char word[] = "identified ";
	size_t len = sizeof(word) - 1, stop = by > BACK_MAX ? by - BACK_MAX : 0;
	struct tell_walked *w = tell_search_walked(x);
	size_t i = w->identified_done > stop + len ? w->identified_done : stop + len;
	for (; i <= by; i++)
		if (x->s[i - 1] == ' ' && (x->s[i - 2] | 0x20) == 'd' &&
			tell_text_starts_with(x->s, x->n, i - len, word))
			w->identified = i;
	w->identified_done = i;
	i = w->identified;
	return i >= stop + len &&
		(i == by || tell_text_starts_with(x->s, x->n, i, "with "));
}

void tell_find_phrase(struct tell_search *x, size_t at)
{
	if ((x->s[at] | 0x20) == 'w') {
		size_t end = word_end(x, at);
		if (!end)
			return;
		tell_find_listed(x, end);
		tell_find_column(x, at - 4, end);
		tell_find_cell(x, end);
		tell_find_netrc(x, at - 4, end);
		after_password(x, end);
		return;
	}
	if (at + 2 >= x->n || at < 12 || x->s[at + 1] != ' ' ||
		!follows_identified(x, at - 1))
		return;
	size_t value = tell_pair_skip_blanks(x, at + 1);
	if (tell_text_starts_with(x->s, x->n, value, "password "))
		value = tell_pair_skip_blanks(x, value + 8);
	if (!quoted(x, value, ANY))
		bare(x, value, x->s[at] == 'Y' ? ANY : NO_WORD);
}
