/* examples/bridges/from_sqlite.c, read back. Prints TAP. */
#include "../../examples/bridges/from_sqlite.h"
#include "support/tap.h"
#include <telltale.h>

int main(void)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *statement = NULL;
	tap_is(tell_capture_start("sqlite"), 0, "starts");
	tap_is(log_from_sqlite(), SQLITE_OK, "in time");
	tap_is(sqlite3_open(":memory:", &db), SQLITE_OK, "a database");
	tap_is(log_from_sqlite(), SQLITE_MISUSE, "too late is said");
	tell_capture_clear();
	tap_is(sqlite3_exec(db, "SELEC 1", NULL, NULL, NULL), SQLITE_ERROR, "a mistake");
	tap_ok(tap_has("SELEC") && tap_has("\"level\":\"error\"") &&
			tap_has("\"sqlite_code\":1,\"sqlite_error\":\"SQL logic error\"") &&
			tap_has("\"logger\":\"sqlite\""),
		"is a record");
	tap_is(log_statements_of(db), SQLITE_OK, "traced");
	(void)sqlite3_exec(db, "CREATE TABLE users (name, password)", NULL, NULL, NULL);
	tap_is(sqlite3_prepare_v2(
		       db, "INSERT INTO users VALUES (?, ?)", -1, &statement, NULL),
		SQLITE_OK, "a statement");
	(void)sqlite3_bind_text(statement, 1, "ann", -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(statement, 2, "s3cret-word", -1, SQLITE_STATIC);
	tap_is(sqlite3_step(statement), SQLITE_DONE, "is run");
	(void)sqlite3_finalize(statement);
	tap_is(tell_capture_count(
		       "message=statement and sql=\"INSERT INTO users VALUES (?, ?)\" and "
		       "took>=0"),
		1, "is a record with its duration");
	tap_is(tell_capture_count("sql~\"s3cret\""), 0, "and without its values");
	tell_level_set("logger:sqlite info");
	long n = tell_capture_count(NULL);
	(void)sqlite3_exec(db, "SELECT * FROM users", NULL, NULL, NULL);
	tap_is(tell_capture_count(NULL), n, "statements can be switched off");
	(void)sqlite3_close(db);
	tell_capture_stop();
	return tap_done();
}
