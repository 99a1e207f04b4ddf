#include "support/flow.h"
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "api/init.h"

static char dir[64], path[128];
static char *content;
static pid_t owner;

static void remove_dir(void)
{
	if (getpid() != owner)
		return;
	(void)unlink(path);
	(void)rmdir(dir);
}

void flow_start(const char *lines)
{
	if (!*dir) {
		(void)snprintf(dir, sizeof(dir), "/tmp/telltale-flow.XXXXXX");
		ck_assert_ptr_nonnull(mkdtemp(dir));
		(void)snprintf(path, sizeof(path), "%s/flow.jsonl", dir);
		owner = getpid();
		(void)atexit(remove_dir);
	}
	(void)unlink(path);
	char stack[4096];
	(void)snprintf(
		stack, sizeof(stack), "%s\nsink required file path=%s\n", lines, path);
	ck_assert_int_eq(tell__init_text("flow", stack), 0);
}

const char *flow_all(void)
{
	free(content);
	content = calloc(1, 1);
	FILE *f = fopen(path, "re");
	if (!f)
		return content;
	size_t n = 0, cap = 4096;
	content = realloc(content, cap);
	for (size_t got; (got = fread(content + n, 1, cap - n - 1, f)) > 0; n += got) {
		if (cap - n - got == 1)
			content = realloc(content, cap *= 2);
	}
	content[n] = '\0';
	(void)fclose(f);
	return content;
}

const char *flow_last(void)
{
	(void)flow_all();
	size_t n = strlen(content);
	if (n && content[n - 1] == '\n')
		content[--n] = '\0';
	const char *newline = strrchr(content, '\n');
	return newline ? newline + 1 : content;
}

size_t flow_count_of(const char *text)
{
	size_t n = 0;
	for (const char *at = flow_all(); (at = strstr(at, text)); at += strlen(text))
		n++;
	return n;
}

size_t flow_count(void)
{
	return flow_count_of("\n");
}

const char *flow_path(void)
{
	return path;
}

const char *flow_dir(void)
{
	return dir;
}
