# Libraries with <telltale/weak.h>, one in C and one in C++, in a program without telltale and
# in one with it.
weak_cppflags  = $(AM_CPPFLAGS)
weak_libraries = tests/weak/libcart.la
weak_ldflags   = -avoid-version -rpath /nowhere $(LIBRARY_LDFLAGS) $(MODE_CFLAGS)
tests_weak_libcart_la_SOURCES  = tests/weak/cart.c tests/weak/cart.h
tests_weak_libcart_la_CPPFLAGS = -I$(top_srcdir)/include -I$(top_srcdir)/tests
tests_weak_libcart_la_CFLAGS   = $(AM_CFLAGS) -fvisibility=default
tests_weak_libcart_la_LDFLAGS  = $(weak_ldflags)
check_LTLIBRARIES += tests/weak/libcart.la
if HAVE_CXX17
weak_cppflags  += -DHAVE_CXX17
weak_libraries += tests/weak/libcart_cxx.la
check_LTLIBRARIES += tests/weak/libcart_cxx.la
tests_weak_libcart_cxx_la_SOURCES  = tests/weak/cart_cxx.cc
tests_weak_libcart_cxx_la_CPPFLAGS = -I$(top_srcdir)/include -I$(top_srcdir)/tests
tests_weak_libcart_cxx_la_CXXFLAGS = $(AM_CXXFLAGS) $(CXX_WARN_FLAGS)
tests_weak_libcart_cxx_la_LDFLAGS  = $(weak_ldflags)
endif

test_programs += tests/weak/alone
tests_weak_alone_CPPFLAGS = $(weak_cppflags)
tests_weak_alone_LDADD    = $(weak_libraries)
program_tests += tests/weak/host
tests_weak_host_SOURCES  = tests/weak/host.c tests/support/tap.h
tests_weak_host_CPPFLAGS = $(weak_cppflags)
tests_weak_host_LDADD    = $(weak_libraries) libtelltale.la
shell_tests += tests/weak/weak.sh
