#include "forward/loki_stream.h"
#include <stdio.h>
#include <string.h>
#include "support/check_main.h"

/* A Loki that has some streams, as the batch's entries "a", "b" ... have one each. */
static struct tell_loki_streams s;
static struct tell_batch b;

static void begin(void)
{
	memset(&s, 0, sizeof(s));
	ck_assert_int_eq(tell_labels_open(&s.labels, "service_name,zone", NULL), 0);
	s.tenant = (struct tell_tenant){ "tenant_id", "ops" };
	ck_assert_int_eq(tell_loki_streams_begin(&s), 0);
	tell_batch_init(&b);
}

static void end(void)
{
	tell_loki_streams_done(&s);
	tell_batch_done(&b);
}

static void add(const char *service, const char *zone, const char *tenant)
{
	struct tell_record r = { 0 };
	const struct tell_identity who = { .service = service, .host = "h" };
	const struct tell_parcel p = { &r, &who, 1, NULL };
	bool astray;
	ck_assert_int_eq(tell_record_begin(&r, 6, TELL_KIND_LOG), 0);
	struct tell_field fields[] = { tell_str("zone", zone),
		tell_str("tenant_id", tenant) };
	tell_record_add(&r, fields, 2, 0, NULL);
	int i = tell_loki_stream_of(&s, &b, &p, &astray);
	ck_assert_int_ge(i, 0);
	ck_assert(!astray);
	tell_buf_putc(&b.bytes, 'x');
	ck_assert(tell_batch_add(&b, (uint32_t)i));
	tell_record_done(&r);
}

static const char *labels(size_t i)
{
	static struct tell_buf out;
	struct tell_loki_stream parts;
	tell_buf_clear(&out);
	tell_loki_stream_at(&b, b.entries[i].stream, &parts);
	tell_loki_stream_put(&parts, &out);
	return tell_buf_cstr(&out);
}

static enum tell_streams_next next(size_t from, size_t to, size_t want)
{
	size_t n = 99;
	enum tell_streams_next r = tell_loki_streams_next(&s, &b, from, to, &n);
	if (r != TELL_STREAMS_ASK)
		ck_assert_uint_eq(n, want);
	return r;
}

START_TEST(tenants_are_groups)
{
	begin();
	add("shop", "a", "t1");
	add("shop", "a", "t2");
	add("cart", "a", "t1");
	add("shop", "a", "t2");
	ck_assert_uint_eq(b.n_streams, 3);
	tell_batch_gather(&b);
	ck_assert_uint_eq(tell_batch_group_end(&b, 0), 2);
	ck_assert_uint_eq(tell_batch_group_end(&b, 2), 4);
	ck_assert_str_eq(labels(0), "{\"service_name\":\"shop\",\"zone\":\"a\"}");
	end();
}
END_TEST

START_TEST(unknown_streams_are_asked_one_by_one_and_lessened)
{
	begin();
	add("shop", "a", "t");
	add("shop", "b", "t");
	tell_loki_streams_taken(&s, &b, 0, 1);
	add("shop", "c", "t");
	ck_assert_int_eq(next(0, 3, 0), TELL_STREAMS_ASK);
	ck_assert_int_eq(next(1, 2, 1), TELL_STREAMS_LESSER);
	ck_assert_str_eq(labels(1), "{\"service_name\":\"shop\"}");
	ck_assert_str_eq(labels(0), "{\"service_name\":\"shop\",\"zone\":\"a\"}");
	tell_batch_clear(&b);
	add("shop", "b", "t"); /* it is remembered */
	ck_assert_str_eq(labels(0), "{\"service_name\":\"shop\"}");
	add("shop", "b", "t2"); /* of that tenant alone */
	ck_assert_str_eq(labels(1), "{\"service_name\":\"shop\",\"zone\":\"b\"}");
	end();
}
END_TEST

START_TEST(one_that_is_refused_with_few_labels_is_not_there)
{
	begin();
	add("shop", "a", "t");
	add("cart", "b", "t");
	tell_loki_streams_taken(&s, &b, 0, 1);
	ck_assert_int_eq(next(1, 2, 1), TELL_STREAMS_LESSER);
	ck_assert_int_eq(next(1, 2, 0), TELL_STREAMS_SETTLED);
	ck_assert(!tell_loki_streams_have(&s, &b, 1));
	ck_assert_int_eq(next(0, 2, 0), TELL_STREAMS_SETTLED);
	ck_assert(tell_loki_streams_have(&s, &b, 0));
	end();
}
END_TEST

/* Loki lets streams go that rest; what it had is then no proof that it has it. */
START_TEST(one_that_it_had_and_has_no_more_is_found)
{
	begin();
	add("shop", "a", "t");
	add("shop", "b", "t");
	tell_loki_streams_taken(&s, &b, 0, 2);
	ck_assert_int_eq(next(0, 2, 0), TELL_STREAMS_ASK);
	ck_assert_int_eq(next(1, 2, 1), TELL_STREAMS_LESSER);
	tell_loki_streams_taken(&s, &b, 0, 2);
	end();
}
END_TEST

START_TEST(many_unknown_ones_are_not_asked)
{
	char zone[16];
	begin();
	for (int i = 0; i <= TELL_LOKI_ASK; i++) {
		(void)snprintf(zone, sizeof(zone), "z%d", i);
		add("shop", zone, "t");
	}
	ck_assert_int_eq(next(0, TELL_LOKI_ASK, 0), TELL_STREAMS_ASK);
	ck_assert_int_eq(
		next(0, TELL_LOKI_ASK + 1, TELL_LOKI_ASK + 1), TELL_STREAMS_LESSER);
	end();
}
END_TEST

static Suite *loki_stream_suite(void)
{
	Suite *suite = suite_create("forward/loki_stream");
	tell_check_add(suite, "streams", tenants_are_groups,
		unknown_streams_are_asked_one_by_one_and_lessened,
		one_that_is_refused_with_few_labels_is_not_there,
		one_that_it_had_and_has_no_more_is_found, many_unknown_ones_are_not_asked,
		NULL);
	return suite;
}
TELL_CHECK_MAIN(loki_stream_suite)
