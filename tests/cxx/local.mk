# The C++17 branch of the public headers, seen as a C++ service sees it.
if HAVE_CXX17
program_tests += tests/cxx/calls
tests_cxx_calls_SOURCES  = tests/cxx/calls.cc tests/cxx/other.cc tests/cxx/shared.h \
	tests/support/tap.h
tests_cxx_calls_CXXFLAGS = $(AM_CXXFLAGS) $(CXX_WARN_FLAGS)
tests_cxx_calls_CPPFLAGS = -I$(top_srcdir)/include -I$(top_srcdir)/tests \
	-DTELL_TEST_CXX_PLUGIN='"$(abs_builddir)/tests/cxx/.libs/plugin.so"'
tests_cxx_calls_LDADD    = libtelltale.la -ldl -lpthread
check_LTLIBRARIES += tests/cxx/plugin.la
tests_cxx_plugin_la_SOURCES  = tests/cxx/plugin.cc
tests_cxx_plugin_la_CPPFLAGS = -I$(top_srcdir)/include
tests_cxx_plugin_la_LDFLAGS  = -module -avoid-version -rpath /nowhere
tests_cxx_plugin_la_LIBADD   = libtelltale.la
thread_tests += tests/cxx/calls
endif
