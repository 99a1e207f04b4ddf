tool_tests = \
	tests/unit/tool/check_feed \
	tests/unit/tool/check_join \
	tests/unit/tool/check_option \
	tests/unit/tool/check_redact_pem \
	tests/unit/tool/check_redact_splice \
	tests/unit/tool/check_unit_exec \
	tests/unit/tool/check_unit_file
tool_ldadd = libtelltale-tool.la $(LDADD) $(SYSTEMD_LIBS) $(ZSTD_LIBS) $(ZLIB_LIBS)
tests_unit_tool_check_feed_LDADD      = $(tool_ldadd)
tests_unit_tool_check_join_LDADD      = $(tool_ldadd)
tests_unit_tool_check_option_LDADD    = $(tool_ldadd)
tests_unit_tool_check_redact_pem_LDADD    = $(tool_ldadd)
tests_unit_tool_check_redact_splice_LDADD = $(tool_ldadd)
tests_unit_tool_check_unit_exec_LDADD = $(tool_ldadd)
tests_unit_tool_check_unit_file_LDADD = $(tool_ldadd)

if HAVE_SYSTEMD
tests_unit_tool_check_forward_progress_LDADD = $(tool_ldadd)
tool_tests += \
	tests/unit/tool/check_forward_progress \
	tests/unit/tool/check_audit \
	tests/unit/tool/check_by \
	tests/unit/tool/check_by_metric \
	tests/unit/tool/check_time_arg
tests_unit_tool_check_audit_LDADD     = $(tool_ldadd)
tests_unit_tool_check_by_LDADD        = $(tool_ldadd)
tests_unit_tool_check_by_metric_LDADD = $(tool_ldadd)
tests_unit_tool_check_time_arg_LDADD = $(tool_ldadd)
endif
unit_tests += $(tool_tests)
