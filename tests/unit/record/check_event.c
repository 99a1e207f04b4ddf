#include "record/event.h"
#include <string.h>
#include "encode/encode.h"
#include "support/check_main.h"

static struct tell_record record;

static void begin(enum tell_event event)
{
	static const char text[] = "said";
	ck_assert_int_eq(tell_record_begin(&record, TELL_INFO, TELL_KIND_LOG), 0);
	tell_record_message(&record, text, sizeof(text) - 1);
	tell_record_event(&record, event);
}

START_TEST(a_record_gets_kind_id_and_name)
{
	struct tell_value v;
	begin(TELL_EVENT_LOSS_SINK);
	ck_assert_uint_eq(record.head->kind, TELL_KIND_LOSS);
	ck_assert(tell_record_get(&record, "message_id", 10, &v));
	ck_assert_uint_eq(v.key, TELL_KEY_MESSAGE_ID);
	ck_assert_uint_eq(v.len, 32);
	ck_assert_mem_eq(v.data, tell_event_id(TELL_EVENT_LOSS_SINK), 32);
	ck_assert(tell_record_get(&record, "event", 5, &v));
	ck_assert_mem_eq(v.data, "loss.sink", v.len);
	tell_record_done(&record);
}
END_TEST

START_TEST(the_journal_gets_them_and_the_message_stays_short)
{
	struct tell_buf out = { 0 }, work = { 0 };
	const struct tell_identity who = { .service = "shop", .host = "h", .pid = 1 };
	const struct tell_layout layout = {
		.who = &who, .work = &work, .message_full = true
	};
	begin(TELL_EVENT_METRIC_PUBLISH);
	tell_encode_journal(&out, &record, &layout);
	tell_buf_putc(&out, '\0');
	ck_assert_ptr_nonnull(strstr(out.data, "MESSAGE=said\n"));
	ck_assert_ptr_nonnull(strstr(out.data, "TELL_KIND=metric\n"));
	ck_assert_ptr_nonnull(strstr(out.data, "EVENT=metric.publish\n"));
	ck_assert_ptr_nonnull(strstr(out.data, tell_event_id(TELL_EVENT_METRIC_PUBLISH)));
	tell_buf_done(&out);
	tell_buf_done(&work);
	tell_record_done(&record);
}
END_TEST

static Suite *event_suite(void)
{
	Suite *s = suite_create("record/event");
	tell_check_add(s, "events", a_record_gets_kind_id_and_name,
		the_journal_gets_them_and_the_message_stays_short, NULL);
	return s;
}
TELL_CHECK_MAIN(event_suite)
