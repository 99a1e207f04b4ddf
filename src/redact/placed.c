#include "redact/pair.h"
#include "redact/text.h"

/* Secrets that are told by their place: the next cell of a table, the next argument of an
 * audit record, what follows the login in .netrc, a hash of crypt(5) behind a colon, the
 * last field of .pgpass, AUTH in Redis's MONITOR, the keywords of Clojure.
 *
 * Source: audit.rules(7), EXECVE records; netrc(5); crypt(5); libpq, "The Password File";
 * redis.io, MONITOR and AUTH. */
#define VALUE_MAX 256

/* Is it a row of headings, with a line of dashes below? */
static bool is_heading(const struct tell_search *x, size_t at)
{
	const char *end = memchr(x->s + at, '\n', x->n - at < 1024 ? x->n - at : 1024);
	size_t next = end ? (size_t)(end - x->s) + 1 : x->n;
	return next + 1 < x->n && strchr("|+", x->s[next]) &&
		strchr("-:", x->s[next + 1]);
}

/* | db_password | x | */
void tell_find_cell(struct tell_search *x, size_t end)
{
	size_t bar = tell_pair_skip_blanks(x, end), name = tell_pair_name_begin(x, end),
	       before = name;
	while (before > 0 && name - before < VALUE_MAX && x->s[before - 1] == ' ')
		before--;
	if (bar >= x->n || x->s[bar] != '|' || before == 0 || x->s[before - 1] != '|' ||
		tell_secret_name(x->s + name, end - name) == TELL_SECRET_NO)
		return;
	size_t from = tell_pair_skip_blanks(x, bar + 1), to = from;
	while (to < x->n && to - from < VALUE_MAX && x->s[to] != '|' && x->s[to] != '\n')
		to++;
	if (to >= x->n || x->s[to] != '|' || is_heading(x, to))
		return;
	while (to > from && (x->s[to - 1] == ' ' || x->s[to - 1] == '\t'))
		to--;
	tell_pair_mask(x, from, to);
}

/* a1="--password" a2="x": behind the name's quote. */
void tell_find_audited(struct tell_search *x, size_t name, size_t end)
{
	size_t at = end + 3;
	if (at + 3 >= x->n || memcmp(x->s + end, "\" a", 3) != 0 ||
		!tell_is_digit(x->s[at]))
		return;
	while (at < x->n && tell_is_digit(x->s[at]))
		at++;
	if (at + 1 >= x->n || x->s[at] != '=' || x->s[at + 1] != '"' ||
		tell_secret_name(x->s + name, end - name) == TELL_SECRET_NO)
		return;
	size_t from = at + 2;
	const char *quote = memchr(
		x->s + from, '"', x->n - from < VALUE_MAX ? x->n - from : VALUE_MAX);
	if (quote)
		tell_pair_mask(x, from, (size_t)(quote - x->s));
}

/* machine h login ann password x: `password` begins at `name`. */
void tell_find_netrc(struct tell_search *x, size_t name, size_t end)
{
	static const char login[] = "login ";
	size_t user = name;
	if (name < sizeof(login) + 1 || x->s[name - 1] != ' ')
		return;
	for (user = name - 1;
		user > 0 && x->s[user - 1] != ' ' && x->s[user - 1] != '\n';)
		user--;
	size_t len = sizeof(login) - 1, from = tell_pair_skip_blanks(x, end), to = from;
	if (user < len || memcmp(x->s + user - len, login, len) != 0 || from == end)
		return;
	while (to < x->n && to - from < VALUE_MAX &&
		!tell_char_is(x->s[to], TELL_CHAR_SPACE))
		to++;
	tell_pair_mask(x, from, to);
}

static bool ends_hash(const void *s, size_t i)
{
	char c = ((const char *)s)[i];
	return !tell_char_is(c, TELL_CHAR_TOKEN68) && c != '$' && c != '=' && c != ',';
}

/* Does the id of a method of crypt(5) stand behind the '$' at `at`? */
static bool is_crypt(const struct tell_search *x, size_t at)
{
	static const char ids[][10] = { "1$", "5$", "6$", "2a$", "2b$", "2y$", "y$", "7$",
		"gy$", "sha1$", "apr1$", "argon2i$", "argon2d$", "argon2id$", "scrypt$" };
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		size_t len = strlen(ids[i]);
		if (x->s[at + 1] == ids[i][0] && x->n - at > len &&
			memcmp(x->s + at + 1, ids[i], len) == 0)
			return true;
	}
	return false;
}

