#include "redact/keyed.h"
#include "redact/pair.h"
#include "redact/text.h"

/* Options of one dash that hold a password: of commands that are known for it, -p of mysql,
 * -u of curl, and any whose name is a secret's: -storepass x, -Password x. The command is
 * looked for to the left, on the same line.
 *
 * Source: the commands' manual pages. */
#define BACK_MAX 256

enum where {
	JOINED = 1, /* -psecret */
	NEXT = 2,   /* -p secret */
	USER = 4,   /* user:secret or user%secret, the user stays */
	PAIRS = 8   /* only what has a '=' in it: not a file's name */
};

/* clang-format off */
#define COMMANDS(X) \
	X("mysql", 'p', JOINED) X("mysqldump", 'p', JOINED) X("mysqladmin", 'p', JOINED) \
	X("mysqlimport", 'p', JOINED) X("mysqlsh", 'p', JOINED) \
	X("mysqlshow", 'p', JOINED) X("mysqlcheck", 'p', JOINED) X("mariadb", 'p', JOINED) \
	X("mariadb-dump", 'p', JOINED) X("mariadb-admin", 'p', JOINED) \
	X("xtrabackup", 'p', JOINED) X("curl", 'u', JOINED | NEXT | USER) \
	X("curl", 'U', JOINED | NEXT | USER) X("curl", 'b', NEXT | PAIRS) \
	X("http", 'a', NEXT | USER) X("https", 'a', NEXT | USER) \
	X("sshpass", 'p', JOINED | NEXT) X("redis-cli", 'a', NEXT) \
	X("keydb-cli", 'a', NEXT) X("valkey-cli", 'a', NEXT) \
	X("mongo", 'p', JOINED | NEXT) X("mongosh", 'p', JOINED | NEXT) \
	X("mongodump", 'p', JOINED | NEXT) X("mongorestore", 'p', JOINED | NEXT) \
	X("mongoexport", 'p', JOINED | NEXT) X("login", 'p', JOINED | NEXT) \
	X("ldapsearch", 'w', JOINED | NEXT) X("ldapadd", 'w', JOINED | NEXT) \
	X("ldapmodify", 'w', JOINED | NEXT) X("ldapdelete", 'w', JOINED | NEXT) \
	X("ldapwhoami", 'w', JOINED | NEXT) X("ldappasswd", 'w', JOINED | NEXT) \
	X("ldappasswd", 's', JOINED | NEXT) X("ipmitool", 'P', JOINED | NEXT) \
	X("snmpget", 'A', NEXT) X("snmpget", 'X', NEXT) X("snmpget", 'c', NEXT) \
	X("snmpwalk", 'A', NEXT) X("snmpwalk", 'X', NEXT) X("snmpwalk", 'c', NEXT) \
	X("sqlcmd", 'P', JOINED | NEXT) X("bcp", 'P', JOINED | NEXT) \
	X("tsql", 'P', JOINED | NEXT) X("cqlsh", 'p', NEXT) X("zip", 'P', JOINED | NEXT) \
	X("unzip", 'P', JOINED | NEXT) X("7z", 'p', JOINED) X("7za", 'p', JOINED) \
	X("smbclient", 'U', NEXT | USER) X("rpcclient", 'U', NEXT | USER) \
	X("lftp", 'u', NEXT | USER) X("mosquitto_pub", 'P', NEXT) \
	X("mosquitto_sub", 'P', NEXT) X("influx", 'p', NEXT) X("openssl", 'k', NEXT) \
	X("vncviewer", 'P', NEXT) X("rabbitmqadmin", 'p', NEXT) X("rdesktop", 'p', NEXT) \
	X("hydra", 'p', NEXT) X("svn", 'p', NEXT)
/* clang-format on */
#define ROW(name, letter, where) { name, letter, where },
#define KEY(name, letter, where) TELL_KEYED(name),
static const struct command {
	char name[18];
	char letter;
	uint8_t where;
} commands[] = { COMMANDS(ROW) };
static const uint8_t keys[] = { COMMANDS(KEY) };

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static inline bool ends_word(char c)
{
	switch (c) {
	case '/':
	case '"':
	case '\'':
	case '`':
	case '=':
	case '(':
	case ')':
	case ',':
	case '[':
	case '\\':
		return true;
	default:
		return tell_char_is(c, TELL_CHAR_SPACE);
	}
}

/* Does another command begin behind this byte? */
static inline bool ends_command(const struct tell_search *x, size_t at)
{
	char c = x->s[at];
	return c == '\n' || ((c == ';' || c == '|' || c == '&') && x->s[at + 1] == ' ');
}

/* The place of a command in the list, from 1; 0: it is none of ours. */
static uint8_t command_of(const char *word, size_t n)
{
	size_t i = tell_keyed_next(keys, N_COMMANDS, 0, word[0], n);
	for (; i < N_COMMANDS; i = tell_keyed_next(keys, N_COMMANDS, i + 1, word[0], n))
		if (n < sizeof(commands[i].name) && commands[i].name[n] == '\0' &&
			memcmp(commands[i].name, word, n) == 0)
			return (uint8_t)(i + 1);
	return 0;
}

