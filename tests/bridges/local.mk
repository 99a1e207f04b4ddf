# examples/bridges, each where its library is there: compiled as a user's copy is, its records
# read back.
bridge_cppflags = -I$(top_srcdir)/include -I$(top_srcdir)/tests -D_GNU_SOURCE
bridge_tests    =
EXTRA_DIST += \
	examples/bridges/from_curl.c examples/bridges/from_curl.h tests/bridges/curl.c \
	examples/bridges/from_glib.c examples/bridges/from_glib.h tests/bridges/glib.c \
	examples/bridges/from_libevent.c examples/bridges/from_libevent.h tests/bridges/libevent.c \
	examples/bridges/from_sqlite.c examples/bridges/from_sqlite.h tests/bridges/sqlite.c

if HAVE_GLIB
bridge_tests += tests/bridges/glib
endif
tests_bridges_glib_SOURCES  = tests/bridges/glib.c examples/bridges/from_glib.c
tests_bridges_glib_CPPFLAGS = $(bridge_cppflags)
tests_bridges_glib_CFLAGS   = $(AM_CFLAGS) $(GLIB_CFLAGS)
tests_bridges_glib_LDADD    = libtelltale.la $(GLIB_LIBS)
if HAVE_CURL
bridge_tests += tests/bridges/curl
endif
tests_bridges_curl_SOURCES  = tests/bridges/curl.c examples/bridges/from_curl.c
tests_bridges_curl_CPPFLAGS = $(bridge_cppflags)
tests_bridges_curl_CFLAGS   = $(AM_CFLAGS) $(CURL_CFLAGS)
tests_bridges_curl_LDADD    = libtelltale.la $(CURL_LIBS) -lpthread
if HAVE_SQLITE
bridge_tests += tests/bridges/sqlite
endif
tests_bridges_sqlite_SOURCES  = tests/bridges/sqlite.c examples/bridges/from_sqlite.c
tests_bridges_sqlite_CPPFLAGS = $(bridge_cppflags)
tests_bridges_sqlite_CFLAGS   = $(AM_CFLAGS) $(SQLITE_CFLAGS)
tests_bridges_sqlite_LDADD    = libtelltale.la $(SQLITE_LIBS)
if HAVE_LIBEVENT
bridge_tests += tests/bridges/libevent
endif
tests_bridges_libevent_SOURCES  = tests/bridges/libevent.c examples/bridges/from_libevent.c
tests_bridges_libevent_CPPFLAGS = $(bridge_cppflags)
tests_bridges_libevent_CFLAGS   = $(AM_CFLAGS) $(LIBEVENT_CFLAGS)
tests_bridges_libevent_LDADD    = libtelltale.la $(LIBEVENT_LIBS)
program_tests += $(bridge_tests)
