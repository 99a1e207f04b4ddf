# The whole way of a record, through the API.
unit_tests += tests/flow/check_keep
program_tests += tests/flow/objects
tests_flow_objects_LDADD   = libtelltale.la -ldl
tests_flow_objects_LDFLAGS = $(AM_LDFLAGS) -Wl,--gc-sections
tests_flow_objects_CFLAGS  = $(AM_CFLAGS) -ffunction-sections -fdata-sections
tests_flow_objects_CPPFLAGS = $(AM_CPPFLAGS) \
	-DTELL_TEST_PLUGIN_PATH='"$(abs_builddir)/tests/flow/.libs/plugin.so"'
check_LTLIBRARIES += tests/flow/plugin.la
tests_flow_plugin_la_SOURCES = tests/flow/plugin.c
tests_flow_plugin_la_LDFLAGS = -module -avoid-version -rpath /nowhere
tests_flow_plugin_la_LIBADD  = libtelltale.la
shell_tests += tests/flow/environment.sh

# The example shop's wrapper, without the shop's server.
program_tests += tests/flow/wrapper
tests_flow_wrapper_SOURCES  = tests/flow/wrapper.c examples/shop/cart.c examples/shop/telltale/log.c
tests_flow_wrapper_CPPFLAGS = -iquote $(srcdir)/examples/shop -iquote $(srcdir)/examples/shop/telltale \
	$(example_cppflags) -iquote $(top_srcdir)/tests -D_GNU_SOURCE
tests_flow_wrapper_LDADD    = libtelltale.la

# A secret by every door, and nowhere out.
test_programs += tests/flow/canary
tests_flow_canary_LDADD = libtelltale.la
shell_tests += tests/flow/canary.sh
