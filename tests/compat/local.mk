# Programs that nobody changed, with <telltale/compat/*.h> before them.
shell_tests += tests/compat/compat.sh
EXTRA_DIST  += tests/compat/daemon.c tests/compat/names.cc
