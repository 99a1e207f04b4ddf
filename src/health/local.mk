# In an object of its own: it links nothing of ours.
if SHARED
if HAVE_CURL
pkglib_LTLIBRARIES += tell_health_http.la
endif
endif
tell_health_http_la_SOURCES = src/health/http.c
tell_health_http_la_CFLAGS  = $(AM_CFLAGS) $(CURL_CFLAGS)
tell_health_http_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared
tell_health_http_la_LIBADD  = $(CURL_LIBS) -lpthread

libtelltale_core_la_SOURCES += \
	src/health/callback.c \
	src/health/callback.h \
	src/health/disk.c \
	src/health/memory.c \
	src/health/memory.h \
	src/health/metric.c \
	src/health/module.h \
	src/health/postgres.c \
	src/health/probe.c \
	src/health/probe.h \
	src/health/redis.c \
	src/health/tcp.c \
	src/health/watchdog.c \
	src/health/watchdog.h
