#include "source/journal_narrow.h"
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <systemd/sd-journal.h>
#include "base/ascii.h"
#include "record/level.h"
#include "source/journal_match.h"

typedef int match_fn(sd_journal *j, const char *word);

static int match_identifier(sd_journal *j, const char *word)
{
	return tell_journal_match(j, "SYSLOG_IDENTIFIER", word);
}

/* Each word of "a,b". */
static int match_words(sd_journal *j, const char *words, match_fn *match)
{
	char word[256];
	int r = 0;
	while (words && *words && r >= 0) {
		size_t len = strcspn(words, ",");
		if (len >= sizeof(word))
			return -EINVAL;
		memcpy(word, words, len);
		word[len] = '\0';
		r = len ? match(j, word) : 0;
		words += len + (words[len] == ',');
	}
	return r < 0 ? r : 0;
}

static int match_levels(sd_journal *j, unsigned most)
{
	int r = 0;
	for (unsigned level = 0; r >= 0 && level <= most && level < 8; level++) {
		const char digit[2] = { (char)('0' + level), '\0' };
		r = tell_journal_match(j, "PRIORITY", digit);
	}
	return r < 0 ? r : 0;
}

int tell_journal_narrow_check(const struct tell_args *args, struct tell_refusal *why)
{
	const char *name, *value;
	for (size_t pos = 0; tell_args_next(args, &pos, &name, &value);) {
		const char *c = name;
		while (tell_is_upper(*c) || tell_is_digit(*c) || *c == '_')
			c++;
		if (*c || !*name)
			return tell_refuse(why, -EINVAL, name,
				"write an option, or a field as journalctl has it: "
				"_SYSTEMD_SLICE=x",
				"\"%.80s\" is neither an option nor a field's name",
				name);
	}
	return 0;
}

static int match_fields(sd_journal *j, const struct tell_args *args, bool *ret_any)
{
	const char *name, *value;
	int r = 0;
	for (size_t pos = 0; r >= 0 && tell_args_next(args, &pos, &name, &value);) {
		r = tell_journal_match(j, name, value);
		*ret_any = true;
	}
	return r < 0 ? r : 0;
}

int tell_journal_narrow(sd_journal *j, const struct tell_args *args)
{
	const char *units = tell_args_text(args, "unit");
	const char *identifiers = tell_args_text(args, "identifier");
	bool levels = tell_args_given(args, "priority"), fields = false;
	int r = match_words(j, units, tell_journal_match_unit);
	if (r == 0 && units)
		r = sd_journal_add_conjunction(j);
	if (r >= 0)
		r = match_words(j, identifiers, match_identifier);
	if (r >= 0 && levels)
		r = match_levels(j, (unsigned)tell_args_u64(args, "priority"));
	if (r >= 0)
		r = match_fields(j, args, &fields);
	return r < 0 ? r : units || identifiers || levels || fields;
}
