/* from_sqlite.h: SQLite's error log and statements become records. Licence: MIT. */
#ifndef FROM_SQLITE_H
#define FROM_SQLITE_H
#include <sqlite3.h>

/* Before anything else of SQLite: SQLITE_OK, or SQLITE_MISUSE when it is too late. */
int log_from_sqlite(void);

/* Each statement of this connection with its duration, at level debug. */
int log_statements_of(sqlite3 *db);
#endif
