#include "tool/unit_file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "support/check_main.h"
#include "support/scratch.h"

#define ADMIN  "etc/systemd/system/"
#define VENDOR "usr/lib/systemd/system/"

static int root;

static void make(const char *path, const char *text)
{
	char part[300];
	for (const char *slash = strchr(path, '/'); slash;
		slash = strchr(slash + 1, '/')) {
		(void)snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
		(void)mkdirat(root, part, 0755); /* most are there */
	}
	tell_scratch_write(tell_scratch_path(path), text);
}

static void setup(void)
{
	tell_scratch_make();
	root = open(tell_scratch_path("."), O_PATH | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(root, 0);
	make(VENDOR "shop.service",
		"[Unit]\nExecStart=/no\n[Service]\nType=simple\n"
		"ExecStart=/bin/shop\n[Install]\nExecStart=/no\n");
	make(ADMIN "none", "");
}

static void teardown(void)
{
	(void)close(root);
	tell_scratch_remove();
}

/* The commands of a unit, in brackets, or its error. */
static void expect(const char *name, const char *want)
{
	struct tell_unit u;
	char got[1000] = "";
	int r = tell_unit_read(&u, root, name, "50-telltale.conf");
	size_t n = 0;
	if (r < 0)
		n = (size_t)snprintf(got, sizeof(got), "%s", strerror(-r));
	for (size_t i = 0; r == 0 && i < u.n_exec; i++)
		n += (size_t)snprintf(got + n, sizeof(got) - n, "[%s]", u.exec[i]);
	if (u.later)
		(void)snprintf(got + n, sizeof(got) - n, " later %s", u.later);
	ck_assert_str_eq(got, want);
	tell_unit_done(&u);
}

START_TEST(a_unit_file_is_found_and_read)
{
	expect("shop", "[/bin/shop]");
	expect("shop.service", "[/bin/shop]");
	expect("nothing", "No such file or directory");
	expect("../shop", "Invalid argument");
	expect("", "Invalid argument");
	expect("shop.socket", "No such file or directory"); /* shop.socket.service */
	make(ADMIN "shop.service", "[Service]\nExecStart=/bin/admin\n");
	expect("shop", "[/bin/admin]");
}
END_TEST

START_TEST(settings_are_kept_and_lines_continue)
{
	struct tell_unit u;
	make(ADMIN "long.service",
		"[Service]\n Type = forking \nPIDFile=/run/x\nExecStart=/bin/a \\\n"
		"# a comment\n;another\n  b \\\n c\n#ExecStart=/no\nRootDirectory=\n");
	ck_assert_int_eq(tell_unit_read(&u, root, "long", "x"), 0);
	ck_assert_str_eq(u.name, "long.service");
	ck_assert_str_eq(u.type, "forking");
	ck_assert_str_eq(u.pid_file, "/run/x");
	ck_assert_str_eq(u.root_directory, "");
	ck_assert_ptr_null(u.root_image);
	ck_assert_str_eq(u.exec[0], "/bin/a    b   c");
	tell_unit_done(&u);
}
END_TEST

START_TEST(drop_ins_come_in_the_order_of_their_names)
{
	make(VENDOR "shop.service.d/20-b.conf", "[Service]\nExecStart=/bin/b\n");
	make(ADMIN "shop.service.d/10-a.conf",
		"[Service]\nExecStart=\nExecStart=/bin/a\n");
	make(ADMIN "shop.service.d/ignored", "[Service]\nExecStart=/no\n");
	make(ADMIN "service.d/30-all.conf", "[Service]\nExecStart=/bin/all\n");
	expect("shop", "[/bin/a][/bin/b][/bin/all]");
	make(ADMIN "shop.service.d/20-b.conf", "[Service]\nExecStart=/bin/other\n");
	expect("shop", "[/bin/a][/bin/other][/bin/all]");
	make(ADMIN "shop.service.d/50-telltale.conf",
		"[Service]\nExecStart=\nExecStart=/us\n");
	expect("shop", "[/bin/a][/bin/other][/bin/all]");
	make(ADMIN "shop.service.d/override.conf",
		"[Service]\nExecStart=\nExecStart=/bin/o\n");
	expect("shop", "[/bin/o] later /etc/systemd/system/shop.service.d/override.conf");
}
END_TEST

START_TEST(names_with_dashes_and_instances_have_more_drop_ins)
{
	make(VENDOR "a-b@.service", "[Service]\nExecStart=/bin/t %i\n");
	make(VENDOR "a-b@.service.d/10.conf", "[Service]\nExecStart=/bin/template\n");
	make(VENDOR "a-b@1.service.d/20.conf", "[Service]\nExecStart=/bin/one\n");
	make(VENDOR "a-.service.d/30.conf", "[Service]\nExecStart=/bin/dash\n");
	expect("a-b@1", "[/bin/t %i][/bin/template][/bin/one][/bin/dash]");
	expect("a-b@2", "[/bin/t %i][/bin/template][/bin/dash]");
	expect("a-b@", "[/bin/t %i][/bin/template][/bin/dash]");
}
END_TEST

START_TEST(aliases_lead_to_the_unit_and_masks_away)
{
	struct tell_unit u;
	ck_assert_int_eq(symlinkat("/usr/lib/systemd/system/shop.service", root,
				 ADMIN "store.service"),
		0);
	make(ADMIN "store.service.d/10.conf", "[Service]\nExecStart=/bin/alias\n");
	ck_assert_int_eq(tell_unit_read(&u, root, "store", "x"), 0);
	ck_assert_str_eq(u.name, "shop.service");
	tell_unit_done(&u);
	expect("store", "[/bin/shop][/bin/alias]");

	ck_assert_int_eq(symlinkat("/dev/null", root, ADMIN "gone.service"), 0);
	make(VENDOR "gone.service", "[Service]\nExecStart=/bin/gone\n");
	expect("gone", "Operation not possible due to RF-kill");
	make(ADMIN "empty.service", "");
	expect("empty", "Operation not possible due to RF-kill");
	ck_assert_int_eq(symlinkat("loop.service", root, ADMIN "pool.service"), 0);
	ck_assert_int_eq(symlinkat("pool.service", root, ADMIN "loop.service"), 0);
	expect("loop", "No such file or directory");
}
END_TEST

static Suite *unit_file_suite(void)
{
	Suite *s = suite_create("tool/unit_file");
	TCase *tc = tcase_create("units");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_unit_file_is_found_and_read);
	tcase_add_test(tc, settings_are_kept_and_lines_continue);
	tcase_add_test(tc, drop_ins_come_in_the_order_of_their_names);
	tcase_add_test(tc, names_with_dashes_and_instances_have_more_drop_ins);
	tcase_add_test(tc, aliases_lead_to_the_unit_and_masks_away);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(unit_file_suite)
