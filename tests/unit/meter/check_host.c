#include "meter/host.h"
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <unistd.h>
#include "base/buf.h"
#include "meter/host_part.h"
#include "support/check_main.h"
#include "support/golden.h"
#include "support/scratch.h"

static struct tell_buf seen;
static char family_now[100];

static void family(void *arg, const struct tell_metric *m)
{
	(void)arg;
	ck_assert(*m->help);
	(void)snprintf(family_now, sizeof(family_now), "%s%s", m->name,
		m->kind == TELL_METRIC_COUNTER ? "_total" : "");
}

static void sample(
	void *arg, const struct tell_label *labels, size_t n, struct tell_reading value)
{
	(void)arg;
	tell_buf_puts(&seen, family_now);
	for (size_t i = 0; i < n; i++)
		tell_buf_printf(&seen, "%c%s=\"%s\"%s", i ? ',' : '{', labels[i].name,
			labels[i].value, i + 1 == n ? "}" : "");
	if (value.whole)
		tell_buf_printf(&seen, " %llu\n", (unsigned long long)value.u64);
	else
		tell_buf_printf(&seen, " %.6f\n", value.f64);
}

static const struct tell_collector to = { family, sample, NULL };

static void collect(void)
{
	tell_buf_clear(&seen);
	tell_collect_host(&to);
}

/* Without the filesystem, which no directory can play. */
static void collect_below(const char *proc)
{
	tell_buf_clear(&seen);
	tell_host_cpu(&to, proc);
	tell_host_memory(&to, proc);
	tell_host_network(&to, proc);
	tell_host_pressure(&to, proc);
}

/* NaN: it is left out. */
static double get(const char *series)
{
	size_t n = strlen(series);
	for (const char *at = tell_buf_cstr(&seen); *at; at = strchr(at, '\n') + 1)
		if (strncmp(at, series, n) == 0 && at[n] == ' ')
			return strtod(at + n, NULL);
	return (double)NAN;
}

/* ---- trees of a test's own ---- */

static void check_tree(const char *name)
{
	const char *top = getenv("top_srcdir");
	char path[1000];
	(void)snprintf(
		path, sizeof(path), "%s/tests/golden/host/%s", top ? top : ".", name);
	collect_below(path);
	(void)snprintf(path, sizeof(path), "host/%s.shown", name);
	const char *fault = golden_fault(path, tell_buf_cstr(&seen), seen.len);
	ck_assert_msg(!fault, "%s", fault);
}

START_TEST(a_server_has_it_all)
{
	check_tree("server");
}
END_TEST

START_TEST(what_an_old_kernel_does_not_say_is_left_out)
{
	check_tree("old");
}
END_TEST

START_TEST(lines_that_are_not_as_they_should_be_are_left_out)
{
	check_tree("hostile");
}
END_TEST

START_TEST(without_proc_there_is_nothing)
{
	collect_below("/nonexistent");
	ck_assert_uint_eq(seen.len, 0);
	tell_host_filesystem(&to, "/nonexistent");
	ck_assert_uint_eq(seen.len, 0);
}
END_TEST

START_TEST(interfaces_beyond_the_limit_are_summed_up)
{
	struct tell_buf text = { 0 };
	const unsigned n = TELL_HOST_INTERFACES + 68;
	for (unsigned i = 0; i < n; i++)
		tell_buf_printf(&text, "  veth%u: 1 2 3 4 0 0 0 0 5 6 7 8 0 0 0 0\n", i);
	tell_scratch_make();
	ck_assert_int_eq(mkdir(tell_scratch_path("net"), 0700), 0);
	tell_scratch_write(tell_scratch_path("net/dev"), tell_buf_cstr(&text));
	collect_below(tell_scratch_path("."));
#define SERIES(name, interface, way)                                                     \
	name "{network_interface_name=\"" interface "\",network_io_direction=\"" way "\"}"
	ck_assert_double_eq(
		get(SERIES("system_network_io_bytes_total", "veth31", "receive")), 1);
	ck_assert(
		isnan(get(SERIES("system_network_io_bytes_total", "veth32", "receive"))));
	ck_assert_double_eq(
		get(SERIES("system_network_io_bytes_total", "other", "receive")), 68);
	ck_assert_double_eq(
		get(SERIES("system_network_packet_count_total", "other", "transmit")),
		6 * 68);
	ck_assert_double_eq(
		get(SERIES("system_network_errors_total", "other", "transmit")), 7 * 68);
	ck_assert_double_eq(
		get(SERIES("system_network_packet_dropped_total", "other", "transmit")),
		8 * 68);
	tell_scratch_remove();
	tell_buf_done(&text);
}
END_TEST

/* ---- the real one, beside what others say of it ---- */

