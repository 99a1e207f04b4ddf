#include "tool/forward_numbers.h"
#include <math.h>
#include <pthread.h>
#include <telltale/metric.h>
#include "base/clock.h"
#include "meter/registry.h"

#define FAMILY(name) "telltale_forward_" name

static const struct {
	const char *name, *help;
	const char *reason; /* of a family with two labels */
} counters[TELL_WAY_N_COUNTS] = {
	[TELL_WAY_READ] = { FAMILY("read_total"), "Entries read.", NULL },
	[TELL_WAY_SENT] = { FAMILY("sent_total"),
		"Records that the receiver acknowledged.", NULL },
	[TELL_WAY_REQUESTS] = { FAMILY("requests_total"), "Requests that were answered.",
		NULL },
	[TELL_WAY_RETRIES] = { FAMILY("retries_total"),
		"Requests without an answer, or refused for now.", NULL },
	[TELL_WAY_BYTES] = { FAMILY("sent_bytes_total"),
		"Bytes of all requests, as sent.", NULL },
	[TELL_WAY_FILTERED] = { FAMILY("passed_over_total"),
		"Records that are not to be shipped, or cannot be.", "filtered" },
	[TELL_WAY_OLD] = { FAMILY("passed_over_total"),
		"Records that are not to be shipped, or cannot be.", "old" },
	[TELL_WAY_UNFIT] = { FAMILY("passed_over_total"),
		"Records that are not to be shipped, or cannot be.", "unfit" },
	[TELL_WAY_REFUSED] = { FAMILY("refused_total"),
		"Records that the receiver refused for good.", NULL },
	[TELL_WAY_ASIDE] = { FAMILY("set_aside_total"),
		"Refused records that are kept in a file.", NULL },
	[TELL_WAY_ASTRAY] = { FAMILY("astray_total"),
		"Records sent to the default tenant, for theirs cannot be.", NULL },
	[TELL_WAY_LESSENED] = { FAMILY("lessened_total"),
		"Records sent with fewer labels, for there are too many streams.", NULL },
	[TELL_WAY_GAPS] = { FAMILY("gaps_total"),
		"Places where records were gone before they were shipped.", NULL },
	[TELL_WAY_DAMAGED] = { FAMILY("damaged_total"), "Entries that could not be read.",
		NULL },
	[TELL_WAY_MISSING] = { FAMILY("missing_total"),
		"Entries that the journal should have and has not, at most.", NULL },
	[TELL_WAY_RESTARTS] = { FAMILY("restarts_total"), "Starts of a way that broke.",
		NULL },
};

/* A way's counters, and how much of them was counted already. */
struct shown {
	struct tell_way *way;
	struct tell_counter *counters[TELL_WAY_N_COUNTS];
	uint64_t counted[TELL_WAY_N_COUNTS];
	struct tell_callback *asked[4];
};

static struct shown shown[TELL_WAYS_MAX]; /* as there is one board */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* What came in addition since somebody last looked. */
static void count(struct shown *s)
{
	(void)pthread_mutex_lock(&lock); /* a default mutex: no errors */
	for (size_t i = 0; i < TELL_WAY_N_COUNTS; i++) {
		uint64_t now = tell_way_get(&s->way->counts[i]);
		if (now > s->counted[i])
			tell_counter_add(s->counters[i], now - s->counted[i]);
		if (now > s->counted[i])
			s->counted[i] = now;
	}
	(void)pthread_mutex_unlock(&lock);
}

static uint64_t now_us(void)
{
	return tell_clock_realtime_ns() / 1000;
}

/* A gauge's function is what is called before anybody collects: the counters go along. */
static double lag_seconds(void *arg)
{
	struct shown *s = arg;
	count(s);
	return tell_way_get(&s->way->ended)
		? (double)NAN
		: (double)tell_way_lag_us(s->way, now_us()) / 1e6;
}

static double lag_bytes(void *arg)
{
	const struct shown *s = arg;
	return tell_way_get(&s->way->ended) ? (double)NAN
					    : (double)tell_way_get(&s->way->left);
}

static double up(void *arg)
{
	const struct shown *s = arg;
	return !tell_way_get(&s->way->ended) && !tell_way_get(&s->way->away_us);
}

static double away_seconds(void *arg)
{
	const struct shown *s = arg;
	return (double)tell_way_away_us(s->way, now_us()) / 1e6;
}

static const struct {
	const char *name, *help;
	double (*read)(void *arg);
} gauges[] = {
	{ FAMILY("lag_seconds"), "Age of the oldest record that waits; 0: none does.",
		lag_seconds },
	{ FAMILY("lag_bytes"), "Bytes to read of files; of a journal about so many.",
		lag_bytes },
	{ FAMILY("up"), "Whether the receiver took, or refused, what it was last sent.",
		up },
	{ FAMILY("away_seconds"), "How long the receiver has taken nothing; 0: it does.",
		away_seconds },
};
#define N_GAUGES (sizeof(gauges) / sizeof(gauges[0]))

static int open_counters(struct shown *s)
{
	for (size_t i = 0; i < TELL_WAY_N_COUNTS; i++) {
		const char *const values[] = { s->way->name, counters[i].reason };
		size_t n = values[1] ? 2 : 1;
		struct tell_family *f;
		int r = tell_family_ours(&f, TELL_METRIC_COUNTER, counters[i].name,
			counters[i].help, n == 2 ? "way reason" : "way");
		if (r < 0)
			return r;
		s->counters[i] = &tell_family_with(f, values, n, true)->number.counter;
	}
	return 0;
}

static int open_gauges(struct shown *s)
{
	for (size_t i = 0; i < N_GAUGES; i++) {
		const char *const values[] = { s->way->name };
		struct tell_family *f;
		int r = tell_family_ours(
			&f, TELL_METRIC_GAUGE, gauges[i].name, gauges[i].help, "way");
		if (r == 0)
			r = tell_gauge_callback(&s->asked[i],
				&tell_family_with(f, values, 1, true)->number.gauge,
				gauges[i].read, s);
		if (r < 0)
			return r;
	}
	return 0;
}

int tell_forward_numbers_open(struct tell_board *board)
{
	int r = 0;
	for (size_t i = 0; i < board->n && r == 0; i++) {
		shown[i].way = &board->ways[i];
		r = open_counters(&shown[i]);
		if (r == 0)
			r = open_gauges(&shown[i]);
	}
	return r;
}
