if HAVE_SYSTEMD
forward_tests = \
	tests/unit/forward/check_batch \
	tests/unit/forward/check_health \
	tests/unit/forward/check_labels \
	tests/unit/forward/check_loki_answer \
	tests/unit/forward/check_lumberjack \
	tests/unit/forward/check_otlp \
	tests/unit/forward/check_ship \
	tests/unit/forward/check_tenant
tests_unit_forward_check_batch_LDADD  = $(tool_ldadd)
tests_unit_forward_check_health_LDFLAGS = $(AM_LDFLAGS) -Wl,--undefined=tell_modules_forward
tests_unit_forward_check_health_LDADD = $(tool_ldadd)
tests_unit_forward_check_labels_LDADD = $(tool_ldadd)
tests_unit_forward_check_loki_answer_LDADD = $(tool_ldadd)
tests_unit_forward_check_lumberjack_LDADD = $(tool_ldadd)
tests_unit_forward_check_otlp_LDADD   = $(tool_ldadd)
tests_unit_forward_check_ship_LDADD   = $(tool_ldadd)
tests_unit_forward_check_tenant_LDADD = $(tool_ldadd)
if HAVE_JSONC
forward_tests += tests/unit/forward/check_event
tests_unit_forward_check_event_CFLAGS = $(AM_CFLAGS) $(JSONC_CFLAGS)
tests_unit_forward_check_event_LDADD  = $(tool_ldadd) $(JSONC_LIBS)
endif
unit_tests += $(forward_tests)
endif
EXTRA_DIST += tests/golden/event tests/golden/otlp
