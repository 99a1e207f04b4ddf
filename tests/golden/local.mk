# Known bytes of every exit. TELL_GOLDEN_UPDATE=1 writes them anew: read the difference.
unit_tests += tests/golden/check_golden
EXTRA_DIST += tests/golden/journal tests/golden/json tests/golden/logfmt tests/golden/text \
	tests/golden/rfc5424 tests/golden/rfc3164 tests/golden/hostile.in \
	tests/golden/hostile.journal tests/golden/hostile.json tests/golden/hostile.logfmt \
	tests/golden/hostile.text tests/golden/hostile.rfc5424 tests/golden/hostile.rfc3164

# Trees of /proc, and what `metric host` shows of them: tests/unit/meter/check_host.
EXTRA_DIST += tests/golden/host

# What the command makes of lines.
shell_tests += tests/golden/cat.sh tests/golden/parse.sh
EXTRA_DIST += tests/golden/cat tests/golden/parse

# With json-c as the second reader.
if HAVE_JSONC
unit_tests += tests/golden/check_hostile tests/golden/check_random
tests_golden_check_hostile_SOURCES = tests/golden/check_hostile.c tests/support/json_back.c \
	tests/support/json_back.h
tests_golden_check_hostile_CFLAGS = $(AM_CFLAGS) $(JSONC_CFLAGS)
tests_golden_check_hostile_LDADD = $(LDADD) $(JSONC_LIBS) -lm
tests_golden_check_random_SOURCES = tests/golden/check_random.c tests/support/json_back.c \
	tests/support/json_back.h
tests_golden_check_random_CFLAGS = $(AM_CFLAGS) $(JSONC_CFLAGS)
tests_golden_check_random_LDADD = $(LDADD) $(JSONC_LIBS) -lm
endif
