#include "stack/stack_maker.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static unsigned draw(struct maker *m, unsigned n)
{
	/* Marsaglia, "Xorshift RNGs" (2003). */
	m->seed ^= m->seed << 13;
	m->seed ^= m->seed >> 7;
	m->seed ^= m->seed << 17;
	return (unsigned)((m->seed >> 11) % n);
}

#define PICK(m, words) (words)[draw(m, sizeof(words) / sizeof((words)[0]))]

__attribute__((format(printf, 2, 3))) static void put(
	struct maker_file *f, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	tell_buf_puts(&f->pam, text);
	tell_buf_puts(&f->own, text);
}

static void put_two(struct maker_file *f, const char *pam, const char *own)
{
	tell_buf_puts(&f->pam, pam);
	tell_buf_puts(&f->own, own);
}

static void put_blank(struct maker *m, struct maker_file *f)
{
	static const char *const blanks[] = { " ", " ", " ", "  ", "\t", " \t ", " \\\n",
		" \\ \n  ", "\\\n\n# comment\n\t" };
	put(f, "%s", PICK(m, blanks));
}

/* As it is, in upper case (1), or mixed (2). */
static void put_cased(struct tell_buf *b, const char *word, unsigned how)
{
	for (; *word; word++) {
		bool up = how == 1 || (how == 2 && (word[0] & 1));
		tell_buf_putc(b,
			(char)(up && *word >= 'a' && *word <= 'z' ? *word - 32 : *word));
	}
}

static void put_word(
	struct maker *m, struct maker_file *f, const char *pam, const char *own)
{
	unsigned how = draw(m, 8), bracket = draw(m, 40) == 0;
	if (bracket)
		put(f, "[");
	put_cased(&f->pam, pam, how);
	put_cased(&f->own, own, how);
	if (bracket)
		put(f, "]");
}

static const char *const values[] = { "success", "open_err", "symbol_err", "service_err",
	"system_err", "buf_err", "perm_denied", "auth_err", "cred_insufficient",
	"authinfo_unavail", "user_unknown", "maxtries", "new_authtok_reqd",
	"acct_expired", "session_err", "cred_unavail", "cred_expired", "cred_err",
	"no_module_data", "conv_err", "authtok_err", "authtok_recover_err",
	"authtok_lock_busy", "authtok_disable_aging", "try_again", "ignore", "abort",
	"authtok_expired", "module_unknown", "bad_item", "conv_again", "incomplete" };

/* Those that answers are drawn from most often, so that pairs matter. */
static const unsigned common_codes[] = { 0, 0, 0, 0, 0, 0, 0, 0, 6, 7, 9, 12, 25, 26,
	28 };

static const char *const actions[] = { "ignore", "ok", "ok", "done", "done", "bad", "die",
	"reset", "1", "1", "2", "3", "5" };

static void put_pair(struct maker *m, struct maker_file *f)
{
	static const char *const spaces[] = { "", "", "", "", " ", "\t" };
	static const char *const wrong_values[] = { "sucess", "Success", "DEFAULT", "",
		"ok", "successs", "7" };
	static const char *const wrong_actions[] = { "okay", "0", "OK", "-1", "", "jump",
		"+1", "1x" };
	/* Not the answers' own distribution: success is drawn often enough as it is. */
	const char *value = draw(m, 3) ? values[PICK(m, common_codes)] : PICK(m, values);
	const char *action = PICK(m, actions);
	if (draw(m, 5) == 0)
		value = "default";
	if (draw(m, 120) == 0)
		value = PICK(m, wrong_values);
	if (draw(m, 120) == 0)
		action = PICK(m, wrong_actions);
	put(f, "%s%s%s%s", value, PICK(m, spaces), draw(m, 150) ? "=" : "",
		PICK(m, spaces));
	put(f, "%s%s", action, draw(m, 30) ? " " : "");
}

static void put_control(struct maker *m, struct maker_file *f)
{
	static const char *const words[] = { "required", "requisite", "sufficient",
		"optional" };
	static const char *const wrong[] = { "requird", "[ required ]", "success=ok",
		"[]", "]", "[[success=ok]", "[success=ok\\] default=bad]" };
	unsigned kind = draw(m, 60);
	if (kind == 0) {
		put(f, "%s", PICK(m, wrong));
	} else if (kind < 40) {
		const char *word = PICK(m, words);
		put_word(m, f, word, word);
	} else {
		put(f, "[");
		for (unsigned n = 1 + draw(m, 5); n; n--)
			put_pair(m, f);
		put(f, "]");
	}
}

