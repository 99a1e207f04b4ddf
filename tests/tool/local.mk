shell_tests += tests/tool/stacks.sh tests/tool/readme.sh tests/tool/migrating.sh

# The examples run.
shell_tests += tests/tool/count.sh tests/tool/exposition.sh tests/tool/hello.sh tests/tool/epoll.sh tests/tool/shop.sh
shell_tests += \
	tests/tool/help.sh \
	tests/tool/completion.sh \
	tests/tool/compress.sh \
	tests/tool/log.sh \
	tests/tool/cat.sh \
	tests/tool/cat_page.sh \
	tests/tool/cat_process.sh \
	tests/tool/cat_supervise.sh \
	tests/tool/cat_unit.sh \
	tests/tool/preload.sh \
	tests/tool/recover_spool.sh \
	tests/tool/redact.sh \
	tests/tool/audit.sh \
	tests/tool/by.sh \
	tests/tool/query.sh \
	tests/tool/query_journal.sh \
	tests/tool/rotated.sh \
	tests/tool/check.sh \
	tests/tool/ctl.sh \
	tests/tool/status.sh
EXTRA_DIST += tests/tool/rig.sh tests/tool/asked.sh
test_programs += tests/tool/asked
tests_tool_asked_LDADD = libtelltale.la
test_programs += tests/tool/lossy
tests_tool_lossy_LDADD = libtelltale.la
shell_tests += tests/tool/redact_cost.sh

test_programs += tests/tool/process
tests_tool_process_LDADD =

# The manual says what the source says.
test_programs += tests/tool/module_table
if HAVE_SYSTEMD
tests_tool_module_table_LDFLAGS = $(AM_LDFLAGS) -Wl,--undefined=tell_modules_forward
tests_tool_module_table_LDADD = libtelltale-tool.la \
	libtelltale-core.la $(SYSTEMD_LIBS) $(ZSTD_LIBS) $(ZLIB_LIBS)
else
tests_tool_module_table_LDADD = libtelltale-core.la
endif
shell_tests += tests/tool/modules_page.sh tests/tool/module.sh tests/tool/regex.sh \
	tests/tool/expose.sh \
	tests/tool/tls.sh tests/tool/tls_files.sh tests/tool/manual.sh
EXTRA_DIST += tests/support/certificates.sh tests/support/wiretap.py

# The fakes that forwarding is tested against are themselves tested.
shell_tests += tests/tool/receivers.sh tests/tool/receivers_tcp.sh

# All of a journal arrives, at each receiver.
shell_tests += tests/tool/forward_begin.sh tests/tool/forward_damage.sh tests/tool/forward_file.sh tests/tool/forward_logstash.sh \
	tests/tool/forward_otlp.sh tests/tool/forward_remote.sh tests/tool/forward_run.sh \
	tests/tool/forward_same.sh tests/tool/forward_shape.sh tests/tool/forward_tenants.sh tests/tool/forward_webhook.sh
EXTRA_DIST += tests/tool/forward_rig.sh
if HAVE_SYSTEMD
check_LTLIBRARIES += tests/tool/skip_next.la
tests_tool_skip_next_la_SOURCES = tests/tool/skip_next.c
tests_tool_skip_next_la_LDFLAGS = -module -avoid-version -rpath /nowhere
else
EXTRA_DIST += tests/tool/skip_next.c
endif
