#include "unit/api/reload_fixture.h"

/* ---- a thousand, under load ---- */

#define N_THREADS 4
#define N_RELOADS 1000
#define N_RECORDS 100000 /* of a thread at most */

static int stop;
static uint32_t n_logged[N_THREADS];
static uint8_t seen[N_THREADS][N_RECORDS];

static void *log_all(void *arg)
{
	uint32_t me = *(const uint32_t *)arg, n = 0;
	for (; n < N_RECORDS && !__atomic_load_n(&stop, __ATOMIC_ACQUIRE); n++) {
		tell_warning("load", tell_kv("thread", me), tell_kv("n", n));
		if (n % 8 == 0)
			(void)usleep(200);
	}
	n_logged[me] = n;
	return NULL;
}

static void write_generation(const char *more, unsigned generation)
{
	char lines[256];
	(void)snprintf(lines, sizeof(lines),
		"%senrich required set first=%u\nenrich required set second=%u\n", more,
		generation, generation);
	write_stack("shop", lines, generation % 2 ? "b" : "a");
}

static unsigned number_in(const char *line, const char *name)
{
	const char *at = strstr(line, name);
	ck_assert_msg(at != NULL, "no %s in %s", name, line);
	at += strlen(name);
	return (unsigned)strtoul(at + (*at == '"'), NULL, 10);
}

static void read_log(const char *name, bool sync, unsigned odd)
{
	static char line[4096];
	FILE *f = fopen(tell_scratch_path(name), "re");
	ck_assert_ptr_nonnull(f);
	while (fgets(line, sizeof(line), f)) {
		if (!strstr(line, "\"load\""))
			continue;
		unsigned generation = number_in(line, "\"first\":");
		ck_assert_uint_eq(number_in(line, "\"second\":"), generation);
		if (sync) /* the sink is of the same stack, too */
			ck_assert_uint_eq(generation % 2, odd);
		unsigned thread = number_in(line, "\"thread\":");
		unsigned n = number_in(line, "\"n\":");
		ck_assert(thread < N_THREADS && n < n_logged[thread]);
		ck_assert_uint_eq(seen[thread][n]++, 0);
	}
	(void)fclose(f);
}

static void reload_a_thousand_times(const char *more)
{
	pthread_t threads[N_THREADS];
	uint32_t ids[N_THREADS];
	write_generation(more, 0);
	ck_assert_int_eq(tell_init("shop"), 0);
	for (uint32_t i = 0; i < N_THREADS; i++) {
		ids[i] = i;
		ck_assert_int_eq(pthread_create(&threads[i], NULL, log_all, &ids[i]), 0);
	}
	for (unsigned i = 1; i <= N_RELOADS; i++) {
		write_generation(more, i);
		ck_assert_int_eq(tell_reload(), 0);
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
	for (size_t i = 0; i < N_THREADS; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	ck_assert_int_eq(tell_flush(10000), 0);
	struct tell_stack_stats sum;
	tell_service_stats(&tell_process.main, &sum);
	ck_assert_uint_eq(sum.undelivered + sum.dropped + sum.filtered + sum.queued, 0);
	tell_close();
	read_log("a", !*more, 0);
	read_log("b", !*more, 1);
	for (size_t i = 0; i < N_THREADS; i++)
		for (uint32_t n = 0; n < n_logged[i]; n++)
			ck_assert_msg(
				seen[i][n] == 1, "record %u of thread %zu is lost", n, i);
}

START_TEST(a_thousand_reloads_under_load_lose_double_and_mix_nothing)
{
	reload_a_thousand_times("");
}
END_TEST

START_TEST(so_do_a_thousand_with_a_queue)
{
	reload_a_thousand_times("queue required ring\n");
}
END_TEST

static Suite *reload_storm_suite(void)
{
	Suite *s = suite_create("api/reload_storm");
	TCase *tc = tcase_create("reload_storm");
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, a_thousand_reloads_under_load_lose_double_and_mix_nothing);
	tcase_add_test(tc, so_do_a_thousand_with_a_queue);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(reload_storm_suite)
