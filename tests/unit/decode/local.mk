decode_tests = \
	tests/unit/decode/check_field_arg \
	tests/unit/decode/check_input \
	tests/unit/decode/check_json_read \
	tests/unit/decode/check_preamble
tests_unit_decode_check_field_arg_LDADD = $(tool_ldadd)
tests_unit_decode_check_input_LDADD = $(tool_ldadd)
tests_unit_decode_check_json_read_LDADD = $(tool_ldadd)
tests_unit_decode_check_preamble_LDADD = $(tool_ldadd)
unit_tests += $(decode_tests)
