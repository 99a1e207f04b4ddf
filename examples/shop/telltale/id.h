/* id.h: ids that come from outside, and our own. Licence: MIT. */
#ifndef ID_H
#define ID_H
#include "shop.h"

/* Is it one: 1 to 64 of A-Z a-z 0-9 . _ -? NULL is none. */
bool id_is_valid(const char *text);

/* Draws one: 32 hex digits, as a trace id of W3C's Trace Context. */
void id_draw(char ret[ID_MAX + 1]);
#endif
