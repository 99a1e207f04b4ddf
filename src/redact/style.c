#include "redact/style.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/cleanup.h"
#include "redact/text.h"

#define KEY_MIN	    16
#define KEY_MAX	    4096
#define PARTIAL_MIN 16 /* four of fewer say too much */
#define PARTIAL_LEN 4
#define HMAC_LEN    8

#define FIX "make one: head -c 32 /dev/urandom >FILE; chmod 600 FILE"

/* The key's bytes, 0 or more; or an error. */
static ssize_t read_key(const char *path, uint8_t key[KEY_MAX + 1])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -errno;
	struct stat st;
	ssize_t n = -EINVAL;
	if (fstat(fd, &st) < 0)
		n = -errno;
	else if (!S_ISREG(st.st_mode) || (st.st_mode & 077))
		n = -EPERM;
	else if (st.st_uid != 0 && st.st_uid != geteuid())
		n = -EPERM;
	else if ((n = read(fd, key, KEY_MAX + 1)) < 0)
		n = -errno;
	(void)close(fd); /* it was only read */
	return n;
}

static int open_key(struct tell_style *style, const char *path, struct tell_refusal *why)
{
	if (!path)
		return tell_refuse(why, -EINVAL, "style",
			"name the key's file: key=FILE; " FIX, "style=hmac needs a key");
	uint8_t key[KEY_MAX + 1];
	char text[80];
	ssize_t n = read_key(path, key);
	if (n == -EPERM)
		return tell_refuse(why, -EPERM, "key",
			"chmod 600, and chown to who runs this",
			"%s is not a file that only its owner can read", path);
	if (n < 0)
		return tell_refuse(why, (int)n, "key", FIX, "%s: %s", path,
			strerror_r((int)-n, text, sizeof(text)));
	if (n < KEY_MIN || n > KEY_MAX)
		return tell_refuse(why, -EINVAL, "key", FIX,
			"%s has %zd bytes, a key has 16 to 4096", path, n);
	tell_hmac_init(&style->hmac, key, (size_t)n);
	explicit_bzero(key, sizeof(key));
	return 0;
}

int tell_style_open(
	struct tell_style *style, const struct tell_args *args, struct tell_refusal *why)
{
	style->kind = (enum tell_style_kind)tell_args_choice(args, "style");
	return style->kind == TELL_STYLE_HMAC
		? open_key(style, tell_args_text(args, "key"), why)
		: 0;
}

/* Letters only: no detector takes them for a number. */
static void put_hmac(const struct tell_style *style, struct tell_buf *out,
	const char *secret, size_t len)
{
	uint8_t hash[TELL_SHA256_LEN];
	tell_hmac_of(&style->hmac, secret, len, hash);
	tell_buf_putc(out, ':');
	for (size_t i = 0; i < HMAC_LEN; i++) {
		tell_buf_putc(out, (char)('a' + (hash[i] >> 4)));
		tell_buf_putc(out, (char)('a' + (hash[i] & 15)));
	}
}

static void put_end(struct tell_buf *out, const char *secret, size_t len)
{
	if (len < PARTIAL_MIN)
		return;
	for (size_t i = len - PARTIAL_LEN; i < len; i++)
		if (!tell_char_is(secret[i], TELL_CHAR_DIGIT | TELL_CHAR_ALPHA))
			return;
	tell_buf_putc(out, ':');
	tell_buf_put(out, secret + len - PARTIAL_LEN, PARTIAL_LEN);
}

void tell_style_put(const struct tell_style *style, struct tell_buf *out,
	const char *kind, const char *secret, size_t len)
{
	enum tell_style_kind what = style ? style->kind : TELL_STYLE_KIND;
	tell_buf_puts(out, "[REDACTED");
	if (what != TELL_STYLE_FIXED && what != TELL_STYLE_DROP) {
		tell_buf_putc(out, ':');
		tell_buf_puts(out, kind);
	}
	if (what == TELL_STYLE_PARTIAL)
		put_end(out, secret, len);
	if (what == TELL_STYLE_HMAC)
		put_hmac(style, out, secret, len);
	tell_buf_putc(out, ']');
}
