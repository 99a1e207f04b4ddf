#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <telltale/log.h>

/* What encoders need of a site, copied so that it outlives a dlclose(). Known by number.
 *
 * Limits:  65535 sites a process; further ones are id 0, a place without a name. File names
 *          longer than 255 bytes keep their end, functions and loggers their beginning.
 * Threads: reading needs no lock. */
struct tell_place {
	uint32_t id;
	uint32_t line;
	uint16_t file_len, func_len, logger_len;
	const char *file, *func, *logger; /* "" when not known */
	const char *form; /* of a printf call whose arguments may be kept; or NULL */
	void *json;	  /* an encoder's form of the above, made at first use; atomic */
};

/* Never NULL: id 0 and unknown ids give the empty place. */
const struct tell_place *tell_place(uint32_t id);

/* Give the site an id, copy what it says. Returns the id (also in site->id). */
uint32_t tell_place_add(struct tell_site *site);

/* The same with its printf form, for record/deferred.h. A site that has an id already keeps
 * that, with a form or without. */
uint32_t tell_place_add_form(struct tell_site *site, const char *form);

/* The same for a signal's handler: 0 when somebody else is adding one just now, perhaps the
 * very thread that it interrupted. */
uint32_t tell_place_try(struct tell_site *site);

/* In a forked child: another thread of the parent may have held the lock. */
void tell_places_child(void);
