#include "tool/join.h"
#include <string.h>
#include "base/buf.h"
#include "support/check_main.h"

/* The lines of a text as records: "[first+second][third]". */
static void expect(const char *text, const char *want)
{
	struct tell_buf got = { 0 };
	struct tell_join j;
	bool open = false, perhaps = false;
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, "\n");
		enum tell_join_answer answer = open ? tell_join_next(&j, p, n)
						    : TELL_JOIN_NO;
		if (answer == TELL_JOIN_PERHAPS) {
			perhaps = true;
		} else if (answer == TELL_JOIN_YES) {
			tell_buf_printf(&got, "+%s%.*s", perhaps ? "+" : "", (int)n, p);
			perhaps = false;
		} else {
			tell_buf_printf(&got, "%s[%.*s", open ? "]" : "", (int)n, p);
			tell_join_begin(&j, p, n);
			open = true;
			perhaps = false;
		}
		p += n + (p[n] == '\n');
	}
	tell_buf_puts(&got, "]");
	ck_assert_str_eq(tell_buf_cstr(&got), want);
	tell_buf_done(&got);
}

static bool failed(const char *text)
{
	struct tell_join j;
	tell_join_begin(&j, text, strcspn(text, "\n"));
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, "\n");
		if (p > text)
			(void)tell_join_next(&j, p, n);
		p += n + (p[n] == '\n');
	}
	return j.failed;
}

START_TEST(lines_are_records_of_their_own)
{
	expect("a\nb\nc\n", "[a][b][c]");
	expect("a:\nb\n", "[a:][b]");
	expect("Caused by: x\nCaused by: y\n", "[Caused by: x][Caused by: y]");
	expect("#1 thing\n#2 thing\n", "[#1 thing][#2 thing]");
	expect("==\n=====\n", "[==][=====]");
}
END_TEST

START_TEST(a_blank_in_front_continues)
{
	expect("a\n b\n\tc\nd\n", "[a+ b+\tc][d]");
	expect(" a\n b\n", "[ a+ b]");
}
END_TEST

#define PYTHON                                                                           \
	"Traceback (most recent call last):\n  File \"x.py\", line 1\n    f()\nE: x\n"

START_TEST(python)
{
	expect(PYTHON "next\n",
		"[Traceback (most recent call last):+  File \"x.py\", line 1+    f()+E: x][next]");
	expect(PYTHON "\nDuring handling of the above exception, another exception "
		      "occurred:\n\n" PYTHON "z\n",
		"[Traceback (most recent call last):+  File \"x.py\", line 1+    f()+E: "
		"x++During handling of the above exception, another exception occurred:++"
		"Traceback (most recent call last):+  File \"x.py\", line 1+    f()+E: x][z]");
	expect("Traceback (most recent call last):\nnot one\n",
		"[Traceback (most recent call last):][not one]");
	ck_assert(failed(PYTHON));
	ck_assert(!failed("Traceback (most recent call last):\n"));
}
END_TEST

START_TEST(java)
{
	expect("E: x\n\tat a.B.c(B.java:1)\n\t... 2 more\nCaused by: y\n\tat d.E.f(E.java:2)\nz\n",
		"[E: x+\tat a.B.c(B.java:1)+\t... 2 more+Caused by: y+\tat "
		"d.E.f(E.java:2)][z]");
	ck_assert(failed("E: x\n\tat a.B.c(B.java:1)\n"));
	ck_assert(!failed("meet us\n at noon\n"));
}
END_TEST

START_TEST(go)
{
	expect("panic: x\n\ngoroutine 1 [running]:\nmain.main()\n\t/x.go:8 +0x1d\n\n"
	       "goroutine 2 [select]:\nmain.(*T).f(0x1, 0x2)\n\t/x.go:9\n"
	       "created by main.main\n\t/x.go:2\nexit status 2\n",
		"[panic: x++goroutine 1 [running]:+main.main()+\t/x.go:8 +0x1d++"
		"goroutine 2 [select]:+main.(*T).f(0x1, 0x2)+\t/x.go:9+"
		"created by main.main+\t/x.go:2][exit status 2]");
	expect("panic: x\nnot one\n", "[panic: x][not one]");
	ck_assert(failed("panic: x\n\ngoroutine 1 [running]:\n"));
	ck_assert(!failed("panic: at the disco\n"));
}
END_TEST

