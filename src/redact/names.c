#include "redact/names.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMES_MAX 4096
#define FILE_MAX  ((size_t)512 * 1024)
#define BLANKS	  " \t\r"

struct tell_name {
	char text[TELL_SECRET_NAME_MAX * 2];
	size_t len;
};

void tell_names_done(struct tell_names *names)
{
	free(names->at);
	*names = (struct tell_names){ 0 };
}

/* 0, -ENOMEM, -E2BIG, or -EINVAL: it is no name. */
static int add(struct tell_names *names, const char *text, size_t len)
{
	if (names->n == NAMES_MAX)
		return -E2BIG;
	if (names->n == names->cap) {
		size_t cap = names->cap ? names->cap * 2 : 8;
		struct tell_name *at = reallocarray(names->at, cap, sizeof(*at));
		if (!at)
			return -ENOMEM;
		names->at = at;
		names->cap = cap;
	}
	struct tell_name *name = &names->at[names->n];
	name->len = len > TELL_SECRET_NAME_MAX ? 0
					       : tell_secret_fold(name->text, text, len);
	if (!name->len)
		return -EINVAL;
	names->n++;
	return 0;
}

static int refuse(int r, const char *option, const char *where, struct tell_refusal *why)
{
	if (r == -EINVAL)
		return tell_refuse(why, r, option,
			"write field names with commas between, in a file one a line: "
			"account_number",
			"a name in %s is empty or longer than %d bytes", where,
			TELL_SECRET_NAME_MAX);
	if (r == -E2BIG)
		return tell_refuse(why, r, option, "name the ends of names: add=licence",
			"more than %d names in %s", NAMES_MAX, where);
	return tell_refuse(why, r, option, "free some memory", "out of memory");
}

int tell_names_add(struct tell_names *names, const char *text, const char *option,
	struct tell_refusal *why)
{
	char where[24];
	(void)snprintf(where, sizeof(where), "%s=", option); /* cut, it is for a reader */
	for (const char *p = text; p; p++) {
		size_t len = strcspn(p, ",");
		int r = add(names, p, len);
		if (r < 0)
			return refuse(r, option, where, why);
		p += len;
		if (!*p)
			break;
	}
	return 0;
}

/* One line, its end cut off. */
static int add_line(struct tell_names *names, char *line)
{
	line[strcspn(line, "#\n")] = '\0';
	line += strspn(line, BLANKS);
	size_t len = strlen(line);
	while (len && strchr(BLANKS, line[len - 1]))
		len--;
	return len ? add(names, line, len) : 0;
}

/* What is in the file, as a C string the caller frees. */
static int read_open(int fd, char **ret)
{
	struct stat st;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size > (off_t)FILE_MAX)
		return -EFBIG;
	char *text = calloc(1, (size_t)st.st_size + 1);
	if (!text)
		return -ENOMEM;
	if (read(fd, text, (size_t)st.st_size) < 0) {
		free(text);
		return -errno;
	}
	*ret = text;
	return 0;
}

static int read_all(const char *path, char **ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -errno;
	int r = read_open(fd, ret);
	(void)close(fd); /* it was only read */
	return r;
}

int tell_names_add_file(struct tell_names *names, const char *path, const char *option,
	struct tell_refusal *why)
{
	char *text = NULL, error[80];
	int r = path ? read_all(path, &text) : 0;
	if (r < 0)
		return tell_refuse(why, r, option, "write a file of names, one a line",
			"%s: %s", path,
			r == -EFBIG ? "not a file of names"
				    : strerror_r(-r, error, sizeof(error)));
	for (char *line = text, *next; line && *line && r == 0; line = next) {
		next = line + strcspn(line, "\n");
		next += *next == '\n';
		r = add_line(names, line);
	}
	free(text);
	return r < 0 ? refuse(r, option, path, why) : 0;
}

bool tell_names_have(const struct tell_names *names, const char *folded, size_t n)
{
	for (size_t i = 0; i < names->n; i++)
		if (names->at[i].len == n && memcmp(names->at[i].text, folded, n) == 0)
			return true;
	return false;
}

bool tell_names_end(const struct tell_names *names, const char *folded, size_t n)
{
	for (size_t i = 0; i < names->n; i++) {
		const struct tell_name *name = &names->at[i];
		if (n < name->len ||
			memcmp(folded + n - name->len, name->text, name->len) != 0)
			continue;
		if (n == name->len || folded[n - name->len - 1] == '_')
			return true;
	}
	return false;
}
