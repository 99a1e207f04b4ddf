#pragma once
#include <netinet/in.h>
#include <stdlib.h>
/* Tests of the inside log nothing themselves: no sites, no registration. */
#ifndef TELL__LIBRARY
#define TELL__LIBRARY
#endif
#include <telltale/log.h>
#include <telltale/module.h>
#include "record/expr.h"
#include "record/place.h"
#include "record/record.h"

/* The record that expressions are tried on: one field of each type. */
static const struct tell_identity fixture_who = {
	.service = "checkout", .host = "web1", .pid = 4242, .facility = 3
};

/* A place of its own name; the site must outlive the record. */
static struct tell_site fixture_site = {
	.line = 128, .file = "src/cart.c", .func = "add_item", .logger = "shop.cart"
};

static inline void fixture_fields(struct tell_record *r)
{
	static const uint8_t id[16] = { 0x4b, 0xf9, 0x2f, 0x35, 0x77, 0xb3, 0x4d, 0xa6,
		0xa3, 0xce, 0x92, 0x9d, 0x0e, 0x0e, 0x47, 0x36 };
	static const struct sockaddr_in peer = {
		.sin_family = AF_INET, .sin_port = 0x5000, .sin_addr = { 0x0100007f }
	};
	struct tell_field tags[] = { tell_str("", "new"), tell_str("", "eu"),
		tell_i64("", 7) };
	struct tell_field fields[] = { tell_str("user", "ann"),
		tell_str("tenant", "acme-eu"), tell_str("path", "/health/live"),
		tell_i64("status", 503), tell_i64("neg", -3), tell_i64("zero", 0),
		tell_u64("big", UINT64_C(18446744073709551615)), tell_f64("ratio", 0.25),
		tell_f64("nothing", __builtin_nan("")), tell_bool("cached", true),
		tell_bool("retried", false), tell_str("empty", ""),
		tell_str("number", "42"), tell_str("long_id", "12345678901234567890123"),
		tell_str("e_id", "1e5"), tell_str("word", "unknown"), tell_null("gone"),
		tell_ns("took", UINT64_C(350000000)),
		tell_time("at", (struct timespec){ .tv_sec = 1795226767, .tv_nsec = 0 }),
		tell_id128("trace_id", id), tell_hex("digest", "\x01\xff", 2),
		tell_bytes("raw", "a\0b", 3), tell_ptr("ptr", (void *)0xbeef),
		tell_sockaddr("peer", (const struct sockaddr *)(const void *)&peer,
			sizeof(peer)),
		tell_secret("token", "x"), tell_list_of("tags", tags, 3),
		tell_list_of("none", tags, 0), tell_str("http.route", "/cart/{id}"),
		tell_str("text0", "0"), tell_str("said", "he said \"no\"\n"),
		tell_i64("requests_total", 1000), tell_i64("errors_total", 51),
		tell_jsonn("json", "{\"a\":1}", 7), tell_errno(2) };
	tell_record_add(r, fields, sizeof(fields) / sizeof(fields[0]), 0, NULL);
}

static inline void fixture_record(struct tell_record *r)
{
	*r = (struct tell_record){ .limit = TELL_RECORD_LIMIT };
	if (tell_record_begin(r, TELL_WARNING, TELL_KIND_LOG) < 0)
		abort();
	tell_record_message(r, "payment failed", 14);
	fixture_fields(r);
	r->head->tid = 77;
	r->head->place = tell_place_add(&fixture_site);
}
