#include "queue/quick.h"
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "record/slot.h"
#include "support/check_main.h"
#include "support/unit.h"

/* The promise of the short way: its block is the one that the long way makes, byte for byte
 * but for its time. Both are made here and compared. */
#define SIZE 65536u
#define TIME 123456789u

static struct {
	struct tell_lane_head head;
	char ring[SIZE];
} shared __attribute__((aligned(64)));
static struct tell_lane lane;
static struct tell_record context;
static struct tell_head model; /* what both heads say */

static void set_up(void)
{
	memset(&shared, 0xa5, sizeof(shared)); /* what was there before must not show */
	memset(&shared.head, 0, sizeof(shared.head));
	tell_lane_init(&lane, &shared.head, SIZE, 5);
	model = (struct tell_head){ .run = 42,
		.lane = 5,
		.flags = TELL_RECORD_TICKS,
		.pid = 77,
		.tid = 78,
		.place = 3,
		.level = 4 };
	memset(&context, 0, sizeof(context));
}

static void tear_down(void)
{
	tell_record_done(&context);
}

static void plan_make(
	struct tell_quick_plan *plan, const struct tell_field *fields, size_t n)
{
	*plan = (struct tell_quick_plan){
		.place = model.place, .n = (uint16_t)n, .whole = true
	};
	for (size_t i = 0; i < n; i++) {
		const struct tell_key *k = tell_key_of(fields[i].key, fields[i].key_len);
		plan->field[i] = (struct tell_quick_field){ fields[i].key,
			tell_quick_kind(&fields[i]), k->id, 0, 0 };
	}
	tell_quick_plan_end(plan, model.level);
}

static bool put_quick(const struct tell_quick_plan *plan, const char *message,
	const struct tell_field *fields)
{
	struct tell_quick_self self = { .lane = &lane };
	memcpy(&self.run_lane_flags, &model.run, 8);
	memcpy(&self.pid_tid, &model.pid, 8);
	return tell_quick_put(
		&self, plan, context.head, TIME, message, strlen(message), fields);
}

/* The long way's block, in r. */
static void make_long(struct tell_record *r, const char *message,
	const struct tell_field *fields, size_t n, uint64_t seq)
{
	memset(r, 0, sizeof(*r));
	ck_assert_int_eq(tell_record_begin(r, model.level, TELL_KIND_LOG), 0);
	tell_record_message(r, message, strlen(message));
	if (context.head)
		tell_record_splice(r, &context, false);
	tell_record_add(r, fields, n, 0, NULL);
	r->head->realtime_ns = TIME;
	r->head->seq = seq;
	memcpy(&r->head->run, &model.run, 8);
	memcpy(&r->head->pid, &model.pid, 8);
	r->head->place = model.place;
}

/* True: it went, and is the same. */
static bool same(const char *message, const struct tell_field *fields, size_t n)
{
	struct tell_quick_plan plan;
	struct tell_record r;
	size_t len;
	bool bad;
	uint64_t seq = lane.n_numbered + 1;
	plan_make(&plan, fields, n);
	if (!put_quick(&plan, message, fields)) {
		tell_unit_expect(lane.n_numbered + 1 == seq, "a number without a record");
		tell_unit_expect(!tell_lane_next(&lane, &len, &bad), "half a record");
		return false;
	}
	const void *block = tell_lane_next(&lane, &len, &bad);
	tell_unit_expect(block && !bad, "nothing came");
	make_long(&r, message, fields, n, seq);
	tell_unit_expect(
		len == r.head->size, "%zu, not %u bytes: %s", len, r.head->size, message);
	if (memcmp(block, r.head, len) != 0)
		for (size_t i = 0; i < len; i++)
			tell_unit_expect(
				((const char *)block)[i] == ((const char *)r.head)[i],
				"byte %zu of %zu differs", i, len);
	struct tell_record view;
	tell_unit_expect(tell_record_view(&view, block, len) == 0, "no record");
	tell_record_done(&r);
	tell_lane_skip(&lane);
	tell_lane_done(&lane);
	return true;
}

