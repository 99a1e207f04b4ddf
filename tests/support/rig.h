#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
/* Tests of the inside log nothing themselves: no sites, no registration. */
#ifndef TELL__LIBRARY
#define TELL__LIBRARY
#endif
#include <telltale/field.h>
#include <telltale/log.h>
#include "base/buf.h"
#include "record/record.h"
#include "stack/stack.h"

/* A stack of the test's own, one record at a time: for tests of modules.
 *
 *	struct tell_rig rig;
 *	tell_rig_open(&rig, "sink required file path=%s", path);
 *	ck_assert_int_eq(tell_rig_log(&rig, TELL_INFO, "hi", tell_kv("n", 3)), TELL_SUCCESS);
 *	ck_assert(!tell_rig_noted(&rig, "file-down"));
 *	tell_rig_close(&rig);
 *
 * Shape:   types the text does not name permit all. Service "rig" on host "box", pid 42,
 *          time 2026-11-21T02:06:07.123456Z, sequence 0000002a.0.1, 2, 3...
 * Threads: one a rig; several rigs may share a stack (tell_rig_share). */
struct tell_rig {
	struct tell_stack *stack;
	bool borrowed;
	struct tell_identity who;
	struct tell_record record;
	struct tell_buf out, work;
	struct tell_notes notes; /* of the record logged last */
	struct tell_run run;
	uint64_t seq;
	uint64_t later_ns; /* added to TELL_RIG_TIME_NS, the time of its records */
};

#define TELL_RIG_TIME_NS UINT64_C(1795226767123456789)

/* Load; a refusal fails the test and shows why. */
void tell_rig_open(struct tell_rig *rig, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A stack alone, for tests of what asks its lines: service "flow". The caller's. */
struct tell_stack *tell_rig_stack(const char *text);

/* What the report says about a text that must be refused; "" when it was accepted. Static. */
const char *tell_rig_refusal(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* What `telltale check` would say about it, sinks closed: errors and warnings, "" for none.
 * Static. */
const char *tell_rig_check(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same stack for another thread. */
void tell_rig_share(struct tell_rig *rig, const struct tell_rig *other);
void tell_rig_close(struct tell_rig *rig);

/* Log a record: the sinks' verdict. */
enum tell_verdict tell_rig_put(struct tell_rig *rig, int level, const char *message,
	const struct tell_field *fields, size_t n);
#define tell_rig_say(rig, level, message) tell_rig_put((rig), (level), (message), NULL, 0)
#define tell_rig_log(rig, level, message, ...)                                           \
	tell_rig_put((rig), (level), (message),                                          \
		(const struct tell_field[]){ __VA_ARGS__ },                              \
		sizeof((const struct tell_field[]){ __VA_ARGS__ }) /                     \
			sizeof(struct tell_field))

/* tell_stack_flush() with this much time. */
int tell_rig_flush(struct tell_rig *rig, unsigned ms);

/* Did the record logged last (or the flush) make a note of this cause? */
bool tell_rig_noted(const struct tell_rig *rig, const char *cause);
