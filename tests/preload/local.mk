# Programs that know nothing of telltale under libtelltale-preload.so.
noinst_LTLIBRARIES   += libhosted.la
libhosted_la_SOURCES  = tests/preload/hosted.c tests/preload/hosted.h
libhosted_la_CPPFLAGS = $(AM_CPPFLAGS)
test_programs        += tests/preload/host
tests_preload_host_SOURCES = tests/preload/host.c tests/preload/host.h \
	tests/preload/host_devlog.c tests/preload/host_process.c
tests_preload_host_CFLAGS  = $(AM_CFLAGS) -Wno-pedantic
tests_preload_host_LDADD   = -lpthread
# Its own malloc() and fstat() are to be found before libc's.
test_programs += tests/preload/odd_host
tests_preload_odd_host_SOURCES = tests/preload/odd_host.c
tests_preload_odd_host_CFLAGS  = $(AM_CFLAGS) -fno-builtin -fvisibility=default
tests_preload_odd_host_LDFLAGS = $(AM_LDFLAGS) -rdynamic
tests_preload_odd_host_LDADD   = -ldl
hosted_LDADD = libhosted.la $(LDADD)
unit_tests += tests/preload/check_syslog tests/preload/check_process tests/preload/check_devlog
tests_preload_check_devlog_LDADD = $(hosted_LDADD)
tests_preload_check_syslog_LDADD = $(hosted_LDADD)
tests_preload_check_process_LDADD = $(hosted_LDADD)
if HAVE_SYSTEMD
unit_tests += tests/preload/check_journal
tests_preload_check_journal_LDADD = $(hosted_LDADD)
endif