START_TEST(memory_is_as_sysinfo_has_it)
{
	struct sysinfo info;
	collect();
	ck_assert_int_eq(sysinfo(&info), 0);
	ck_assert_double_eq(
		get("system_memory_limit_bytes"), (double)info.totalram * info.mem_unit);
	ck_assert_double_eq(
		get("system_paging_usage_bytes{system_paging_state=\"used\"}") +
			get("system_paging_usage_bytes{system_paging_state=\"free\"}"),
		(double)info.totalswap * info.mem_unit);
	double all = 0;
	const char *states[] = { "used", "free", "buffers", "cached" };
	for (size_t i = 0; i < 4; i++) {
		char series[100];
		(void)snprintf(series, sizeof(series),
			"system_memory_usage_bytes{system_memory_state=\"%s\"}",
			states[i]);
		all += get(series);
	}
	ck_assert_double_eq(all, get("system_memory_limit_bytes"));
	double available = get("system_linux_memory_available_bytes");
	ck_assert(available > 0 && available <= get("system_memory_limit_bytes"));
}
END_TEST

/* Of all lines "cpuN", where the collector reads the line "cpu". */
static double user_of_each(void)
{
	FILE *in = fopen("/proc/stat", "re");
	char line[4096];
	unsigned long long user, sum = 0;
	ck_assert_ptr_nonnull(in);
	while (fgets(line, sizeof(line), in))
		if (line[3] != ' ' && sscanf(line, "cpu%*u %llu", &user) == 1)
			sum += user;
	(void)fclose(in);
	return (double)sum / (double)sysconf(_SC_CLK_TCK);
}

START_TEST(cpu_time_is_that_of_each_processor)
{
	double cpus = (double)sysconf(_SC_NPROCESSORS_ONLN);
	double before = user_of_each();
	collect();
	double user = get("system_cpu_time_seconds_total{cpu_mode=\"user\"}");
	/* Each processor's is rounded down by itself. */
	ck_assert(user >= before - 0.02);
	ck_assert(user <= user_of_each() + 0.02 * cpus);
	ck_assert(get("system_cpu_time_seconds_total{cpu_mode=\"idle\"}") > 0);
}
END_TEST

static double from_sys(const char *interface)
{
	char path[300], text[40] = "";
	(void)snprintf(
		path, sizeof(path), "/sys/class/net/%s/statistics/rx_bytes", interface);
	FILE *in = fopen(path, "re");
	if (!in)
		return (double)NAN;
	bool got = fgets(text, sizeof(text), in);
	(void)fclose(in);
	return got ? strtod(text, NULL) : (double)NAN;
}

START_TEST(interfaces_are_as_sysfs_has_them)
{
	DIR *dir = opendir("/sys/class/net");
	for (struct dirent *d; dir && (d = readdir(dir));) {
		char series[400];
		double before = from_sys(d->d_name);
		collect();
		double after = from_sys(d->d_name);
		(void)snprintf(series, sizeof(series),
			SERIES("system_network_io_bytes_total", "%s", "receive"),
			d->d_name);
		double shown = get(series);
		/* More of them than are named, or another namespace's /sys: nothing to compare. */
		if (!isnan(shown) && !isnan(before) && !isnan(after))
			ck_assert_msg(before <= shown && shown <= after, "%s: %f %f %f",
				d->d_name, before, shown, after);
	}
	if (dir)
		(void)closedir(dir);
}
END_TEST

START_TEST(the_filesystem_is_all_of_it)
{
	collect();
#define FS(state)                                                                        \
	get("system_filesystem_usage_bytes{system_filesystem_mountpoint=\"/\","          \
	    "system_filesystem_state=\"" state "\"}")
	ck_assert(FS("used") >= 0 && FS("free") >= 0 && FS("reserved") >= 0);
	ck_assert(FS("used") + FS("free") + FS("reserved") > 0);
}
END_TEST

START_TEST(a_line_wants_it_and_takes_it_back)
{
	ck_assert(!tell_host_wanted());
	tell_host_want(true);
	tell_host_want(true);
	tell_host_want(false);
	ck_assert(tell_host_wanted());
	tell_host_want(false);
	ck_assert(!tell_host_wanted());
}
END_TEST

static Suite *host_suite(void)
{
	Suite *s = suite_create("meter/host");
	tell_check_add(s, "played", a_server_has_it_all,
		what_an_old_kernel_does_not_say_is_left_out,
		lines_that_are_not_as_they_should_be_are_left_out,
		without_proc_there_is_nothing, interfaces_beyond_the_limit_are_summed_up,
		NULL);
	tell_check_add(s, "real", memory_is_as_sysinfo_has_it,
		cpu_time_is_that_of_each_processor, interfaces_are_as_sysfs_has_them,
		the_filesystem_is_all_of_it, NULL);
	tell_check_add(s, "wanted", a_line_wants_it_and_takes_it_back, NULL);
	return s;
}
TELL_CHECK_MAIN(host_suite)
