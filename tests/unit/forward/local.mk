if HAVE_SYSTEMD
forward_tests = \
	tests/unit/forward/check_batch \
	tests/unit/forward/check_labels \
	tests/unit/forward/check_loki_answer \
	tests/unit/forward/check_ship
tests_unit_forward_check_batch_LDADD  = $(tool_ldadd)
tests_unit_forward_check_labels_LDADD = $(tool_ldadd)
tests_unit_forward_check_loki_answer_LDADD = $(tool_ldadd)
tests_unit_forward_check_ship_LDADD   = $(tool_ldadd)
unit_tests += $(forward_tests)
endif
