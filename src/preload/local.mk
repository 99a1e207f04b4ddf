# What takes over the logging of programs that do not know of us: one file, needed by nobody
# and needing libc only, so the core is in it (doc/architecture.md). Its allocations go to
# preload/memory.c.
preloaddir = $(libdir)/telltale
if SHARED
preload_LTLIBRARIES = libtelltale-preload.la
endif
noinst_LTLIBRARIES += libtelltale-preload-parts.la
libtelltale_preload_parts_la_CPPFLAGS = $(AM_CPPFLAGS) -DTELL__LIBRARY
libtelltale_preload_parts_la_SOURCES = \
	src/preload/devlog.c \
	src/preload/entry.c \
	src/preload/entry.h \
	src/preload/fields.c \
	src/preload/fields.h \
	src/preload/formats.c \
	src/preload/formats.h \
	src/preload/journal.c \
	src/preload/journal.h \
	src/preload/later.c \
	src/preload/later.h \
	src/preload/line.c \
	src/preload/line.h \
	src/preload/logstate.c \
	src/preload/logstate.h \
	src/preload/memory.c \
	src/preload/memory.h \
	src/preload/real.c \
	src/preload/real.h \
	src/preload/roomy.c \
	src/preload/roomy.h \
	src/preload/say.c \
	src/preload/say.h \
	src/preload/start.c \
	src/preload/start.h \
	src/preload/syslog.c \
	src/preload/wiped.c \
	src/preload/wiped.h \
	src/preload/wrap.c
libtelltale_preload_la_SOURCES =
libtelltale_preload_la_LIBADD  = libtelltale-preload-parts.la libtelltale-core.la -ldl
libtelltale_preload_la_LDFLAGS = $(AM_LDFLAGS) $(LIBRARY_LDFLAGS) -module -avoid-version -shared \
	-Wl,--version-script=$(top_srcdir)/src/preload/preload.map \
	-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=reallocarray,--wrap=free \
	-Wl,--wrap=aligned_alloc,--wrap=strdup,--wrap=strndup
EXTRA_libtelltale_preload_la_DEPENDENCIES = $(top_srcdir)/src/preload/preload.map
EXTRA_DIST += src/preload/preload.map
