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

static const struct command {
	char name[18];
	char letter;
	uint8_t where;
} commands[] = { { "mysql", 'p', JOINED }, { "mysqldump", 'p', JOINED },
	{ "mysqladmin", 'p', JOINED }, { "mysqlimport", 'p', JOINED },
	{ "mysqlsh", 'p', JOINED }, { "mysqlshow", 'p', JOINED },
	{ "mysqlcheck", 'p', JOINED }, { "mariadb", 'p', JOINED },
	{ "mariadb-dump", 'p', JOINED }, { "mariadb-admin", 'p', JOINED },
	{ "xtrabackup", 'p', JOINED }, { "curl", 'u', JOINED | NEXT | USER },
	{ "curl", 'U', JOINED | NEXT | USER }, { "curl", 'b', NEXT | PAIRS },
	{ "http", 'a', NEXT | USER }, { "https", 'a', NEXT | USER },
	{ "sshpass", 'p', JOINED | NEXT }, { "redis-cli", 'a', NEXT },
	{ "keydb-cli", 'a', NEXT }, { "valkey-cli", 'a', NEXT },
	{ "mongo", 'p', JOINED | NEXT }, { "mongosh", 'p', JOINED | NEXT },
	{ "mongodump", 'p', JOINED | NEXT }, { "mongorestore", 'p', JOINED | NEXT },
	{ "mongoexport", 'p', JOINED | NEXT }, { "login", 'p', JOINED | NEXT },
	{ "ldapsearch", 'w', JOINED | NEXT }, { "ldapadd", 'w', JOINED | NEXT },
	{ "ldapmodify", 'w', JOINED | NEXT }, { "ldapdelete", 'w', JOINED | NEXT },
	{ "ldapwhoami", 'w', JOINED | NEXT }, { "ldappasswd", 'w', JOINED | NEXT },
	{ "ldappasswd", 's', JOINED | NEXT }, { "ipmitool", 'P', JOINED | NEXT },
	{ "snmpget", 'A', NEXT }, { "snmpget", 'X', NEXT }, { "snmpget", 'c', NEXT },
	{ "snmpwalk", 'A', NEXT }, { "snmpwalk", 'X', NEXT }, { "snmpwalk", 'c', NEXT },
	{ "sqlcmd", 'P', JOINED | NEXT }, { "bcp", 'P', JOINED | NEXT },
	{ "tsql", 'P', JOINED | NEXT }, { "cqlsh", 'p', NEXT },
	{ "zip", 'P', JOINED | NEXT }, { "unzip", 'P', JOINED | NEXT },
	{ "7z", 'p', JOINED }, { "7za", 'p', JOINED }, { "smbclient", 'U', NEXT | USER },
	{ "rpcclient", 'U', NEXT | USER }, { "lftp", 'u', NEXT | USER },
	{ "mosquitto_pub", 'P', NEXT }, { "mosquitto_sub", 'P', NEXT },
	{ "influx", 'p', NEXT }, { "openssl", 'k', NEXT }, { "vncviewer", 'P', NEXT },
	{ "rabbitmqadmin", 'p', NEXT }, { "rdesktop", 'p', NEXT }, { "hydra", 'p', NEXT },
	{ "svn", 'p', NEXT } };

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static bool ends_word(char c)
{
	return tell_char_is(c, TELL_CHAR_SPACE) || memchr("/\"'`=(),[\\", c, 10) != NULL;
}

/* Does another command begin behind this byte? */
static bool ends_command(const struct tell_search *x, size_t at)
{
	char c = x->s[at];
	return c == '\n' || ((c == ';' || c == '|' || c == '&') && x->s[at + 1] == ' ');
}

/* The place of a command in the list, from 1; 0: it is none of ours. */
static uint8_t command_of(const char *word, size_t n)
{
	for (size_t i = 0; i < N_COMMANDS; i++)
		if (commands[i].name[0] == word[0] && strlen(commands[i].name) == n &&
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
	for (size_t k = row; k < N_COMMANDS; k++) { /* those of one command are neighbours */
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
