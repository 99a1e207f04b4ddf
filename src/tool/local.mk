# All but main() is a library of its own, so that unit tests and fuzz targets reach it.
telltale_SOURCES += src/tool/main.c
noinst_LTLIBRARIES            += libtelltale-tool.la
libtelltale_tool_la_CFLAGS     = $(AM_CFLAGS) $(SYSTEMD_CFLAGS) $(ZSTD_CFLAGS) $(ZLIB_CFLAGS)
libtelltale_tool_la_CPPFLAGS   = $(AM_CPPFLAGS) \
	-DTELL_PRELOAD_LIBRARY='"$(preloaddir)/libtelltale-preload.so"'
libtelltale_tool_la_SOURCES    = \
	src/tool/cat.c \
	src/tool/cat.h \
	src/tool/cat_exec.c \
	src/tool/cat_preload.c \
	src/tool/cat_preload.h \
	src/tool/cat_reader.c \
	src/tool/cat_reader.h \
	src/tool/cat_supervise.c \
	src/tool/cat_unit.c \
	src/tool/cat_unit.h \
	src/tool/channel.c \
	src/tool/channel.h \
	src/tool/check.c \
	src/tool/check.h \
	src/tool/check_explain.c \
	src/tool/check_host.c \
	src/tool/check_journald.c \
	src/tool/completion.c \
	src/tool/compress.c \
	src/tool/compress.h \
	src/tool/compress_log.c \
	src/tool/completion.h \
	src/tool/ctl.c \
	src/tool/feed.c \
	src/tool/feed.h \
	src/tool/join.c \
	src/tool/join.h \
	src/tool/journals.c \
	src/tool/journals.h \
	src/tool/log.c \
	src/tool/option.c \
	src/tool/option.h \
	src/tool/running.c \
	src/tool/running.h \
	src/tool/running_ask.c \
	src/tool/running_choose.c \
	src/tool/notices.h \
	src/tool/status.c \
	src/tool/status.h \
	src/tool/status_families.c \
	src/tool/status_histogram.c \
	src/tool/status_journald.c \
	src/tool/status_metrics.c \
	src/tool/status_forward.c \
	src/tool/status_health.c \
	src/tool/status_probe.c \
	src/tool/status_spool.c \
	src/tool/status_text.c \
	src/tool/status_textfile.c \
	src/tool/command.c \
	src/tool/command.h \
	src/tool/unit_exec.c \
	src/tool/unit_exec.h \
	src/tool/unit_file.c \
	src/tool/unit_file.h \
	src/tool/unit_syntax.c \
	src/tool/recover.c \
	src/tool/recover.h \
	src/tool/recover_drain.c \
	src/tool/redact.c \
	src/tool/redact_bytes.c \
	src/tool/redact_json.c \
	src/tool/redact_json.h \
	src/tool/redact_pem.c \
	src/tool/redact_pem.h \
	src/tool/redactor.c \
	src/tool/redactor.h \
	src/tool/redact_splice.c \
	src/tool/redact_sieve.c \
	src/tool/redact_sieve.h \
	src/tool/redact_window.c \
	src/tool/verbs.h
query_sources = \
	src/tool/audit.c \
	src/tool/audit.h \
	src/tool/audit_show.c \
	src/tool/audit_show.h \
	src/tool/boots.c \
	src/tool/boots.h \
	src/tool/by.c \
	src/tool/by.h \
	src/tool/by_field.c \
	src/tool/by_field.h \
	src/tool/by_graph.c \
	src/tool/by_json.c \
	src/tool/by_known.c \
	src/tool/by_known.h \
	src/tool/by_metric.c \
	src/tool/by_metric.h \
	src/tool/by_series.c \
	src/tool/by_series.h \
	src/tool/by_show.h \
	src/tool/by_table.c \
	src/tool/notices.c \
	src/tool/pager.c \
	src/tool/pager.h \
	src/tool/print.c \
	src/tool/print.h \
	src/tool/print_all.c \
	src/tool/print_line.c \
	src/tool/query.c \
	src/tool/query.h \
	src/tool/query_audit.c \
	src/tool/query_boot.c \
	src/tool/query_by.c \
	src/tool/query_look.c \
	src/tool/query_open.c \
	src/tool/query_show.c \
	src/tool/source.c \
	src/tool/source.h \
	src/tool/status_published.c \
	src/tool/time_arg.c \
	src/tool/time_arg.h

if HAVE_SYSTEMD
libtelltale_tool_la_SOURCES += $(query_sources)
EXTRA_DIST       += src/tool/notices_none.c src/tool/status_published_none.c
else
libtelltale_tool_la_SOURCES += src/tool/query_none.c src/tool/notices_none.c \
	src/tool/status_published_none.c
EXTRA_DIST       += $(query_sources)
endif

# A script may call telltale-log, as it calls logger.
install-exec-hook:
	cd "$(DESTDIR)$(bindir)" && $(LN_S) -f telltale telltale-log
uninstall-hook:
	rm -f "$(DESTDIR)$(bindir)/telltale-log"
