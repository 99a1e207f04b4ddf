# A fuzz target is fuzz/fuzz_NAME.c with LLVMFuzzerTestOneInput(), inputs in
# fuzz/corpus/NAME/, and one line here:
#	fuzz_programs += fuzz/fuzz_NAME
shell_tests += fuzz/replay.sh
EXTRA_DIST  += fuzz/smoke.sh fuzz/long.sh fuzz/corpus
fuzz_programs += fuzz/fuzz_expr
fuzz_programs += fuzz/fuzz_stack
fuzz_programs += fuzz/fuzz_rfc5424
if HAVE_JSONC
fuzz_programs += fuzz/fuzz_encode
fuzz_fuzz_encode_SOURCES = fuzz/fuzz_encode.c tests/support/json_back.c tests/support/json_back.h
fuzz_fuzz_encode_CFLAGS = $(AM_CFLAGS) $(JSONC_CFLAGS)
fuzz_fuzz_encode_LDADD = $(LDADD) $(JSONC_LIBS) -lm
endif

if HAVE_JSONC
fuzz_programs += fuzz/fuzz_health
fuzz_fuzz_health_CFLAGS  = $(AM_CFLAGS) $(JSONC_CFLAGS)
fuzz_fuzz_health_LDADD   = $(LDADD) $(JSONC_LIBS)
# The peer is the input.
fuzz_fuzz_health_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=tell_probe_open
endif

fuzz_programs += fuzz/fuzz_control fuzz/fuzz_parse
fuzz_programs += fuzz/fuzz_filter fuzz/fuzz_input fuzz/fuzz_json_read fuzz/fuzz_status fuzz/fuzz_unit
fuzz_fuzz_status_LDADD    = libtelltale-tool.la $(LDADD) $(SYSTEMD_LIBS)
fuzz_fuzz_filter_SOURCES  = fuzz/fuzz_filter.c fuzz/plant.c fuzz/plant.h
fuzz_fuzz_filter_LDADD    = libtelltale-tool.la $(LDADD)
fuzz_fuzz_unit_LDADD      = libtelltale-tool.la $(LDADD)
fuzz_fuzz_input_LDADD     = libtelltale-tool.la $(LDADD)
fuzz_fuzz_json_read_LDADD = libtelltale-tool.la $(LDADD)
if HAVE_JSONC
fuzz_programs += fuzz/fuzz_redact
fuzz_fuzz_redact_SOURCES = fuzz/fuzz_redact.c fuzz/plant.c fuzz/plant.h
fuzz_fuzz_redact_CFLAGS = $(AM_CFLAGS) $(JSONC_CFLAGS)
fuzz_fuzz_redact_LDADD  = $(LDADD) $(JSONC_LIBS)
endif
fuzz_programs += fuzz/fuzz_line
fuzz_fuzz_line_LDADD = libtelltale-preload-parts.la $(LDADD) -ldl
fuzz_programs += fuzz/fuzz_ring fuzz/fuzz_deferred fuzz/fuzz_spool
fuzz_programs += fuzz/fuzz_accept
fuzz_fuzz_accept_SOURCES = fuzz/fuzz_accept.c src/metric/expose_accept.c
