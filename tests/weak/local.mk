# A library with <telltale/weak.h>, in a program without telltale and in one with it.
check_LTLIBRARIES += tests/weak/libcart.la
tests_weak_libcart_la_SOURCES  = tests/weak/cart.c tests/weak/cart.h
tests_weak_libcart_la_CPPFLAGS = -I$(top_srcdir)/include -I$(top_srcdir)/tests
tests_weak_libcart_la_CFLAGS   = $(AM_CFLAGS) -fvisibility=default
tests_weak_libcart_la_LDFLAGS  = -avoid-version -rpath /nowhere $(LIBRARY_LDFLAGS) $(MODE_CFLAGS)
weak_cppflags = $(AM_CPPFLAGS)
if HAVE_CXX17
tests_weak_libcart_la_SOURCES += tests/weak/cart_cxx.cc
tests_weak_libcart_la_CXXFLAGS = $(AM_CXXFLAGS) $(CXX_WARN_FLAGS)
weak_cppflags += -DHAVE_CXX17
endif
test_programs += tests/weak/alone
tests_weak_alone_CPPFLAGS = $(weak_cppflags)
tests_weak_alone_LDADD    = tests/weak/libcart.la
program_tests += tests/weak/host
tests_weak_host_SOURCES  = tests/weak/host.c tests/support/tap.h
tests_weak_host_CPPFLAGS = $(weak_cppflags)
tests_weak_host_LDADD    = tests/weak/libcart.la libtelltale.la
shell_tests += tests/weak/weak.sh
