/* id.c: ids that come from outside, and our own. What a client sends as X-Request-ID goes
 * into every record of the request, so it is looked at first. Licence: MIT. */
#include "id.h"
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

bool id_is_valid(const char *text)
{
	static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				   "0123456789._-";
	size_t n = text ? strnlen(text, ID_MAX + 1) : 0;
	return n > 0 && n <= ID_MAX && strspn(text, good) == n;
}

void id_draw(char ret[ID_MAX + 1])
{
	unsigned char bytes[16] = { 0 };
	(void)!getrandom(bytes, sizeof(bytes), 0); /* 16 bytes never come in pieces */
	for (size_t i = 0; i < sizeof(bytes); i++)
		(void)snprintf(ret + 2 * i, 3, "%02x", bytes[i]);
}
