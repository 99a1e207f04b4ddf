source_tests = tests/unit/source/check_origin
tests_unit_source_check_origin_LDADD = $(tool_ldadd)
if HAVE_SYSTEMD
source_tests += \
	tests/unit/source/check_bookmark \
	tests/unit/source/check_journal_left \
	tests/unit/source/check_journal_name \
	tests/unit/source/check_match \
	tests/unit/source/check_reader \
	tests/unit/source/check_sequence \
	tests/unit/source/check_spot \
	tests/unit/source/check_tail
tests_unit_source_check_bookmark_LDADD = $(tool_ldadd)
tests_unit_source_check_journal_left_LDADD = $(tool_ldadd)
tests_unit_source_check_journal_name_LDADD = $(tool_ldadd)
tests_unit_source_check_match_LDADD = $(tool_ldadd)
tests_unit_source_check_reader_LDADD = $(tool_ldadd)
tests_unit_source_check_sequence_LDADD = $(tool_ldadd)
tests_unit_source_check_spot_LDADD = $(tool_ldadd)
tests_unit_source_check_tail_LDADD = $(tool_ldadd)
endif
unit_tests += $(source_tests)