/* ann:$6$salt$hash:19700, hash="$2b$12$...". */
void tell_find_crypt(struct tell_search *x, size_t at)
{
	size_t from = at + 1, stop = from + 4;
	while (from < x->n && from < stop && memchr(" \\\"'", x->s[from], 4))
		from++;
	if (from + 1 >= x->n || x->s[from] != '$' || !is_crypt(x, from))
		return;
	stop = x->n - from < VALUE_MAX ? x->n : from + VALUE_MAX;
	size_t to = tell_gap_walk(
		&tell_search_walked(x)->hash, from, stop, ends_hash, x->s);
	if (to - from >= 20)
		tell_search_add(x, TELL_SPAN_TOKEN, from, to);
}

/* The quoted text that begins behind `quote`; to: its end. False: it does not end. */
static bool quoted(const struct tell_search *x, size_t quote, size_t *ret_to)
{
	size_t from = quote + 1;
	const char *end = memchr(
		x->s + from, '"', x->n - from < VALUE_MAX ? x->n - from : VALUE_MAX);
	*ret_to = end ? (size_t)(end - x->s) : x->n;
	return end != NULL;
}

/* [0 127.0.0.1:6379] "AUTH" "ann" "x", of Redis's MONITOR: the last argument. */
static void find_monitored(struct tell_search *x, size_t at)
{
	static const char auth[] = "] \"auth\" \"";
	size_t i = at + 1, from = 0, to = 0;
	while (i < x->n && i - at < 6 && tell_is_digit(x->s[i]))
		i++;
	if (!tell_text_starts_with(x->s, x->n, i, auth))
		return;
	for (i += sizeof(auth) - 2; i < x->n && x->s[i] == '"'; i = to + 2) {
		if (!quoted(x, i, &to))
			return;
		from = i + 1;
		if (to + 2 >= x->n || x->s[to + 1] != ' ' || x->s[to + 2] != '"')
			break;
	}
	tell_pair_mask(x, from, to);
}

/* The field of .pgpass at `from` ends here: no blanks, not empty; 0: it is none. */
static size_t field_end(const struct tell_search *x, size_t from)
{
	size_t to = from;
	while (to < x->n && to - from < VALUE_MAX && x->s[to] != ':' &&
		!tell_char_is(x->s[to], TELL_CHAR_SPACE))
		to++;
	return to > from && to - from < VALUE_MAX ? to : 0;
}

/* host:5432:database:user:x, and nothing else on the line (libpq, "The Password File"). */
static void find_pgpass(struct tell_search *x, size_t at)
{
	size_t begin = at, to = at;
	while (begin > 0 && at - begin < VALUE_MAX && x->s[begin - 1] != '\n' &&
		(tell_char_is(x->s[begin - 1], TELL_CHAR_NAME) || x->s[begin - 1] == '*'))
		begin--;
	if (begin == at || (begin > 0 && x->s[begin - 1] != '\n'))
		return;
	size_t port = at + 1;
	while (port < x->n && tell_is_digit(x->s[port]))
		port++;
	if (port == at + 1 || port - at > 6 || port >= x->n || x->s[port] != ':')
		return;
	for (int i = 0; i < 2; i++) {
		size_t from = (i ? to : port) + 1;
		to = field_end(x, from);
		if (!to || to >= x->n || x->s[to] != ':')
			return;
	}
	size_t from = to + 1, end = field_end(x, from);
	bool digit = false, alpha = false;
	for (size_t i = from; i < end; i++) {
		digit |= tell_is_digit(x->s[i]);
		alpha |= tell_char_is(x->s[i], TELL_CHAR_ALPHA);
	}
	if (end && end - from >= 8 && digit && alpha &&
		(end == x->n || x->s[end] == '\n' || x->s[end] == '\r'))
		tell_pair_mask(x, from, end);
}

/* {:password "x"}, of Clojure. */
static void find_keyword(struct tell_search *x, size_t at)
{
	size_t from = at + 1, end = from, to;
	if (at > 0 && !memchr(" {,(\n", x->s[at - 1], 5))
		return;
	while (end < x->n && end - from < TELL_SECRET_NAME_MAX &&
		tell_char_is(x->s[end], TELL_CHAR_NAME))
		end++;
	if (end + 1 < x->n && x->s[end] == ' ' && x->s[end + 1] == '"' &&
		tell_secret_name(x->s + from, end - from) != TELL_SECRET_NO &&
		quoted(x, end + 1, &to))
		tell_pair_mask(x, end + 2, to);
}

void tell_find_behind_colon(struct tell_search *x, size_t at)
{
	if (at + 2 >= x->n)
		return;
	if (tell_is_digit(x->s[at + 1])) {
		find_monitored(x, at);
		find_pgpass(x, at);
	} else if (tell_char_is(x->s[at + 1], TELL_CHAR_ALPHA)) {
		find_keyword(x, at);
	}
}
