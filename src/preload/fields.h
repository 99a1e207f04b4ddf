#pragma once
#include <stddef.h>
#include <telltale/field.h>

/* The fields that every record of this process is to have: `telltale cat -F name=value`,
 * by the environment:
 *
 *	TELLTALE_PRELOAD_FIELDS=env=test<RS>shard=3	<RS>: ASCII 30, a record separator
 *
 * Shape:   read once when the library is loaded, as hosts change their environment, and
 *          kept. Whole numbers, true and false keep their type, as with -F.
 * Limits:  TELL_PRELOAD_FIELDS_MAX; further ones are passed over.
 * Threads: any, once read. */
#define TELL_PRELOAD_FIELDS_MAX 64

void tell_preload_read_fields(void);

/* All of them, and how many. */
const struct tell_field *tell_preload_fields(size_t *ret_n);