/* Text in memory that ends where the text does, for ASan. */
static char *text_of(size_t n)
{
	char *s = malloc(n + 1);
	for (size_t i = 0; i < n; i++)
		s[i] = (char)('a' + i % 26);
	s[n] = '\0';
	return s;
}

START_TEST(messages_and_texts_of_every_length_are_the_same)
{
	for (size_t n = 1; n <= 100; n++) {
		char *message = text_of(n);
		for (size_t k = 0; k <= 100; k++) {
			char *value = text_of(k);
			struct tell_field f[] = { tell_str("said", value),
				tell_strn("part", value, k / 2) };
			ck_assert(same(message, f, 2));
			free(value);
		}
		ck_assert(same(message, NULL, 0));
		free(message);
	}
}
END_TEST

START_TEST(every_type_is_the_same_or_takes_the_long_way)
{
	static const uint8_t id[16] = { 1, 2, 3 };
	struct sockaddr sa = { .sa_family = AF_UNIX };
	const struct tell_field quick[] = { tell_bool("b", true), tell_i64("i", -5),
		tell_u64("u", UINT64_MAX), tell_f64("f", 0.1), tell_ns("took", 7),
		tell_time("when", (struct timespec){ 9, 7 }), tell_str("s", "text") };
	const struct tell_field slow[] = { tell_bytes("y", "\0\1", 2),
		tell_hex("h", "\0\1", 2), tell_id128("id", id),
		tell_sockaddr("peer", &sa, sizeof(sa)), tell_secret("pin", "1"),
		tell_str("none", NULL) };
	for (size_t i = 0; i < sizeof(quick) / sizeof(quick[0]); i++)
		ck_assert_msg(same("m", &quick[i], 1), "%zu", i);
	ck_assert(same("m", quick, sizeof(quick) / sizeof(quick[0])));
	/* What is not made here is never made: the plan says so (api/log.c), and where the
	 * type of a value changes, its plan does not fit. */
	for (size_t i = 0; i < sizeof(slow) / sizeof(slow[0]); i++) {
		struct tell_quick_plan plan;
		struct tell_field f = quick[6];
		plan_make(&plan, &f, 1);
		f = slow[i];
		f.key = plan.field[0].key;
		if (f.type != TELL_TYPE_STR)
			ck_assert_msg(!put_quick(&plan, "m", &f), "%zu", i);
	}
}
END_TEST

START_TEST(another_key_or_type_at_its_place_goes_the_long_way)
{
	struct tell_quick_plan plan;
	const struct tell_field f = tell_i64("n", 1);
	plan_make(&plan, &f, 1);
	struct tell_field other = tell_i64("other", 1), text = tell_str("n", "1");
	other.key = "other";
	text.key = f.key;
	ck_assert(!put_quick(&plan, "m", &other));
	ck_assert(!put_quick(&plan, "m", &text));
	ck_assert(put_quick(&plan, "m", &f));
}
END_TEST

START_TEST(scopes_are_carried_as_they_are)
{
	const struct tell_field scope[] = { tell_str("request_id", "r-1"),
		tell_i64("tenant", 7), tell_bytes("raw", "\0x", 2) };
	const struct tell_field own = tell_str("user", "ann");
	ck_assert_int_eq(tell_record_begin(&context, 0, 0), 0);
	tell_record_add(&context, scope, 3, TELL_SLOT_SCOPE, NULL);
	ck_assert(same("with a scope", &own, 1));
	ck_assert(same("with a scope alone", NULL, 0));
}
END_TEST

START_TEST(sixteen_fields_and_records_up_to_a_quarter_lane)
{
	struct tell_field f[TELL_QUICK_FIELDS];
	static const char *const keys[TELL_QUICK_FIELDS] = { "k0", "k1", "k2", "k3", "k4",
		"k5", "k6", "k7", "k8", "k9", "k10", "k11", "k12", "k13", "k14", "k15" };
	unsigned went = 0, refused = 0;
	for (size_t n = 0; n < 2000; n += 7) {
		char *value = text_of(n);
		for (size_t i = 0; i < TELL_QUICK_FIELDS; i++)
			f[i] = i % 3 ? tell_str(keys[i], value)
				     : tell_u64(keys[i], n * i);
		bool did = same("sixteen", f, TELL_QUICK_FIELDS);
		went += did;
		refused += !did;
		free(value);
	}
	ck_assert_uint_gt(went, 200);
	ck_assert_uint_gt(refused, 10);
}
END_TEST

