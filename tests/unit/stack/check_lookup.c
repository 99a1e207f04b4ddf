#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stack/chain.h"
#include "support/check_main.h"
#include "support/scratch.h"

/* Whose files a service obeys: FAULTS 29, as a matrix. */
static struct tell_pool pool;
static struct tell_report report;
static struct tell_text text;

static void begin(void)
{
	tell_scratch_make();
	(void)setenv("TELLTALE_CONFDIR", tell_scratch_path("conf"), 1);
	ck_assert_int_eq(mkdir(tell_scratch_path("conf"), 0755), 0);
}

static void end(void)
{
	tell_report_done(&report);
	tell_pool_done(&pool);
	tell_scratch_remove();
}

static int look(const char *name)
{
	tell_report_done(&report);
	return tell_lookup(name, &pool, NULL, &report, &text);
}

static void write_mode(const char *name, mode_t mode)
{
	tell_scratch_write(tell_scratch_path(name), "sink required journald\n");
	ck_assert_int_eq(chmod(tell_scratch_path(name), mode), 0);
}

#define OTHER_UID 12345

/* One row: what is done to conf/svc and its directory, and what lookup must say. */
static const struct row {
	const char *what;
	mode_t file, dir;
	uid_t file_owner, dir_owner;
	int result;
	const char *said;
} rows[] = {
	{ "0644 in 0755", 0644, 0755, 0, 0, 0, NULL },
	{ "0600 in 0700", 0600, 0700, 0, 0, 0, NULL },
	{ "0444 in 0555", 0444, 0555, 0, 0, 0, NULL },
	{ "0640 in 0750", 0640, 0750, 0, 0, 0, NULL },
	{ "file of the group", 0664, 0755, 0, 0, -EPERM, "may write to it" },
	{ "file of all", 0646, 0755, 0, 0, -EPERM, "may write to it" },
	{ "file of all and more", 0666, 0755, 0, 0, -EPERM, "(mode 0666)" },
	{ "directory of the group", 0644, 0775, 0, 0, -EPERM, "write in directory" },
	{ "directory of all", 0644, 0757, 0, 0, -EPERM, "write in directory" },
	{ "sticky directory of all", 0644, 01777, 0, 0, -EPERM, "write in directory" },
	{ "foreign file", 0644, 0755, OTHER_UID, 0, -EPERM, "belongs to user 12345" },
	{ "foreign file, read only", 0444, 0755, OTHER_UID, 0, -EPERM, "belongs to" },
	{ "foreign directory", 0644, 0755, 0, OTHER_UID, -EPERM, "belongs to user" },
	{ "all foreign", 0644, 0755, OTHER_UID, OTHER_UID, -EPERM, "belongs to user" },
	{ "foreign, writable", 0666, 0777, OTHER_UID, 0, -EPERM, "belongs to user" },
	{ "foreign and private", 0600, 0700, OTHER_UID, OTHER_UID, -EPERM, "belongs to" },
};

START_TEST(fault_29_sixteen_owners_and_modes_are_told_apart)
{
	unsigned skipped = 0;
	begin();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		const char *dir = tell_scratch_path("conf");
		const char *file = tell_scratch_path("conf/svc");
		if ((r->file_owner || r->dir_owner) && geteuid() != 0) {
			skipped++;
			continue;
		}
		write_mode("conf/svc", r->file);
		ck_assert_int_eq(chmod(dir, r->dir), 0);
		if (geteuid() == 0) {
			ck_assert_int_eq(chown(file, r->file_owner, 0), 0);
			ck_assert_int_eq(chown(dir, r->dir_owner, 0), 0);
		}
		int got = look("svc");
		ck_assert_msg(got == r->result, "%s: %d", r->what, got);
		ck_assert_uint_eq(report.n, r->said ? 1 : 0);
		if (r->said)
			ck_assert_msg(strstr(report.faults[0].message, r->said) != NULL,
				"%s: %s", r->what, report.faults[0].message);
		ck_assert_int_eq(chmod(dir, 0700), 0);
		ck_assert_int_eq(remove(file), 0);
	}
	printf("# %u of 16 cases skipped: they need root\n", skipped);
	end();
}
END_TEST

