forward_sources = \
	src/forward/aside.c \
	src/forward/aside.h \
	src/forward/batch.c \
	src/forward/batch.h \
	src/forward/board.c \
	src/forward/board.h \
	src/forward/event.c \
	src/forward/event.h \
	src/forward/health.c \
	src/forward/http.c \
	src/forward/http.h \
	src/forward/journal_remote.c \
	src/forward/labels.c \
	src/forward/labels.h \
	src/forward/link.c \
	src/forward/link.h \
	src/forward/logstash.c \
	src/forward/loki.c \
	src/forward/loki_answer.c \
	src/forward/loki_answer.h \
	src/forward/loki_stream.c \
	src/forward/loki_stream.h \
	src/forward/lumberjack.c \
	src/forward/lumberjack.h \
	src/forward/otlp.c \
	src/forward/otlp_record.c \
	src/forward/otlp_record.h \
	src/forward/packer.h \
	src/forward/pipe.c \
	src/forward/pipe.h \
	src/forward/pipe_open.c \
	src/forward/ship.c \
	src/forward/ship.h \
	src/forward/target.c \
	src/forward/target.h \
	src/forward/tenant.c \
	src/forward/tenant.h \
	src/forward/veil.c \
	src/forward/veil.h \
	src/forward/webhook.c \
	src/tool/forward.c \
	src/tool/forward.h \
	src/tool/forward_numbers.c \
	src/tool/forward_numbers.h \
	src/tool/forward_progress.c \
	src/tool/forward_progress.h \
	src/tool/forward_run.c \
	src/tool/forward_way.c
forward_packer      = src/forward/packer.c
forward_packer_none = src/forward/packer_none.c
if HAVE_ZLIB
forward_sources += $(forward_packer)
EXTRA_DIST += $(forward_packer_none)
else
forward_sources += $(forward_packer_none)
EXTRA_DIST += $(forward_packer)
endif
if HAVE_SYSTEMD
libtelltale_tool_la_SOURCES += $(forward_sources)
EXTRA_DIST += src/tool/forward_none.c
else
libtelltale_tool_la_SOURCES += src/tool/forward_none.c
EXTRA_DIST += $(forward_sources)
endif

# Who sends over HTTP loads this, and nobody else needs the libraries.
forward_http_sources = src/forward/http_curl.c src/forward/gzip.h
if HAVE_DEFLATE
forward_http_sources += src/forward/gzip_libdeflate.c
EXTRA_DIST += src/forward/gzip_zlib.c
else
forward_http_sources += src/forward/gzip_zlib.c
EXTRA_DIST += src/forward/gzip_libdeflate.c
endif
if HAVE_CURL
if HAVE_ZLIB
if SHARED
pkglib_LTLIBRARIES += tell_forward_http.la
endif
endif
endif
tell_forward_http_la_SOURCES = $(forward_http_sources)
tell_forward_http_la_CFLAGS  = $(AM_CFLAGS) $(CURL_CFLAGS) $(ZLIB_CFLAGS) $(DEFLATE_CFLAGS)
tell_forward_http_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared
tell_forward_http_la_LIBADD  = $(CURL_LIBS) $(ZLIB_LIBS) $(DEFLATE_LIBS)