START_TEST(private_keys)
{
	expect("-----BEGIN EC PRIVATE"
	       " KEY-----\nMHcCAQEEIBjF3x9nL0bQ\nabcd\n"
	       "-----END EC PRIVATE"
	       " KEY-----\nabcd\n",
		"[-----BEGIN EC PRIVATE"
		" KEY-----+MHcCAQEEIBjF3x9nL0bQ+abcd"
		"+-----END EC PRIVATE"
		" KEY-----][abcd]");
	expect("-----BEGIN RSA PRIVATE"
	       " KEY-----\nProc-Type: 4,ENCRYPTED\n\n"
	       "MHcCAQEEIBjF3x9nL0bQ\nready to serve\n",
		"[-----BEGIN RSA PRIVATE"
		" KEY-----+Proc-Type: 4,ENCRYPTED"
		"++MHcCAQEEIBjF3x9nL0bQ][ready to serve]");
	expect("-----BEGIN CERTIFICATE-----\nMHcCAQEEIBjF3x9nL0bQ\n",
		"[-----BEGIN CERTIFICATE-----][MHcCAQEEIBjF3x9nL0bQ]");
}
END_TEST

START_TEST(frames_of_gdb_and_of_glibc)
{
	expect("#0  0x7f in raise () from /lib/libc.so.6\n#1  f (why=1) at cart.c:12\n"
	       "#0  0x7f in other ()\n",
		"[#0  0x7f in raise () from /lib/libc.so.6+#1  f (why=1) at cart.c:12]"
		"[#0  0x7f in other ()]");
	expect("Thread 1 (LWP 12):\n#0  0x7f in raise ()\n    at x.c:1\n#1  main () at x.c:2\nz\n",
		"[Thread 1 (LWP 12):+#0  0x7f in raise ()+    at x.c:1+#1  main () at x.c:2][z]");
	expect("Backtrace:\n./shop(f+0x1d) [0x4011d]\n/lib/libc.so.6(+0x29d90)[0x7f00]\nz\n",
		"[Backtrace:+./shop(f+0x1d) [0x4011d]+/lib/libc.so.6(+0x29d90)[0x7f00]][z]");
	expect("./shop(f+0x1d)[0x4011d]\n./shop(g+0x1)[0x4012d]\n",
		"[./shop(f+0x1d)[0x4011d]+./shop(g+0x1)[0x4012d]]");
}
END_TEST

#define ASAN                                                                                      \
	"==12==ERROR: AddressSanitizer: x\nREAD of size 4 at 0x1 thread T0\n    #0 0x1 in main\n" \
	"\n0x1 is located 0 bytes\nSUMMARY: AddressSanitizer: x\n==12==ABORTING\n"

START_TEST(reports_of_sanitizers_and_valgrind)
{
	expect("==========\n" ASAN "z\n",
		"[==========+==12==ERROR: AddressSanitizer: x+READ of size 4 at 0x1 thread T0+    "
		"#0 0x1 in main++0x1 is located 0 bytes+SUMMARY: AddressSanitizer: "
		"x+==12==ABORTING][z]");
	expect(ASAN "0x1 is a number\n",
		"[==12==ERROR: AddressSanitizer: x+READ of size 4 at 0x1 thread T0+    "
		"#0 0x1 in main++0x1 is located 0 bytes+SUMMARY: AddressSanitizer: "
		"x+==12==ABORTING][0x1 is a number]");
	expect("==========\nWARNING: ThreadSanitizer: race (pid=1)\n  Write\n==========\nz\n",
		"[==========+WARNING: ThreadSanitizer: race (pid=1)+  Write+==========][z]");
	expect("==========\nz\n", "[==========][z]");
	expect("==12== Invalid read\n==12==    at 0x1\n==12== \n==12== HEAP\n==13== x\n",
		"[==12== Invalid read+==12==    at 0x1+==12== ][==12== HEAP][==13== x]");
	ck_assert(failed(ASAN));
	ck_assert(!failed("==12== Invalid read\n==12==    at 0x1\n"));
}
END_TEST

static Suite *join_suite(void)
{
	Suite *s = suite_create("tool/join");
	tell_check_add(s, "plain", lines_are_records_of_their_own,
		a_blank_in_front_continues, NULL);
	tell_check_add(s, "traces", private_keys, python, java, go,
		frames_of_gdb_and_of_glibc, reports_of_sanitizers_and_valgrind, NULL);
	return s;
}

TELL_CHECK_MAIN(join_suite)
