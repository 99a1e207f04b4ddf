#include "base/generation.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/check_main.h"
#include "support/scratch.h"

#define TIME_NS (UINT64_C(1795226767) * TELL_NS_PER_SEC) /* 2026-11-21T02:06:07Z */

START_TEST(a_name_is_read_back)
{
	char name[TELL_GENERATION_MAX];
	struct tell_generation g;
	tell_generation_name(name, "shop.jsonl", 42, TIME_NS + 5);
	ck_assert_str_eq(name, "shop.jsonl.000042.20261121T020607Z");
	ck_assert_uint_eq(tell_generation_base(name, &g), strlen("shop.jsonl"));
	ck_assert_uint_eq(g.number, 42);
	ck_assert_uint_eq(g.ended_ns, TIME_NS);
	ck_assert_int_eq(g.form, TELL_GENERATION_PLAIN);
	tell_generation_name(name, "x", 1234567, TIME_NS);
	ck_assert_str_eq(name, "x.1234567.20261121T020607Z");
	ck_assert_uint_eq(tell_generation_base(name, NULL), 1);
	ck_assert_uint_eq(tell_generation_base("x.000001.20261121T020607Z.zst", &g), 1);
	ck_assert_int_eq(g.form, TELL_GENERATION_ZSTD);
	ck_assert_uint_eq(tell_generation_base("x.000001.20261121T020607Z.gz", &g), 1);
	ck_assert_int_eq(g.form, TELL_GENERATION_GZIP);
}
END_TEST

START_TEST(any_other_name_is_somebody_elses)
{
	static const char *const names[] = { "", "x", "x.1", "x.000001",
		".000001.20261121T020607Z", "x.00001.20261121T020607Z",
		"x.0000001.20261121T020607Z", "x.00000a.20261121T020607Z",
		"x.000001.20261121T020607", "x.000001.20261121t020607Z",
		"x.000001.20261321T020607Z", "x.000001.20261121T250607Z",
		"x.000001.2026112TT020607Z", "x.000001.20261121T020607Z.zst.tmp",
		"x.000001.20261121T020607Z.bz2", "x.000001.20261121T020607Z.zst.gz",
		"x.000001.20261121T020607Z~", "x.1234567890123.20261121T020607Z",
		"x..20261121T020607Z", "x000001.20261121T020607Z" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ck_assert_msg(tell_generation_base(names[i], NULL) == 0, "%s", names[i]);
}
END_TEST

START_TEST(a_list_has_the_logs_own_files_in_order)
{
	static const char *const names[] = { "log", "log.000010.20261121T020607Z",
		"log.000009.20261122T020607Z.zst", "log.000010.20261121T020607Z.gz",
		"log2.000001.20261121T020607Z", "a.log.000001.20261121T020607Z",
		"log.1.000001.20261121T020607Z", "log.1" };
	struct tell_generations all;
	tell_scratch_make();
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		tell_scratch_write(tell_scratch_path(names[i]), "one\n");
	ck_assert_int_eq(
		symlink("log", tell_scratch_path("log.000011.20261121T020607Z")), 0);
	ck_assert_int_eq(
		mkdir(tell_scratch_path("log.000012.20261121T020607Z"), 0700), 0);
	int dir = open(tell_scratch_path(""), O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(tell_generations_list(&all, dir, "log"), 0);
	ck_assert_uint_eq(all.n, 3);
	ck_assert_str_eq(all.list[0].name, names[2]);
	ck_assert_str_eq(all.list[1].name, names[1]);
	ck_assert_str_eq(all.list[2].name, names[3]);
	ck_assert_uint_eq(all.list[0].bytes, 4);
	tell_generations_done(&all);
	(void)close(dir);
	tell_scratch_remove();
}
END_TEST

START_TEST(a_name_too_long_is_known_before)
{
	char base[256];
	memset(base, 'x', sizeof(base));
	base[200] = '\0';
	ck_assert(tell_generation_fits(base));
	base[200] = 'x';
	base[230] = '\0';
	ck_assert(!tell_generation_fits(base));
}
END_TEST

static Suite *generation_suite(void)
{
	Suite *s = suite_create("sink/generation");
	tell_check_add(s, "generation", a_name_is_read_back,
		any_other_name_is_somebody_elses, a_list_has_the_logs_own_files_in_order,
		a_name_too_long_is_known_before, NULL);
	return s;
}

TELL_CHECK_MAIN(generation_suite)