START_TEST(links_of_a_config_map_are_followed_to_a_regular_file)
{
	begin();
	ck_assert_int_eq(mkdir(tell_scratch_path("conf/..1"), 0755), 0);
	write_mode("conf/..1/svc", 0644);
	ck_assert_int_eq(symlink("..1", tell_scratch_path("conf/..data")), 0);
	ck_assert_int_eq(symlink("..data/svc", tell_scratch_path("conf/svc")), 0);
	ck_assert_int_eq(look("svc"), 0);
	ck_assert_str_eq(text.path, tell_scratch_path("conf/svc"));
	ck_assert_int_eq(strncmp(text.text, "sink", 4), 0);
	end();
}
END_TEST

START_TEST(a_link_into_a_directory_of_others_is_refused)
{
	begin();
	ck_assert_int_eq(mkdir(tell_scratch_path("open"), 0755), 0);
	write_mode("open/svc", 0644);
	ck_assert_int_eq(chmod(tell_scratch_path("open"), 0777), 0);
	ck_assert_int_eq(symlink("../open/svc", tell_scratch_path("conf/svc")), 0);
	ck_assert_int_eq(look("svc"), -EPERM);
	ck_assert_ptr_nonnull(strstr(report.faults[0].message, "/open"));
	end();
}
END_TEST

static void refused_for(const char *name, const char *directory)
{
	ck_assert_int_eq(look(name), -EPERM);
	size_t len = strlen(report.faults[0].message), n = strlen(directory);
	ck_assert_msg(
		len >= n && strcmp(report.faults[0].message + len - n, directory) == 0,
		"%s", report.faults[0].message);
}

/* conf/deep/er/svc, which is fine. */
static void make_deep(void)
{
	ck_assert_int_eq(mkdir(tell_scratch_path("conf/deep"), 0755), 0);
	ck_assert_int_eq(mkdir(tell_scratch_path("conf/deep/er"), 0755), 0);
	write_mode("conf/deep/er/svc", 0644);
	(void)setenv("TELLTALE_CONFDIR", tell_scratch_path("conf/deep/er"), 1);
	ck_assert_int_eq(look("svc"), 0);
}

START_TEST(each_directory_on_the_way_is_checked_and_named)
{
	begin();
	make_deep();
	ck_assert_int_eq(chmod(tell_scratch_path("conf/deep"), 0777), 0);
	refused_for("svc", "/conf/deep");
	ck_assert_int_eq(chmod(tell_scratch_path("conf/deep"), 0755), 0);
	ck_assert_int_eq(chmod(tell_scratch_path("conf"), 0775), 0);
	refused_for("svc", "/conf");
	/* A sticky one is for all only when it is root's. */
	ck_assert_int_eq(chmod(tell_scratch_path("conf"), 01777), 0);
	ck_assert_int_eq(look("svc"), geteuid() == 0 ? 0 : -EPERM);
	ck_assert_int_eq(chmod(tell_scratch_path("conf"), 0755), 0);
	ck_assert_int_eq(look("svc"), 0);
	if (geteuid() == 0) {
		ck_assert_int_eq(chown(tell_scratch_path("conf"), OTHER_UID, 0), 0);
		ck_assert_int_eq(look("svc"), -EPERM);
		ck_assert_ptr_nonnull(
			strstr(report.faults[0].message, "/conf belongs to user 12345"));
	}
	end();
}
END_TEST

START_TEST(directories_behind_links_are_checked_where_they_are)
{
	begin();
	make_deep();
	ck_assert_int_eq(mkdir(tell_scratch_path("conf/in"), 0755), 0);
	ck_assert_int_eq(symlink("../deep/er/svc", tell_scratch_path("conf/in/svc")), 0);
	ck_assert_int_eq(symlink("deep/er", tell_scratch_path("conf/link")), 0);
	(void)setenv("TELLTALE_CONFDIR", tell_scratch_path("conf/in"), 1);
	ck_assert_int_eq(look("svc"), 0);
	ck_assert_int_eq(chmod(tell_scratch_path("conf/deep"), 0777), 0);
	refused_for("svc", "/conf/deep"); /* the file is a link */
	(void)setenv("TELLTALE_CONFDIR", tell_scratch_path("conf/link"), 1);
	refused_for("svc", "/conf/deep"); /* its directory is one */
	(void)setenv("TELLTALE_CONFDIR", tell_scratch_path("conf/link/../er"), 1);
	refused_for("svc", "/conf/deep");
	ck_assert_int_eq(chmod(tell_scratch_path("conf/deep"), 0755), 0);
	/* The link's own directory counts, too. */
	(void)setenv("TELLTALE_CONFDIR", tell_scratch_path("conf/in"), 1);
	ck_assert_int_eq(chmod(tell_scratch_path("conf/in"), 0775), 0);
	refused_for("svc", "/conf/in");
	end();
}
END_TEST

