#pragma once
#include <stddef.h>
#include "forward/http.h"
#include "forward/target.h"

/* What an answer of Loki means: which status stores nothing, which a part, and which the same
 * request can never pass.
 *
 * Source: Loki 3.2.2, as it answered when measured.
 * Threads: pure. */

/* n: how many entries the request had. */
void tell_loki_judge(const struct tell_http_answer *a, size_t n, struct tell_answer *ret);
