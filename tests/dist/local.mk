# The tarball, and what is installed from it: make check-dist, make installcheck.
EXTRA_DIST += tests/dist/tarball.sh tests/dist/installed.sh
check-dist: all
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS=tests/dist/tarball.sh

installcheck-local:
	top_srcdir='$(abs_top_srcdir)' bindir='$(DESTDIR)$(bindir)' libdir='$(DESTDIR)$(libdir)' \
		pkglibdir='$(DESTDIR)$(pkglibdir)' docdir='$(DESTDIR)$(docdir)' \
		mandir='$(DESTDIR)$(mandir)' datadir='$(DESTDIR)$(datadir)' \
		includedir='$(DESTDIR)$(includedir)' vendordir='$(DESTDIR)$(vendordir)' \
		catalogdir='$(DESTDIR)$(catalogdir)' modules='$(pkglib_LTLIBRARIES)' \
		bash $(srcdir)/tests/dist/installed.sh
.PHONY: check-dist
