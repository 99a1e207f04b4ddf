#include "forward/ship.h"
#include <stdio.h>
#include <string.h>
#include "support/check_main.h"

/* A receiver that answers as it is told, and writes down what it was sent: "0-8 0-4 4-8 ". */
static struct {
	const char *script; /* t p b l s w f, a letter a request; then: all is taken */
	const char *next;   /* a l s, what streams() answers; then: s */
	const char *gone;   /* streams that are not there */
	char sent[400], aside[80], said[2000];
	uint64_t waits[20];
	size_t n_waits;
	bool stop;
} peer;
static struct tell_batch batch;
static struct tell_ship ship;

static void body(void *state, const struct tell_batch *b, size_t from, size_t to,
	struct tell_buf *out)
{
	size_t n = strlen(peer.sent);
	(void)state;
	(void)b;
	(void)snprintf(peer.sent + n, sizeof(peer.sent) - n, "%zu-%zu ", from, to);
	tell_buf_puts(out, "body");
}

static void answer(
	void *state, const struct tell_buf *out, size_t n, struct tell_answer *ret)
{
	(void)state;
	ck_assert_uint_eq(out->len, 4);
	char c = *peer.script ? *peer.script++ : 't';
	ret->refused = 2;
	ret->taken = c == 'k' ? n / 2 : 0;
	ret->bytes = out->len;
	ret->wait_ms = c == 'r' ? 7777 : 0;
	tell_answer_set(ret,
		c == 't'	   ? TELL_ANSWER_TAKEN
			: c == 'p' ? TELL_ANSWER_PARTLY
			: c == 'b' ? TELL_ANSWER_BAD
			: c == 'l' ? TELL_ANSWER_LARGE
			: c == 's' ? TELL_ANSWER_STREAMS
			: c == 'f' ? TELL_ANSWER_FORBIDDEN
				   : TELL_ANSWER_LATER,
		"it says %c", c);
}

static bool wait_ms(void *arg, uint64_t ms)
{
	(void)arg;
	peer.waits[peer.n_waits++ % 20] = ms;
	return peer.stop;
}

static void say(void *arg, const char *text)
{
	size_t n = strlen(peer.said);
	(void)arg;
	(void)snprintf(peer.said + n, sizeof(peer.said) - n, "%s|", text);
}

static bool aside(void *arg, const struct tell_batch *b, size_t i, const char *why)
{
	size_t n = strlen(peer.aside);
	(void)arg;
	(void)b;
	(void)snprintf(peer.aside + n, sizeof(peer.aside) - n, "%zu %s;", i, why);
	return true;
}

static enum tell_streams_next streams(
	void *state, struct tell_batch *b, size_t from, size_t to, size_t *ret_n)
{
	(void)state;
	(void)b;
	ck_assert_uint_lt(from, to);
	char c = peer.next && *peer.next ? *peer.next++ : 's';
	*ret_n = c == 'l' ? 2 : 0;
	return c == 'a'	   ? TELL_STREAMS_ASK
		: c == 'l' ? TELL_STREAMS_LESSER
			   : TELL_STREAMS_SETTLED;
}

static bool has_stream(void *state, const struct tell_batch *b, size_t i)
{
	(void)state;
	return !peer.gone || !strchr(peer.gone, *tell_batch_at(b, i));
}

static const struct tell_target target = {
	.body = body, .send = answer, .streams = streams, .has_stream = has_stream
};

static void begin(const char *script, size_t n)
{
	memset(&peer, 0, sizeof(peer));
	peer.script = script;
	tell_batch_init(&batch);
	for (size_t i = 0; i < n; i++) {
		tell_buf_puts(&batch.bytes, "x");
		ck_assert(tell_batch_add(&batch, 0));
	}
	ship = (struct tell_ship){
		.target = &target, .seed = 42, .wait = wait_ms, .say = say, .aside = aside
	};
}

/* An entry of each stream a letter, in these groups: "aab", "001". */
static void begin_streams(const char *script, const char *streams, const char *groups)
{
	begin(script, 0);
	for (size_t i = 0; streams[i]; i++) {
		int stream = tell_batch_stream(&batch, &streams[i], 1);
		ck_assert_int_ge(stream, 0);
		batch.list[stream].group = (uint32_t)(groups[i] - '0');
		tell_buf_putc(&batch.bytes, streams[i]);
		ck_assert(tell_batch_add(&batch, (uint32_t)stream));
	}
}

static void end(bool want, size_t want_done)
{
	size_t done = 0;
	ck_assert(tell_ship(&ship, &batch, &done) == want);
	ck_assert_uint_eq(done, want_done);
	tell_batch_done(&batch);
	tell_buf_done(&ship.body);
}

START_TEST(all_at_once_when_it_is_taken)
{
	begin("t", 8);
	end(true, 8);
	ck_assert_str_eq(peer.sent, "0-8 ");
	ck_assert_uint_eq(ship.counts.sent, 8);
	ck_assert_str_eq(peer.said, "");
}
END_TEST

