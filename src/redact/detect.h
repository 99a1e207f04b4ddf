#pragma once
#include <stdint.h>
#include "redact/spans.h"

/* How many spans of this kind a `redact detect` line masked since it was opened; state is
 * what its open() made. */
uint64_t tell_redact_detect_found(const void *state, enum tell_span_kind kind);
