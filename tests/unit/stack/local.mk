unit_tests += \
	tests/unit/stack/check_args \
	tests/unit/stack/check_breaker \
	tests/unit/stack/check_control \
	tests/unit/stack/check_explain \
	tests/unit/stack/check_hurry \
	tests/unit/stack/check_leftover \
	tests/unit/stack/check_lex \
	tests/unit/stack/check_lint \
	tests/unit/stack/check_load \
	tests/unit/stack/check_lookup \
	tests/unit/stack/check_modules \
	tests/unit/stack/check_notes \
	tests/unit/stack/check_outbox \
	tests/unit/stack/check_outbox_adopt \
	tests/unit/stack/check_outbox_sure \
	tests/unit/stack/check_parse \
	tests/unit/stack/check_report \
	tests/unit/stack/check_run \
	tests/unit/stack/check_sinks \
	tests/unit/stack/check_stack \
	tests/unit/stack/check_verdict
thread_tests += tests/unit/stack/check_outbox tests/unit/stack/check_sinks
libsupport_la_SOURCES += tests/unit/stack/outbox_rig.c tests/unit/stack/outbox_rig.h
