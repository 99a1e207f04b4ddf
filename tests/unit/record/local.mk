unit_tests += \
	tests/unit/record/check_event \
	tests/unit/record/check_expr_eval \
	tests/unit/record/check_expr_lex \
	tests/unit/record/check_expr_metric \
	tests/unit/record/check_expr_parse \
	tests/unit/record/check_expr_sum \
	tests/unit/record/check_expr_value \
	tests/unit/record/check_pattern \
	tests/unit/record/check_context \
	tests/unit/record/check_deferred \
	tests/unit/record/check_directive \
	tests/unit/record/check_key \
	tests/unit/record/check_level \
	tests/unit/record/check_name \
	tests/unit/record/check_place \
	tests/unit/record/check_record \
	tests/unit/record/check_record_edit \
	tests/unit/record/check_record_read \
	tests/unit/record/check_spelling \
	tests/unit/record/check_trace
thread_tests += \
	tests/unit/record/check_context \
	tests/unit/record/check_key \
	tests/unit/record/check_place \
	tests/unit/record/check_spelling
noinst_HEADERS += tests/unit/record/expr_fixture.h