static void put_args(struct maker *m, struct maker_file *f)
{
	static const char *const args[] = { "x", "[a b]", "[a\\]b]", "a=[b c]", "[a][b]",
		"\\", "a\\b", "[never closed", "]" };
	unsigned code = draw(m, 5) ? PICK(m, common_codes) : draw(m, 31);
	put(f, "%d", m->next_id++);
	put_blank(m, f);
	put(f, "%u", code);
	while (draw(m, 6) == 0) {
		put_blank(m, f);
		const char *arg = PICK(m, args);
		/* At the end of a file it would cut the file short. */
		if (m->whole && strcmp(arg, "\\") == 0)
			arg = "x";
		put(f, "%s", arg);
	}
}

static void put_type(struct maker *m, struct maker_file *f)
{
	if (draw(m, 12) == 0)
		put(f, "-");
	if (draw(m, 60) == 0)
		put_word(m, f, "outh", "redeckt");
	else if (draw(m, 3))
		put_word(m, f, "auth", "redact");
	else
		put_word(m, f, "account", "filter");
}

/* Only files of a higher number are included, so none includes itself. */
static void put_include(struct maker *m, struct maker_file *f, unsigned first)
{
	bool found = m->whole || draw(m, 25);
	unsigned which = found ? first + draw(m, MAKER_INCLUDES - first) : 99;
	tell_buf_printf(&f->pam, "%s/i%u", m->dir, which);
	tell_buf_printf(&f->own, "i%u", which);
}

static void put_line(struct maker *m, struct maker_file *f, unsigned first)
{
	static const char *const idle[] = { "# nothing", "", "  ", "\t# here" };
	unsigned kind = draw(m, 100);
	if (kind < 4) {
		put(f, "%s", PICK(m, idle));
		return;
	}
	/* Where a file is read for one type only, Debian's libpam 1.5.2 does with a failing
	 * @include whatever the line before left in an array: nothing to compare with. */
	if (kind < 7 && first < MAKER_INCLUDES && (m->whole || first == 0)) {
		put_word(m, f, "@include", "@include");
		put(f, " ");
		put_include(m, f, first);
		return;
	}
	put_type(m, f);
	if (kind == 7 && draw(m, 3) == 0)
		return;
	put_blank(m, f);
	if (kind < 26 && first < MAKER_INCLUDES) {
		const char *word = kind < 16 ? "include" : "substack";
		put_word(m, f, word, word);
		put(f, " ");
		put_include(m, f, first);
		return;
	}
	put_control(m, f);
	if (kind == 26 && draw(m, 3) == 0)
		return;
	put_blank(m, f);
	if (kind == 27)
		put_word(m, f, "/nowhere/pam_absent.so", "absent");
	else
		put_two(f, m->module, "step");
	put_blank(m, f);
	put_args(m, f);
	if (draw(m, 30) == 0)
		put(f, " # and why");
}

static void make_file(
	struct maker *m, struct maker_file *f, unsigned first, unsigned lines)
{
	tell_buf_init(&f->pam, 0);
	tell_buf_init(&f->own, 0);
	f->present = true;
	while (lines--) {
		put_line(m, f, first);
		put(f, "%s", lines || draw(m, 4) ? "\n" : "");
	}
	if ((!m->whole || first == 0) && draw(m, 200) == 0)
		put(f, "\\\n");
}

static void drop_file(struct maker_file *f)
{
	tell_buf_done(&f->pam);
	tell_buf_done(&f->own);
	f->present = false;
}

void maker_done(struct maker *m)
{
	drop_file(&m->service);
	drop_file(&m->other);
	for (size_t i = 0; i < MAKER_INCLUDES; i++)
		drop_file(&m->includes[i]);
}

void maker_make(struct maker *m)
{
	maker_done(m);
	m->next_id = 1;
	m->whole = draw(m, 2);
	if (draw(m, 20))
		make_file(m, &m->service, 0, draw(m, 9));
	if (draw(m, 4) == 0)
		make_file(m, &m->other, 0, draw(m, 5));
	for (unsigned i = 0; i < MAKER_INCLUDES; i++) {
		if (m->whole || draw(m, 12))
			make_file(m, &m->includes[i], i + 1, draw(m, 5));
	}
}