START_TEST(nothing_is_no_request)
{
	begin("t", 0);
	end(true, 0);
	ck_assert_str_eq(peer.sent, "");
}
END_TEST

START_TEST(what_is_partly_taken_is_not_sent_again)
{
	begin("p", 8);
	end(true, 8);
	ck_assert_str_eq(peer.sent, "0-8 ");
	ck_assert_uint_eq(ship.counts.sent, 6);
	ck_assert_uint_eq(ship.counts.refused, 2);
	ck_assert_str_eq(peer.said, "it says p|");
}
END_TEST

START_TEST(the_bad_one_is_found_by_halves_and_set_aside)
{
	begin("btbbtbt", 8); /* 5 is it */
	end(true, 8);
	ck_assert_str_eq(peer.sent, "0-8 0-4 4-8 4-6 4-5 5-6 6-8 ");
	ck_assert_str_eq(peer.aside, "5 it says b;");
	ck_assert_uint_eq(ship.counts.sent, 7);
	ck_assert_uint_eq(ship.counts.refused, 1);
	ck_assert_uint_eq(ship.counts.aside, 1);
}
END_TEST

START_TEST(many_that_are_set_aside_are_said_once_a_batch)
{
	begin("bbbbbbb", 4);
	end(true, 4);
	ck_assert_str_eq(peer.aside, "0 it says b;1 it says b;2 it says b;3 it says b;");
	ck_assert_str_eq(peer.said,
		"it says b; this record is set aside|and 3 more of its batch are set aside|");
	ck_assert_uint_eq(ship.counts.refused, 4);
}
END_TEST

START_TEST(what_is_too_large_goes_in_halves_in_order)
{
	begin("llttt", 8);
	end(true, 8);
	ck_assert_str_eq(peer.sent, "0-8 0-4 0-2 2-4 4-8 ");
	ck_assert_uint_eq(ship.counts.sent, 8);
	ck_assert_str_eq(peer.aside, "");
}
END_TEST

START_TEST(what_is_not_answered_is_sent_again_later_and_later)
{
	begin("wwwwwwwwwwwwwt", 3);
	end(true, 3);
	ck_assert_uint_eq(ship.counts.again, 13);
	ck_assert_uint_eq(ship.counts.requests, 1);
	ck_assert_uint_eq(ship.counts.bytes, 14 * 4);
	ck_assert_uint_eq(ship.counts.sent, 3);
	for (size_t i = 0; i < 13; i++) {
		uint64_t most = TELL_SHIP_WAIT_MS << i;
		most = most < TELL_SHIP_WAIT_MAX_MS ? most : TELL_SHIP_WAIT_MAX_MS;
		ck_assert_uint_ge(peer.waits[i], most / 2);
		ck_assert_uint_le(peer.waits[i], most);
	}
	ck_assert_ptr_nonnull(strstr(peer.said, "it takes records again|"));
}
END_TEST

START_TEST(it_is_away_until_it_answers_whatever_it_says)
{
	begin("wf", 1);
	peer.stop = true;
	end(false, 0);
	uint64_t since_us = ship.away_us;
	ck_assert_uint_ne(since_us, 0);
	begin("w", 1);
	ship.away_us = since_us;
	peer.stop = true;
	end(false, 0);
	ck_assert_uint_eq(ship.away_us, since_us);
	begin("b", 1);
	ship.away_us = since_us;
	end(true, 1);
	ck_assert_uint_eq(ship.away_us, 0);
}
END_TEST

START_TEST(a_peers_own_wish_is_waited_for)
{
	begin("rt", 3);
	end(true, 3);
	ck_assert_uint_eq(peer.n_waits, 1);
	ck_assert_uint_eq(peer.waits[0], 7777);
}
END_TEST

START_TEST(who_is_forbidden_asks_once_a_minute_and_says_so_each_time)
{
	begin("fft", 3);
	end(true, 3);
	ck_assert_uint_eq(peer.n_waits, 2);
	ck_assert_uint_eq(peer.waits[0], TELL_SHIP_FORBIDDEN_MS);
	ck_assert_uint_eq(peer.waits[1], TELL_SHIP_FORBIDDEN_MS);
	ck_assert_str_eq(peer.said,
		"it says f; again in 60 s|it says f; again in 60 s|it takes records again|");
}
END_TEST

START_TEST(what_was_acknowledged_late_is_not_sent_again)
{
	begin("kt", 8);
	end(true, 8);
	ck_assert_str_eq(peer.sent, "0-8 4-8 ");
	ck_assert_uint_eq(ship.counts.sent, 8);
}
END_TEST

START_TEST(told_to_stop_it_says_what_is_left)
{
	begin("ltw", 8);
	peer.stop = true;
	end(false, 4);
	ck_assert_str_eq(peer.sent, "0-8 0-4 4-8 ");
	ck_assert_uint_eq(ship.counts.sent, 4);
}
END_TEST

