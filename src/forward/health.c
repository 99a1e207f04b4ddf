/* health forward: is each way of this forwarder well? It asks nobody: they say themselves how they
 * are, see board.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "forward/board.h"
#include "forward/target.h"
#include "health/probe.h"

#define SILENT_NS (150 * TELL_NS_PER_SEC) /* an idle minute, and a breath */

static const struct tell_option options[] = {
	{ "lag", TELL_OPTION_DURATION, "15m", NULL,
		"it is degraded when a record waits for longer", false },
	{ "away", TELL_OPTION_DURATION, "5m", NULL,
		"it is unhealthy when a receiver takes nothing for longer; degraded before",
		false },
	TELL_OPTION_CHECK,
	{ 0 },
};

struct bounds {
	uint64_t lag_us, away_us;
};

static int open_forward(
	void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	if (strcmp(tell_args_service(args), TELL_FORWARD_SERVICE) != 0)
		return tell_refuse(why, -EPERM, NULL,
			"write it into the file of " TELL_FORWARD_SERVICE,
			"only a forwarder has ways");
	struct bounds *b = calloc(1, sizeof(*b));
	if (!b)
		return -ENOMEM;
	b->lag_us = tell_args_u64(args, "lag") / 1000;
	b->away_us = tell_args_u64(args, "away") / 1000;
	*ret = b;
	return 0;
}

/* How a way is, and why. */
struct found {
	enum tell_verdict verdict;
	const char *what;
	uint64_t us;
};

static struct found look(const struct bounds *b, const struct tell_way *w)
{
	uint64_t now_us = tell_clock_realtime_ns() / 1000;
	uint64_t away_us = tell_way_away_us(w, now_us),
		 lag_us = tell_way_lag_us(w, now_us);
	uint64_t beat_ns = tell_way_get(&w->beat_ns);
	uint64_t now_ns = tell_clock_monotonic_ns();
	if (tell_way_get(&w->ended))
		return (struct found){ TELL_FAILED, "it has ended", 0 };
	if (beat_ns && now_ns > beat_ns + SILENT_NS)
		return (struct found){ TELL_TIMEOUT, "it has hung for",
			(now_ns - beat_ns) / 1000 };
	if (away_us)
		return (struct found){ away_us > b->away_us ? TELL_UNAVAILABLE
							    : TELL_SPOOLED,
			"its receiver has taken nothing for", away_us };
	if (lag_us > b->lag_us)
		return (struct found){ TELL_SPOOLED, "a record has waited for", lag_us };
	return (struct found){ TELL_SUCCESS, "", 0 };
}

static int badness(const struct found *f)
{
	return f->verdict == TELL_SUCCESS ? 0 : f->verdict == TELL_SPOOLED ? 1 : 2;
}

static enum tell_verdict say(
	struct tell_run *run, const struct tell_way *w, const struct found *f)
{
	char time[TELL_DURATION_MAX_CHARS + 1] = "";
	if (f->us) /* whole seconds */
		*tell_put_duration_ns(time, f->us / 1000000 * TELL_NS_PER_SEC) = '\0';
	return tell_probe_say(
		run, f->verdict, "%s: %s%s%s", w->name, f->what, *time ? " " : "", time);
}

/* The worst of them is said. */
static enum tell_verdict run_forward(void *state, struct tell_run *run)
{
	const struct tell_board *board = tell_board_get();
	const struct tell_way *way = NULL;
	struct found worst = { TELL_SUCCESS, "", 0 };
	if (!board)
		return TELL_IGNORE; /* another tool has loaded the stack */
	for (size_t i = 0; i < board->n; i++) {
		struct found f = look(state, &board->ways[i]);
		if (badness(&f) <= badness(&worst))
			continue;
		worst = f;
		way = &board->ways[i];
	}
	return way ? say(run, way, &worst) : TELL_SUCCESS;
}

const struct tell_module tell_health_forward = {
	TELL_MODULE_ABI,
	"health",
	"forward",
	"looks whether records get through",
	.options = options,
	.open = open_forward,
	.run = run_forward,
	.close = free,
};
