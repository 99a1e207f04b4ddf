# What can be seen without running the library.
shell_tests += \
	tests/lint/alternatives.sh \
	tests/lint/collectors.sh \
	tests/lint/layers.sh \
	tests/lint/headers.sh \
	tests/lint/exports.sh \
	tests/lint/preload.sh \
	tests/lint/hardening.sh \
	tests/lint/style.sh \
	tests/lint/globals.sh \
	tests/lint/shell.sh \
	tests/lint/install.sh \
	tests/lint/static.sh \
	tests/lint/faults.sh \
	tests/lint/events.sh \
	tests/lint/families.sh \
	tests/lint/requirements.sh
EXTRA_DIST += tests/lint/long-files.txt tests/lint/globals.txt
