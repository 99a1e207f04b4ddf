/* from_sqlite.c: SQLite's error log (SQLITE_CONFIG_LOG) and, per connection, each statement with
 * the time it took. Licence: MIT.
 *
 *	log_from_sqlite();
 *	sqlite3_open("shop.db", &db);
 *	log_statements_of(db);
 *	tell_level_set("logger:sqlite debug");	// statements are off until somebody wants them
 *
 * Statements are logged as they were prepared, with ? in place of their values. */
#define TELL_LOGGER "sqlite"
#include "from_sqlite.h"
#include <telltale.h>

/* The low byte is the kind, https://www.sqlite.org/rescode.html */
static int level_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_NOTICE:
		return TELL_NOTICE;
	case SQLITE_WARNING:
		return TELL_WARNING;
	default:
		return TELL_ERROR;
	}
}

static void write_error(void *unused, int code, const char *message)
{
	const struct tell_field fields[] = { tell_kv("sqlite_code", code),
		tell_kv("sqlite_error", sqlite3_errstr(code)) };
	(void)unused;
	tell_log(level_of(code), message, fields, 2);
}

static int write_statement(unsigned type, void *unused, void *statement, void *took_ns)
{
	(void)unused;
	if (type == SQLITE_TRACE_PROFILE)
		tell_debug("statement", tell_kv("sql", sqlite3_sql(statement)),
			tell_ns("took", *(sqlite3_uint64 *)took_ns));
	return 0;
}

int log_from_sqlite(void)
{
	return sqlite3_config(SQLITE_CONFIG_LOG, write_error, NULL);
}

int log_statements_of(sqlite3 *db)
{
	return sqlite3_trace_v2(db, SQLITE_TRACE_PROFILE, write_statement, NULL);
}