/* What the command on the left does with this letter: an enum where, or 0. Each byte is
 * read once, however many options there are. */
static int command_on_the_left(struct tell_search *x, size_t at, char letter)
{
	size_t i = x->command_done, first = at > BACK_MAX ? at - BACK_MAX : 0;
	if (i < first) {
		i = first;
		x->command = 0;
	}
	while (i < at) {
		if (ends_command(x, i)) {
			x->command = 0;
			i++;
			continue;
		}
		size_t to = i;
		while (to < at && !ends_word(x->s[to]) && !ends_command(x, to))
			to++;
		uint8_t command = to > i ? command_of(x->s + i, to - i) : 0;
		x->command = command ? command : x->command;
		i = to > i ? to : i + 1;
	}
	x->command_done = at;
	size_t row = x->command ? x->command - 1u : N_COMMANDS;
	for (size_t k = row; k < N_COMMANDS;
		k++) { /* those of one command are neighbours */
		if (strcmp(commands[k].name, commands[row].name) != 0)
			break;
		if (commands[k].letter == letter)
			return commands[k].where;
	}
	return 0;
}

static size_t value_end(const struct tell_search *x, size_t from, char quote)
{
	size_t i = from;
	while (i < x->n && x->s[i] != quote && x->s[i] != '\n' &&
		(quote ||
			(!tell_char_is(x->s[i], TELL_CHAR_SPACE) && x->s[i] != '"' &&
				x->s[i] != '\'')))
		i++;
	while (i > from && x->s[i - 1] == '\\')
		i--;
	return i;
}

/* Mask the value at `at`, or behind its user's name. */
static void mask(struct tell_search *x, size_t at, int where)
{
	bool user = (where & USER) != 0;
	size_t from = at;
	while (from < x->n && x->s[from] == '\\')
		from++;
	char quote = '\0';
	if (from < x->n && (x->s[from] == '"' || x->s[from] == '\''))
		quote = x->s[from++];
	size_t to = value_end(x, from, quote);
	x->letter_done = to;
	if (user) {
		size_t sign = from;
		while (sign < to && x->s[sign] != ':' && x->s[sign] != '%' &&
			x->s[sign] != ',')
			sign++;
		from = sign + 1;
	}
	if (from >= to || (!user && !quote && x->s[from] == '-') ||
		tell_text_mask(x->s, x->n, from) ||
		tell_value_harmless(x->s + from, to - from) ||
		((where & PAIRS) && !memchr(x->s + from, '=', to - from)))
		return;
	tell_search_add(x, TELL_SPAN_PAIR, from, to);
}

/* The next word, or the next of a list: -a x, "-a","x". */
static size_t next_word(const struct tell_search *x, size_t at)
{
	while (at < x->n && memchr(" \"',\\", x->s[at], 5) &&
		(x->s[at] == ' ' || !tell_char_is(x->s[at - 1], TELL_CHAR_SPACE)))
		at++;
	return at;
}

/* -storepass x: as --storepass x. */
static void find_long(struct tell_search *x, size_t from, size_t to)
{
	struct tell_pair pair = { .name = from, .sign = to };
	if (to + 1 >= x->n || x->s[to] != ' ' || memchr("-=: ", x->s[to + 1], 4))
		return;
	pair.means = tell_secret_name(x->s + from, to - from);
	if (pair.means != TELL_SECRET_NO)
		tell_pair_value(x, &pair, to);
}

void tell_find_letter(struct tell_search *x, size_t at)
{
	const char *s = x->s;
	size_t from = at + 1;
	if (at < x->letter_done || from + 1 >= x->n ||
		!tell_char_is(s[from], TELL_CHAR_ALPHA) ||
		(at > 0 && !tell_char_is(s[at - 1], TELL_CHAR_SPACE) &&
			s[at - 1] != '"' && s[at - 1] != '\''))
		return;
	size_t to = from;
	while (to < x->n && to - from < TELL_SECRET_NAME_MAX &&
		tell_char_is(s[to], TELL_CHAR_NAME))
		to++;
	if (to - from > 2)
		find_long(x, from, to);
	if (!memchr("pPuUaAwsXckb", s[from], 12))
		return;
	int where = command_on_the_left(x, at, s[from]);
	bool joined = !tell_char_is(s[from + 1], TELL_CHAR_SPACE) && s[from + 1] != '"' &&
		s[from + 1] != '\\';
	if (joined && at > 0 && s[from + 1] == '\'' && s[at - 1] == '\'')
		joined = false; /* '-a', 'x' */
	if (joined && (where & JOINED))
		mask(x, from + 1, where);
	else if (!joined && (where & NEXT))
		mask(x, next_word(x, from + 1), where);
}

void tell_find_user(struct tell_search *x, size_t at, size_t to)
{
	int where = command_on_the_left(x, at, 'u');
	if (to < x->n && (x->s[to] == ' ' || x->s[to] == '=') && (where & USER))
		mask(x, to + 1, where);
}
