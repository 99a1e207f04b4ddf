/* from_glib.c: what g_message(), g_warning() and g_log_structured() say becomes records, with their
 * domain as logger, their file and line, and their own fields. Licence: MIT.
 *
 *	#define G_LOG_USE_STRUCTURED 1	// else g_warning() has no place to hand on
 *	#define G_LOG_DOMAIN "shop-ui"
 *	#include <glib.h>
 *
 *	log_from_glib();
 *	g_warning("no icon %s", name);
 *	tell_level_set("logger:shop-ui debug");	// switches g_debug() as well
 */
#include "from_glib.h"
#define G_LOG_USE_STRUCTURED 1
#include <glib.h>
#include <string.h>
#include <telltale.h>

enum { FIELDS_MAX = 32 };

/* GLib's own levels for the journal: log_level_to_priority() in its manual's words. */
static int level_of(GLogLevelFlags flags)
{
	if (flags & G_LOG_LEVEL_ERROR)
		return TELL_ERROR;
	if (flags & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING))
		return TELL_WARNING;
	if (flags & G_LOG_LEVEL_MESSAGE)
		return TELL_NOTICE;
	return flags & G_LOG_LEVEL_INFO ? TELL_INFO : TELL_DEBUG;
}

/* The text of a field with a role of its own, or NULL. Those are NUL-terminated. */
static const char *text_of(const GLogField *fields, gsize n, const char *key)
{
	for (gsize i = 0; i < n; i++)
		if (strcmp(fields[i].key, key) == 0)
			return fields[i].value;
	return NULL;
}

static gboolean has_role(const char *key)
{
	static const char *const keys[] = { "MESSAGE", "PRIORITY", "GLIB_DOMAIN",
		"CODE_FILE", "CODE_LINE", "CODE_FUNC" };
	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
		if (strcmp(key, keys[i]) == 0)
			return TRUE;
	return FALSE;
}

static GLogWriterOutput write_record(
	GLogLevelFlags flags, const GLogField *fields, gsize n, gpointer unused)
{
	struct tell_field own[FIELDS_MAX];
	size_t n_own = 0;
	(void)unused;
	for (gsize i = 0; i < n && n_own < FIELDS_MAX; i++) {
		const GLogField *f = &fields[i];
		if (has_role(f->key))
			continue;
		own[n_own++] = f->length < 0
			? tell_str(f->key, f->value)
			: tell_strn(f->key, f->value, (size_t)f->length);
	}
	const char *line = text_of(fields, n, "CODE_LINE");
	struct tell_site *site = tell_site_of(text_of(fields, n, "GLIB_DOMAIN"),
		text_of(fields, n, "CODE_FILE"),
		line ? (unsigned)g_ascii_strtoull(line, NULL, 10) : 0,
		text_of(fields, n, "CODE_FUNC"));
	tell_log_at(site, level_of(flags), text_of(fields, n, "MESSAGE"), own, n_own);
	if (flags & (G_LOG_LEVEL_ERROR | G_LOG_FLAG_FATAL))
		(void)tell_flush(1000); /* GLib ends the process now, without exit() */
	return G_LOG_WRITER_HANDLED;
}

void log_from_glib(void)
{
	g_log_set_writer_func(write_record, NULL, NULL);
}