START_TEST(a_relative_directory_is_checked_up_to_the_root)
{
	begin();
	make_deep();
	ck_assert_int_eq(chdir(tell_scratch_path("conf/deep")), 0);
	(void)setenv("TELLTALE_CONFDIR", "er", 1);
	ck_assert_int_eq(look("svc"), 0);
	ck_assert_int_eq(chmod(tell_scratch_path("conf"), 0777), 0);
	refused_for("svc", "/conf");
	ck_assert_int_eq(chdir("/"), 0);
	end();
}
END_TEST

START_TEST(more_than_a_hundred_directories_are_refused)
{
	begin();
	ck_assert_int_eq(chdir(tell_scratch_path("conf")), 0);
	for (int i = 0; i < 110; i++) {
		ck_assert_int_eq(mkdir("d", 0755), 0);
		ck_assert_int_eq(chdir("d"), 0);
	}
	tell_scratch_write("svc", "sink required journald\n");
	ck_assert_int_eq(chmod("svc", 0644), 0);
	(void)setenv("TELLTALE_CONFDIR", ".", 1);
	ck_assert_int_eq(look("svc"), -ELOOP);
	ck_assert_int_eq(chdir("/"), 0);
	end();
}
END_TEST

START_TEST(what_is_no_regular_file_is_refused_without_waiting)
{
	begin();
	ck_assert_int_eq(mkfifo(tell_scratch_path("conf/svc"), 0644), 0);
	ck_assert_int_eq(look("svc"), -EPERM);
	ck_assert_int_eq(mkdir(tell_scratch_path("conf/dir"), 0755), 0);
	ck_assert_int_eq(look("dir"), -EPERM);
	ck_assert_int_eq(symlink("/dev/null", tell_scratch_path("conf/null")), 0);
	ck_assert_int_eq(look("null"), -EPERM);
	end();
}
END_TEST

START_TEST(over_one_mebibyte_is_refused)
{
	begin();
	write_mode("conf/svc", 0644);
	ck_assert_int_eq(truncate(tell_scratch_path("conf/svc"), (1 << 20) + 1), 0);
	ck_assert_int_eq(look("svc"), -EFBIG);
	ck_assert_int_eq(truncate(tell_scratch_path("conf/svc"), 1 << 20), 0);
	ck_assert_int_eq(look("svc"), 0);
	ck_assert_uint_eq(text.len, 1 << 20);
	end();
}
END_TEST

START_TEST(a_name_does_not_lead_out_of_the_directories)
{
	begin();
	write_mode("svc", 0644);
	ck_assert_int_eq(look("../svc"), -ENOENT);
	ck_assert_int_eq(look(tell_scratch_path("svc")), -ENOENT);
	ck_assert_int_eq(look(".svc"), -ENOENT);
	ck_assert_int_eq(look(""), -ENOENT);
	ck_assert_int_eq(look("svc"), -ENOENT);
	ck_assert_uint_eq(report.n, 0);
	end();
}
END_TEST

START_TEST(an_include_may_name_a_file_by_its_whole_path)
{
	struct tell_spot at = { .file = "here", .line = 3, .column = 1, .source = "x" };
	begin();
	write_mode("svc", 0644);
	ck_assert_int_eq(
		tell_lookup(tell_scratch_path("svc"), &pool, &at, &report, &text), 0);
	write_mode("svc", 0666);
	ck_assert_int_eq(
		tell_lookup(tell_scratch_path("svc"), &pool, &at, &report, &text),
		-EPERM);
	ck_assert_str_eq(report.faults[0].file, "here");
	ck_assert_uint_eq(report.faults[0].line, 3);
	end();
}
END_TEST

static Suite *lookup_suite(void)
{
	Suite *s = suite_create("stack/lookup");
	tell_check_add(s, "trust", fault_29_sixteen_owners_and_modes_are_told_apart,
		links_of_a_config_map_are_followed_to_a_regular_file,
		a_link_into_a_directory_of_others_is_refused,
		each_directory_on_the_way_is_checked_and_named,
		directories_behind_links_are_checked_where_they_are,
		a_relative_directory_is_checked_up_to_the_root,
		more_than_a_hundred_directories_are_refused,
		what_is_no_regular_file_is_refused_without_waiting,
		over_one_mebibyte_is_refused, NULL);
	tell_check_add(s, "names", a_name_does_not_lead_out_of_the_directories,
		an_include_may_name_a_file_by_its_whole_path, NULL);
	return s;
}
TELL_CHECK_MAIN(lookup_suite)
