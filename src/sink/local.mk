# What carries a sink's bytes, in an object of its own: it links nothing of ours.
if SHARED
if HAVE_GNUTLS
pkglib_LTLIBRARIES += tell_sink_tls.la
endif
endif
tell_sink_tls_la_SOURCES = \
	src/sink/tls.c \
	src/sink/tls.h \
	src/sink/tls_files.c \
	src/sink/tls_pin.c \
	src/sink/tls_verify.c \
	src/sink/tls_words.c
tell_sink_tls_la_CFLAGS  = $(AM_CFLAGS) $(GNUTLS_CFLAGS)
tell_sink_tls_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared \
	-export-symbols-regex '^tell_(wire_tls|api)$$'
tell_sink_tls_la_LIBADD  = $(GNUTLS_LIBS)

libtelltale_core_la_SOURCES += \
	src/sink/append.c \
	src/sink/append.h \
	src/sink/beside.c \
	src/sink/beside.h \
	src/sink/capture.c \
	src/sink/capture.h \
	src/sink/certificate.c \
	src/sink/certificate.h \
	src/sink/commit.c \
	src/sink/commit.h \
	src/sink/console.c \
	src/sink/console.h \
	src/sink/datagram.c \
	src/sink/datagram.h \
	src/sink/dial.c \
	src/sink/dial.h \
	src/sink/file.c \
	src/sink/journald.c \
	src/sink/journald.h \
	src/sink/logfile.c \
	src/sink/logfile.h \
	src/sink/mask.c \
	src/sink/mask.h \
	src/sink/module.h \
	src/sink/name.c \
	src/sink/name.h \
	src/sink/outage.c \
	src/sink/outage.h \
	src/sink/outlet.c \
	src/sink/outlet.h \
	src/sink/owed.c \
	src/sink/owed.h \
	src/sink/recent.c \
	src/sink/recent.h \
	src/sink/resolve.c \
	src/sink/resolve.h \
	src/sink/rolled.c \
	src/sink/rolled.h \
	src/sink/rolled_args.c \
	src/sink/rolled_args.h \
	src/sink/rotate.c \
	src/sink/rotate.h \
	src/sink/rotation.c \
	src/sink/rotation.h \
	src/sink/secure.c \
	src/sink/secure.h \
	src/sink/shape.c \
	src/sink/shape.h \
	src/sink/spool.c \
	src/sink/stderr.c \
	src/sink/stdout.c \
	src/sink/stream.c \
	src/sink/stream.h \
	src/sink/syslog.c \
	src/sink/syslog.h \
	src/sink/syslog_args.c \
	src/sink/wait.c \
	src/sink/wait.h
