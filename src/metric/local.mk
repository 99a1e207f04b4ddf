# Over HTTP, in an object of its own: it links nothing of ours.
if SHARED
if HAVE_MICROHTTPD
pkglib_LTLIBRARIES += tell_metric_expose.la
endif
endif
tell_metric_expose_la_SOURCES = \
	src/metric/expose.c \
	src/metric/expose_accept.c \
	src/metric/expose_accept.h \
	src/metric/expose_answer.c \
	src/metric/expose_answer.h \
	src/metric/expose_clients.c \
	src/metric/expose_clients.h \
	src/metric/expose_place.c \
	src/metric/expose_place.h \
	src/metric/expose_server.c \
	src/metric/expose_server.h \
	src/metric/expose_thread.c \
	src/metric/expose_thread.h
tell_metric_expose_la_CFLAGS  = $(AM_CFLAGS) $(MICROHTTPD_CFLAGS)
tell_metric_expose_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared \
	-export-symbols-regex '^tell_(metric_expose|api)$$'
tell_metric_expose_la_LIBADD  = $(MICROHTTPD_LIBS)

libtelltale_core_la_SOURCES += \
	src/metric/host.c \
	src/metric/limit.c \
	src/metric/lines.c \
	src/metric/lines.h \
	src/metric/module.h \
	src/metric/peer.c \
	src/metric/peer.h \
	src/metric/process.c \
	src/metric/publish.c \
	src/metric/shared.c \
	src/metric/shared.h \
	src/metric/statsd.c \
	src/metric/told.c \
	src/metric/told.h
