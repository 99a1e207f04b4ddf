#include "base/bytes.h"

static const char alphabet[] = /* RFC 4648 table 1 */
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static char *put_group(char *p, uint32_t bits)
{
	p[0] = alphabet[bits >> 18];
	p[1] = alphabet[bits >> 12 & 63];
	p[2] = alphabet[bits >> 6 & 63];
	p[3] = alphabet[bits & 63];
	return p + 4;
}

char *tell_put_base64(char *p, const void *bytes, size_t n)
{
	const uint8_t *b = bytes;
	for (; n >= 3; n -= 3, b += 3)
		p = put_group(p, (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2]);
	if (n == 0)
		return p;
	p = put_group(p, (uint32_t)b[0] << 16 | (n == 2 ? (uint32_t)b[1] << 8 : 0));
	p[-1] = '=';
	if (n == 1)
		p[-2] = '=';
	return p;
}

char *tell_put_hexbytes(char *p, const void *bytes, size_t n)
{
	const uint8_t *b = bytes;
	for (size_t i = 0; i < n; i++) {
		*p++ = "0123456789abcdef"[b[i] >> 4];
		*p++ = "0123456789abcdef"[b[i] & 15];
	}
	return p;
}
