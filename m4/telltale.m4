dnl telltale.m4: the project's own small configure macros (no autoconf-archive needed).

dnl TELL_TRY_FLAG(VARIABLE, FLAG, [LINK]): append FLAG to VARIABLE when the compiler takes
dnl it without a warning; with LINK, when a program links with it.
AC_DEFUN([TELL_TRY_FLAG], [
	AC_MSG_CHECKING([for $2])
	tell_saved_cflags=$CFLAGS
	CFLAGS="$CFLAGS $$1 -Werror $2"
	m4_if([$3], [LINK], [AC_LINK_IFELSE], [AC_COMPILE_IFELSE])(
		[AC_LANG_SOURCE([int main(void) { return 0; }])],
		[AC_MSG_RESULT([yes]); AS_VAR_APPEND([$1], [" $2"])],
		[AC_MSG_RESULT([no])])
	CFLAGS=$tell_saved_cflags
])

dnl TELL_TRY_FLAGS(VARIABLE, FLAGS..., [LINK]): each of a list.
AC_DEFUN([TELL_TRY_FLAGS],
	[m4_foreach_w([tell_flag], [$2], [TELL_TRY_FLAG([$1], m4_quote(tell_flag), [$3])])])

dnl TELL_FLAGS: language, warnings and hardening. Sets WARN_CFLAGS, HARDEN_CFLAGS,
dnl HARDEN_LDFLAGS, LIBRARY_LDFLAGS, MODE_CFLAGS, FUZZ_LIBS.
AC_DEFUN([TELL_FLAGS], [
	WARN_CFLAGS="-std=gnu11"
	TELL_TRY_FLAGS([WARN_CFLAGS], [-Wall -Wextra -Wpedantic -Wconversion -Wshadow
		-Wformat=2 -Wvla -Walloca -Wstrict-prototypes -Wmissing-prototypes
		-Wold-style-definition -Wundef -Werror=format-security
		-Werror=implicit-function-declaration])

	HARDEN_CFLAGS= HARDEN_LDFLAGS= LIBRARY_LDFLAGS= MODE_CFLAGS=
	TELL_TRY_FLAGS([HARDEN_CFLAGS], [-fvisibility=hidden -fno-common
		-fstack-protector-strong -fstack-clash-protection -fcf-protection=full
		-ftrivial-auto-var-init=zero])
	TELL_TRY_FLAGS([HARDEN_LDFLAGS], [-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack
		-Wl,--as-needed], [LINK])
	TELL_TRY_FLAGS([LIBRARY_LDFLAGS], [-Wl,-z,nodelete], [LINK])

	AS_IF([test "x$enable_sanitize$enable_fuzz" = xnono], [
		TELL_TRY_FLAGS([LIBRARY_LDFLAGS], [-Wl,--no-undefined], [LINK])
		dnl Fortify needs the optimiser, and sanitizers check the same better.
		case " $CFLAGS " in
		*" -O0 "*) ;;
		*" -O"*)
			TELL_TRY_FLAG([HARDEN_CFLAGS], [-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3]) ;;
		esac])
	AS_IF([test "x$enable_sanitize" != xno], [MODE_CFLAGS="$MODE_CFLAGS -fsanitize=$enable_sanitize -fno-sanitize-recover=all -fno-omit-frame-pointer"])
	AS_IF([test "x$enable_fuzz" != xno], [MODE_CFLAGS="$MODE_CFLAGS -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all"])
	AS_IF([test "x$enable_assert" = xno], [MODE_CFLAGS="$MODE_CFLAGS -DNDEBUG"])

	AC_SUBST([WARN_CFLAGS])
	AC_SUBST([HARDEN_CFLAGS])
	AC_SUBST([HARDEN_LDFLAGS])
	AC_SUBST([LIBRARY_LDFLAGS])
	AC_SUBST([MODE_CFLAGS])
	AS_IF([test "x$enable_fuzz" != xno], [FUZZ_LIBS=-fsanitize=fuzzer], [FUZZ_LIBS=])
	AC_SUBST([FUZZ_LIBS])
])

dnl TELL_LEFT_OUT(WHAT, WHY): for the list at configure's end.
AC_DEFUN([TELL_LEFT_OUT], [left_out="$left_out
    $1: $2 is missing"])

dnl TELL_LIBRARY(NAME, PKG-CONFIG MODULE, WHAT FOR): NAME_CFLAGS, NAME_LIBS, HAVE_NAME.
AC_DEFUN([TELL_LIBRARY], [
	PKG_CHECK_MODULES([$1], [$2], [tell_have=yes],
		[tell_have=no; TELL_LEFT_OUT([$3], [$2])])
	AM_CONDITIONAL([HAVE_$1], [test $tell_have = yes])
])

dnl TELL_PROGRAM(NAME, PROGRAM, WHAT FOR): $NAME and HAVE_NAME.
AC_DEFUN([TELL_PROGRAM], [
	AC_PATH_PROG([$1], [$2])
	AS_IF([test -z "$$1"], [TELL_LEFT_OUT([$3], [$2])])
	AM_CONDITIONAL([HAVE_$1], [test -n "$$1"])
])

dnl TELL_PAM: Linux-PAM with pam_start_confdir (1.4), the oracle of the stack tests.
AC_DEFUN([TELL_PAM], [
	tell_saved_libs=$LIBS
	PAM_LIBS=
	AC_CHECK_HEADER([security/pam_appl.h],
		[AC_SEARCH_LIBS([pam_start_confdir], [pam], [PAM_LIBS=-lpam])])
	LIBS=$tell_saved_libs
	AS_IF([test -z "$PAM_LIBS"], [TELL_LEFT_OUT([comparison with libpam], [libpam])])
	AC_SUBST([PAM_LIBS])
	AM_CONDITIONAL([HAVE_PAM], [test -n "$PAM_LIBS"])
])

dnl TELL_CXX17: HAVE_CXX17 when $CXX compiles C++17 and links; CXX_WARN_FLAGS, those it takes.
AC_DEFUN([TELL_CXX17], [
	AC_LANG_PUSH([C++])
	tell_saved_cxxflags=$CXXFLAGS
	CXXFLAGS="$CXXFLAGS -std=c++17"
	AC_MSG_CHECKING([whether $CXX compiles C++17])
	AC_LINK_IFELSE([AC_LANG_SOURCE([[
#include <string_view>
template <class... T> bool all(T... t) { return (t && ...); }
int main() { return all(std::string_view("x").empty()); }]])],
		[tell_have=yes], [tell_have=no; TELL_LEFT_OUT([tests of C++ calls], [a C++17 compiler])])
	AC_MSG_RESULT([$tell_have])
	CXXFLAGS=$tell_saved_cxxflags
	AC_LANG_POP([C++])
	AM_CONDITIONAL([HAVE_CXX17], [test $tell_have = yes])
	CXX_WARN_FLAGS="-Wpedantic -Wconversion -Wshadow -Wformat=2 -Werror"
	AC_SUBST([CXX_WARN_FLAGS])
])