/* At every place in the ring, its end included. */
START_TEST(random_records_all_around_the_ring)
{
	uint64_t seed = tell_unit_seed();
	for (int i = 0; i < 30000; i++) {
		uint64_t x = tell_unit_random(&seed);
		char *message = text_of(1 + x % 300), *value = text_of(x >> 20 & 1023);
		const struct tell_field f[] = { tell_str("s", value), tell_u64("u", x),
			tell_strn("t", value, x >> 20 & 511) };
		ck_assert(same(message, f, x >> 40 & 3));
		free(message);
		free(value);
	}
}
END_TEST

START_TEST(a_full_lane_refuses_and_nothing_happened)
{
	const struct tell_field f = tell_i64("n", 1);
	struct tell_quick_plan plan;
	plan_make(&plan, &f, 1);
	unsigned n = 0;
	while (put_quick(&plan, "filling it up", &f))
		n++;
	ck_assert_uint_gt(n, 400);
	ck_assert_uint_eq(tell_lane_n_taken(&lane), n);
	ck_assert_uint_eq(lane.n_numbered, n);
	for (size_t len; n > 0; n--) {
		bool bad;
		ck_assert_ptr_nonnull(tell_lane_next(&lane, &len, &bad));
		tell_lane_skip(&lane);
	}
}
END_TEST

static unsigned n_wakes;

static void wake(void *arg)
{
	(void)arg;
	n_wakes++;
}

/* As put_quick(), with somebody to wake. */
static bool put_waking(const struct tell_quick_plan *plan, const struct tell_field *f)
{
	struct tell_quick_self self = { .lane = &lane, .wake = wake };
	return tell_quick_put(&self, plan, NULL, TIME, "half", 4, f);
}

START_TEST(who_reads_is_woken_when_the_lane_is_half_full)
{
	const struct tell_field f = tell_i64("n", 1);
	struct tell_quick_plan plan;
	unsigned n = 0;
	plan_make(&plan, &f, 1);
	n_wakes = 0;
	for (; n_wakes == 0; n++)
		ck_assert(put_waking(&plan, &f));
	ck_assert_uint_gt(lane.head, SIZE / 2 - 1024);
	ck_assert_uint_lt(lane.head, SIZE / 2 + 1024);
	while (put_waking(&plan, &f))
		n++;
	ck_assert_uint_lt(n_wakes, 5); /* not at each call */
	ck_assert_uint_gt(n, 500);
}
END_TEST

START_TEST(who_keeps_up_is_left_alone)
{
	const struct tell_field f = tell_i64("n", 1);
	struct tell_quick_plan plan;
	size_t len;
	bool bad;
	plan_make(&plan, &f, 1);
	n_wakes = 0;
	for (unsigned n = 0; n < 10000; n++) {
		ck_assert(put_waking(&plan, &f));
		if (n % 100)
			continue;
		while (tell_lane_next(&lane, &len, &bad))
			tell_lane_skip(&lane);
		tell_lane_done(&lane);
	}
	ck_assert_uint_eq(n_wakes, 0);
}
END_TEST

static Suite *quick_suite(void)
{
	Suite *s = suite_create("queue/quick");
	TCase *c = tcase_create("quick");
	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, messages_and_texts_of_every_length_are_the_same);
	tcase_add_test(c, every_type_is_the_same_or_takes_the_long_way);
	tcase_add_test(c, another_key_or_type_at_its_place_goes_the_long_way);
	tcase_add_test(c, scopes_are_carried_as_they_are);
	tcase_add_test(c, sixteen_fields_and_records_up_to_a_quarter_lane);
	tcase_add_test(c, random_records_all_around_the_ring);
	tcase_add_test(c, a_full_lane_refuses_and_nothing_happened);
	tcase_add_test(c, who_reads_is_woken_when_the_lane_is_half_full);
	tcase_add_test(c, who_keeps_up_is_left_alone);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(quick_suite)
