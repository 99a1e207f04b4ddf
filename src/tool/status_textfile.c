/* telltale status --textfile: for node_exporter's textfile collector. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "tool/status.h"
#include "tool/verbs.h"

#define MODE 0644 /* node_exporter has a user of its own */

static int write_all(int fd, const char *bytes, size_t n)
{
	while (n) {
		ssize_t w = write(fd, bytes, n);
		if (w < 0 && errno != EINTR)
			return -errno;
		if (w < 0)
			continue;
		bytes += w;
		n -= (size_t)w;
	}
	return 0;
}

static int fill(int fd, const struct tell_buf *text)
{
	int r = write_all(fd, text->data, text->len);
	if (r == 0 && fchmod(fd, MODE) < 0)
		r = -errno;
	/* A crash must not leave a name without its bytes. */
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	return r;
}

/* Under a name of its own that does not end in .prom, so that nobody reads it half; two of us at
 * once do not meet. */
static int replace(const char *path, char *temporary, const struct tell_buf *text)
{
	int fd = mkstemp(temporary);
	if (fd < 0)
		return -errno;
	int r = fill(fd, text);
	if (r == 0 && rename(temporary, path) < 0)
		r = -errno;
	if (r < 0)
		(void)unlink(temporary); /* it failed before */
	return r;
}

int tell_status_textfile(const char *dir, const struct tell_buf *text)
{
	char *path = NULL, *temporary = NULL;
	int r = -ENOMEM;
	if (asprintf(&path, "%s/" TELL_STATUS_TEXTFILE, dir) < 0)
		path = NULL;
	if (asprintf(&temporary, "%s/." TELL_STATUS_TEXTFILE ".XXXXXX", dir) < 0)
		temporary = NULL;
	if (path && temporary && !text->cut)
		r = replace(path, temporary, text);
	if (r < 0)
		(void)tell_cli_error(EX_CANTCREAT, "status", "%s/%s: %s", dir,
			TELL_STATUS_TEXTFILE, strerror(-r));
	free(path);
	free(temporary);
	return r < 0 ? EX_CANTCREAT : EX_OK;
}
