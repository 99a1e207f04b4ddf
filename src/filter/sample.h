#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "record/record.h"

/* Keep a share of records, the same share everywhere: a record has 56 bits of randomness
 * R, and is kept when R is at or above the threshold (1 - ratio) * 2^56.
 *
 * Source:  OpenTelemetry, "Tracestate: probability sampling" (rejection threshold, R >= T)
 *          and W3C Trace Context level 2, section 3.2.2.3: the right-most 56 bits of a
 *          trace id are random. So we keep what other samplers of the same ratio keep.
 * Threads: pure functions. */
#define TELL_SAMPLE_BITS 56

/* ratio 0..1: 0 keeps nothing, 1 everything. */
uint64_t tell_sample_threshold(double ratio);

/* The R of a field: of a trace id (16 bytes, or 32 hex digits) its right-most 56 bits, of
 * anything else a hash of its text, so that 5 and "5" are one. False: it has none (null). */
bool tell_sample_of(const struct tell_value *v, bool is_trace_id, uint64_t *ret_r);

/* The n-th number of a sequence that passes for random. Source: G. L. Steele and others,
 * "Fast splittable pseudorandom number generators" (2014), SplitMix64. */
uint64_t tell_sample_draw(uint64_t seed, uint64_t n);
