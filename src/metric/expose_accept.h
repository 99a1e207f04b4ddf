#pragma once
#include <stdbool.h>
#include <telltale/module.h>

/* What a client wants to read, by its header Accept.
 *
 * Shape:   ranges of any number; of each the type, `q` and `version` are looked at. The one with
 *          the greatest q wins, then the one named first. Who accepts nothing that there is, or
 *          says nothing, gets the text that every one of them reads: a scrape that works is
 *          worth more than a 406.
 * Threads: any.
 * Source:  RFC 9110 section 12.5.1; Prometheus, "Content negotiation"; OpenMetrics 1.0. */

/* NULL: there is no such header. One of the first three. */
enum tell_show tell_expose_accept(const char *header);

/* Does it name application/health+json? */
bool tell_expose_accepts_health_json(const char *header);
