preload_tests = \
	tests/unit/preload/check_formats \
	tests/unit/preload/check_later \
	tests/unit/preload/check_line \
	tests/unit/preload/check_memory
unit_tests   += $(preload_tests)
thread_tests += tests/unit/preload/check_memory
preload_parts = libtelltale-preload-parts.la $(LDADD) -ldl
tests_unit_preload_check_formats_LDADD = $(preload_parts)
tests_unit_preload_check_later_LDADD   = $(preload_parts)
tests_unit_preload_check_line_LDADD    = $(preload_parts)
tests_unit_preload_check_memory_LDADD  = $(preload_parts)
