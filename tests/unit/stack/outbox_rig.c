#include "unit/stack/outbox_rig.h"
#include <check.h>
#include <string.h>
#include "stack/chain.h"
#include "stack/outbox_shared.h"
#include "support/scratch.h"

struct outbox_fake fake;
struct tell_rig outbox_rig;
static void *kept_state;
static const struct tell_module *kept_module;

struct tell_link *link_of(void)
{
	return &outbox_rig.stack->chains[TELL_CHAIN_SINK].links[0];
}

struct tell_outbox *outbox(void)
{
	return link_of()->outbox;
}

static enum tell_verdict run(void *state, struct tell_run *run)
{
	struct tell_value v;
	(void)state;
	fake.batch |= run->batch;
	if (fake.in_vain && fake.in_vain--)
		return TELL_TIMEOUT;
	if (fake.broke || (fake.most && fake.n_seen >= fake.most))
		return TELL_UNAVAILABLE;
	if (fake.answer != TELL_SUCCESS)
		return fake.answer;
	ck_assert(tell_record_get(run->record, "i", 1, &v));
	if (tell_value_u64(&v) == 7 && fake.about_7 != TELL_SUCCESS)
		return fake.about_7;
	ck_assert_uint_lt(fake.n_seen, OUTBOX_SEEN);
	fake.seen[fake.n_seen++] = tell_value_u64(&v);
	fake.n_recovered += (run->record->head->flags & TELL_RECORD_RECOVERED) != 0;
	fake.given += 100;
	return TELL_SUCCESS;
}

static bool progress(void *state, struct tell_progress *p)
{
	(void)state;
	(void)__atomic_fetch_add(&fake.looked, p->look, __ATOMIC_RELAXED);
	if (p->look && fake.broke) {
		fake.broke = false;
		fake.connection++;
		fake.given = fake.confirmed = 0;
	}
	p->connection = fake.connection;
	p->given = fake.given;
	p->confirmed = fake.confirmed;
	return true;
}

static const struct tell_module alone = {
	.abi = TELL_MODULE_ABI, .type = "sink", .name = "fake", .run = run
};
static const struct tell_module connected = { .abi = TELL_MODULE_ABI,
	.type = "sink",
	.name = "fake",
	.run = run,
	.progress = progress };

void outbox_set_up(void)
{
	tell_scratch_make();
	memset(&fake, 0, sizeof(fake));
	fake.answer = fake.about_7 = TELL_SUCCESS;
	tell_rig_open(&outbox_rig,
		"sink required syslog proto=udp host=127.0.0.1 spool=1MiB spool_path=%s",
		tell_scratch_path(""));
	outbox_rig.run.run_id = 42;
	kept_state = link_of()->state;
	kept_module = link_of()->module;
	link_of()->state = NULL;
	link_of()->module = &alone;
	link_of()->run = run;
}

void outbox_tear_down(void)
{
	link_of()->state = kept_state;
	link_of()->module = kept_module;
	tell_rig_close(&outbox_rig);
	tell_scratch_remove();
}

void connect_it(void)
{
	link_of()->module = &connected;
}

enum tell_verdict say(uint64_t i)
{
	link_of()->breaker.retry_ns = 0; /* no pause is waited for here */
	return tell_rig_log(&outbox_rig, TELL_INFO, "it", tell_u64("i", i));
}

void say_all(uint64_t from, uint64_t to, enum tell_verdict expected)
{
	for (uint64_t i = from; i <= to; i++)
		ck_assert_int_eq(say(i), expected);
}

void pump(void)
{
	link_of()->breaker.retry_ns = 0;
	(void)tell_stack_pump(outbox_rig.stack, &outbox_rig.run);
}

uint64_t waiting(void)
{
	struct tell_outbox_stats s;
	tell_outbox_stats(outbox(), &s);
	return s.waiting;
}

void expect_seen(uint64_t at, uint64_t from, uint64_t to)
{
	for (uint64_t i = from; i <= to; i++, at++) {
		ck_assert_uint_lt(at, fake.n_seen);
		ck_assert_uint_eq(fake.seen[at], i);
	}
}

void expect_ledger(uint64_t success, uint64_t spooled, uint64_t dropped)
{
	uint64_t sum = 0;
	for (size_t v = 0; v < TELL_N_VERDICTS; v++)
		sum += link_of()->verdicts[v];
	ck_assert_uint_eq(link_of()->verdicts[TELL_SUCCESS], success);
	ck_assert_uint_eq(link_of()->verdicts[TELL_SPOOLED], spooled);
	ck_assert_uint_eq(sum, success + spooled + dropped);
}
