# Helpers of the tests; every test program is linked with libsupport.la.
EXTRA_DIST += tests/support/exposition.awk tests/support/tap.sh tests/support/blocks.sh tests/support/tally.sh tests/support/limit.sh tests/support/lsan.supp
EXTRA_DIST += tests/support/receivers.sh tests/support/journals.sh tests/support/make_journal.py tests/support/hurt.py \
	tests/support/receivers/control.py tests/support/receivers/listener.py \
	tests/support/receivers/logstash_event.py tests/support/receivers/logstash_http.py \
	tests/support/receivers/logstash_tcp.py tests/support/receivers/loki.py \
	tests/support/receivers/loki_rules.py tests/support/receivers/loki_store.py \
	tests/support/receivers/lumberjack.py tests/support/receivers/otlp.py \
	tests/support/receivers/otlp_rules.py tests/support/receivers/proxy.py \
	tests/support/receivers/web.py
noinst_HEADERS += tests/support/trial.h
libsupport_la_SOURCES += \
	tests/support/encoding.c tests/support/encoding.h \
	tests/support/golden.c tests/support/golden.h \
	tests/support/journal_entry.c tests/support/journal_entry.h \
	tests/support/json_grammar.c tests/support/json_grammar.h \
	tests/support/rfc5424_check.c tests/support/rfc5424_check.h
if HAVE_CHECK
libsupport_la_SOURCES += tests/support/check_main.c tests/support/check_main.h tests/support/unit.h \
	tests/support/peer.c tests/support/peer.h tests/support/rig.c tests/support/rig.h \
	tests/support/memory_dir.c tests/support/memory_dir.h tests/support/ring_maker.c tests/support/ring_maker.h \
	tests/support/scratch.c tests/support/scratch.h tests/support/flow.c tests/support/flow.h \
	tests/support/ask.c tests/support/ask.h tests/support/timed.c tests/support/timed.h
endif
if !FUZZ
libsupport_la_SOURCES += tests/support/fuzz_main.c
endif

# A corpus of records through `redact keys` and `redact detect`, for measuring.
if HAVE_JSONC
test_programs += tests/support/redact_filter
tests_support_redact_filter_SOURCES = tests/support/redact_filter.c
tests_support_redact_filter_CPPFLAGS = $(AM_CPPFLAGS) -DTELL__LIBRARY
tests_support_redact_filter_CFLAGS  = $(AM_CFLAGS) $(JSONC_CFLAGS)
tests_support_redact_filter_LDADD   = libtelltale-core.la $(JSONC_LIBS)
endif
test_programs += tests/support/redact_cost tests/support/redact_worst