START_TEST(asked_again_it_goes_on_where_it_was)
{
	size_t done = 0;
	begin("ltwt", 8);
	peer.stop = true;
	ck_assert(!tell_ship(&ship, &batch, &done));
	ck_assert(tell_ship(&ship, &batch, &done));
	ck_assert_uint_eq(done, 8);
	ck_assert_str_eq(peer.sent, "0-8 0-4 4-8 4-8 ");
	ck_assert_uint_eq(ship.counts.sent, 8);
	tell_batch_done(&batch);
	tell_buf_done(&ship.body);
}
END_TEST

START_TEST(a_request_is_of_one_group)
{
	begin_streams("twt", "abcabd", "010011"); /* a and c, b and d */
	end(true, 6);
	ck_assert_str_eq(peer.sent, "0-3 3-6 3-6 ");
	ck_assert_uint_eq(ship.counts.sent, 6);
}
END_TEST

START_TEST(stopped_between_two_groups_it_goes_on_with_the_second)
{
	size_t done = 0;
	begin_streams("tw", "abab", "0101");
	peer.stop = true;
	ck_assert(!tell_ship(&ship, &batch, &done));
	ck_assert_uint_eq(done, 2);
	ck_assert(tell_ship(&ship, &batch, &done));
	ck_assert_str_eq(peer.sent, "0-2 2-4 2-4 ");
	ck_assert_uint_eq(ship.counts.sent, 4);
	tell_batch_done(&batch);
	tell_buf_done(&ship.body);
}
END_TEST

START_TEST(new_streams_are_lessened_and_sent_once_more)
{
	begin_streams("st", "abab", "0000");
	peer.next = "l";
	end(true, 4);
	ck_assert_str_eq(peer.sent, "0-4 0-4 ");
	ck_assert_uint_eq(ship.counts.sent, 4);
	ck_assert_uint_eq(ship.counts.lessened, 2);
	ck_assert_uint_eq(peer.n_waits, 0);
	ck_assert_str_eq(peer.said, "it says s; new streams get fewer labels|");
}
END_TEST

START_TEST(which_streams_are_there_is_asked_by_streams)
{
	begin_streams("stst", "aaabbbbcccd", "00000000000");
	peer.next = "aa";
	end(true, 11);
	ck_assert_str_eq(peer.sent, "0-11 0-3 3-11 3-7 7-11 ");
	ck_assert_uint_eq(ship.counts.sent, 11);
	ck_assert_str_eq(peer.aside, "");
}
END_TEST

START_TEST(what_is_not_there_is_set_aside_and_the_others_asked_once_more)
{
	begin_streams("st", "abcabc", "000000");
	peer.gone = "ac";
	end(true, 6);
	ck_assert_str_eq(peer.sent, "0-6 0-2 ");
	ck_assert_str_eq(peer.aside, "2 it says s;3 it says s;4 it says s;5 it says s;");
	ck_assert_uint_eq(ship.counts.sent, 2);
	ck_assert_uint_eq(ship.counts.refused, 4);
}
END_TEST

START_TEST(it_ends_where_nobody_can_tell_which_is_not_there)
{
	begin_streams("sssssss", "abcd", "0000");
	end(true, 4);
	ck_assert_str_eq(peer.sent, "0-4 0-2 0-1 1-2 2-4 2-3 3-4 ");
	ck_assert_uint_eq(ship.counts.refused, 4);
}
END_TEST

static Suite *ship_suite(void)
{
	Suite *s = suite_create("forward/ship");
	tell_check_add(s, "answers", all_at_once_when_it_is_taken, nothing_is_no_request,
		what_is_partly_taken_is_not_sent_again,
		the_bad_one_is_found_by_halves_and_set_aside,
		many_that_are_set_aside_are_said_once_a_batch,
		what_is_too_large_goes_in_halves_in_order, NULL);
	tell_check_add(s, "streams", a_request_is_of_one_group,
		stopped_between_two_groups_it_goes_on_with_the_second,
		new_streams_are_lessened_and_sent_once_more,
		which_streams_are_there_is_asked_by_streams,
		what_is_not_there_is_set_aside_and_the_others_asked_once_more,
		it_ends_where_nobody_can_tell_which_is_not_there, NULL);
	tell_check_add(s, "waits", what_is_not_answered_is_sent_again_later_and_later,
		it_is_away_until_it_answers_whatever_it_says,
		a_peers_own_wish_is_waited_for,
		who_is_forbidden_asks_once_a_minute_and_says_so_each_time,
		what_was_acknowledged_late_is_not_sent_again,
		told_to_stop_it_says_what_is_left, asked_again_it_goes_on_where_it_was,
		NULL);
	return s;
}

TELL_CHECK_MAIN(ship_suite)
