#include "forward/labels.h"
#include <errno.h>
#include <string.h>
#include <telltale/log.h>
#include "support/check_main.h"

static struct tell_labels labels;
static struct tell_refusal why;

static const char *refused(const char *text)
{
	memset(&why, 0, sizeof(why));
	ck_assert_int_eq(tell_labels_open(&labels, text, &why), -EINVAL);
	return why.what;
}

static void put(const char *text, struct tell_record *r, struct tell_buf *out)
{
	const struct tell_identity who = { .service = "shop", .host = "a\"b" };
	const struct tell_parcel parcel = { r, &who, 1, NULL };
	ck_assert_int_eq(tell_labels_open(&labels, text, &why), 0);
	tell_buf_clear(out);
	tell_labels_put(&labels, &parcel, TELL_LABELS_FEW, out);
	size_t few = out->len;
	tell_buf_putc(out, ',');
	tell_labels_put(&labels, &parcel, TELL_LABELS_OTHERS, out);
	if (out->len == few + 1)
		out->len = few;
	else if (few == 0)
		memmove(out->data, out->data + 1, --out->len);
	tell_labels_done(&labels);
}

START_TEST(a_record_gives_its_own)
{
	struct tell_record r = { 0 };
	struct tell_buf out = { 0 };
	tell_buf_init(&out, 0);
	ck_assert_int_eq(tell_record_begin(&r, TELL_WARNING, TELL_KIND_LOG), 0);
	const struct tell_field fields[] = { tell_str("zone", "eu"),
		tell_u64("shard", 7) };
	tell_record_message(&r, "m", 1);
	tell_record_add(&r, fields, 2, 0, NULL);
	put("service_name,level,host", &r, &out);
	ck_assert_str_eq(tell_buf_cstr(&out),
		"\"service_name\":\"shop\",\"level\":\"warning\",\"host\":\"a\\\"b\"");
	put("level,gone,zone,shard,job=x y", &r, &out);
	ck_assert_str_eq(tell_buf_cstr(&out),
		"\"job\":\"x y\",\"level\":\"warning\",\"zone\":\"eu\",\"shard\":\"7\"");
	put("gone,job=1", &r, &out);
	ck_assert_str_eq(tell_buf_cstr(&out), "\"job\":\"1\"");
	tell_record_service(&r, "cart", 4);
	put("service_name", &r, &out);
	ck_assert_str_eq(tell_buf_cstr(&out), "\"service_name\":\"cart\"");
	tell_buf_done(&out);
	tell_record_done(&r);
}
END_TEST

START_TEST(a_wrong_one_is_refused_with_the_rule)
{
	ck_assert_str_eq(refused("app.name"), "\"app.name\" is no label");
	ck_assert_str_eq(why.fix, "letters, digits and _, no digit first, no __ first");
	ck_assert_str_eq(refused("a,1b"), "\"1b\" is no label");
	ck_assert_str_eq(refused("__meta"), "\"__meta\" is no label");
	ck_assert_str_eq(refused(""), "\"\" is no label");
	ck_assert_str_eq(refused("a,a=1"), "the label \"a\" comes twice");
	ck_assert_ptr_nonnull(strstr(refused("level,request_id"), "would be a stream"));
	ck_assert_str_eq(
		refused("a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p"), "more than 15 labels");
	ck_assert_int_eq(
		tell_labels_open(&labels, "trace_id=x", &why), 0); /* one value */
	tell_labels_done(&labels);
}
END_TEST

START_TEST(what_is_one_is_not_said_twice)
{
	ck_assert_int_eq(tell_labels_open(&labels, "zone,job=x", &why), 0);
	ck_assert(tell_labels_have(&labels, "zone", 4));
	ck_assert(!tell_labels_have(&labels, "job", 3)); /* the record's own may differ */
	ck_assert(!tell_labels_have(&labels, "zon", 3));
	tell_labels_done(&labels);
}
END_TEST

static Suite *labels_suite(void)
{
	Suite *s = suite_create("forward/labels");
	tell_check_add(s, "labels", a_record_gives_its_own,
		a_wrong_one_is_refused_with_the_rule, what_is_one_is_not_said_twice,
		NULL);
	return s;
}

TELL_CHECK_MAIN(labels_suite)
