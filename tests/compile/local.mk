# What must compile, and what must not.
shell_tests += tests/compile/compile.sh
EXTRA_DIST  += tests/compile/good.c tests/compile/metric.c tests/compile/bad.c \
	tests/compile/good_cxx.cc tests/compile/bad_cxx.cc
