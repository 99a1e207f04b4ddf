/* module_table [OBJECT...]: every module of this build and of objects of their own, with its options, as telltale-modules(5) writes
 * them. modules_page.sh looks for each of these pieces in the page; who adds an option pastes
 * its piece from here. */
#include <ctype.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "stack/chain.h"

/* What scdoc(5) would take for markup. */
static void put_text(const char *s)
{
	for (; *s; s++) {
		if (strchr("\\*_`", *s))
			putchar('\\');
		putchar(*s);
	}
}

static void put_choices(const char *choices)
{
	const char *between = "";
	for (const char *s = choices; *(s += strspn(s, " ")); between = "|") {
		size_t n = strcspn(s, " ");
		printf("%s*%.*s*", between, (int)n, s);
		s += n;
	}
}

static void put_value(const struct tell_option *o)
{
	switch (o->kind) {
	case TELL_OPTION_TEXT:
		fputs("_TEXT_", stdout);
		break;
	case TELL_OPTION_COUNT:
		fputs("_N_", stdout);
		break;
	case TELL_OPTION_SIZE:
		fputs("_SIZE_", stdout);
		break;
	case TELL_OPTION_DURATION:
		fputs("_DURATION_", stdout);
		break;
	case TELL_OPTION_RATIO:
		fputs("_RATIO_", stdout);
		break;
	case TELL_OPTION_BOOL:
		fputs("*yes*|*no*", stdout);
		break;
	case TELL_OPTION_LEVEL:
		fputs("_LEVEL_", stdout);
		break;
	case TELL_OPTION_CHOICE:
		put_choices(o->choices);
		break;
	case TELL_OPTION_MODE:
		fputs("_MODE_", stdout);
		break;
	case TELL_OPTION_PORT:
		fputs("_PORT_", stdout);
		break;
	case TELL_OPTION_EXPR:
		fputs("_EXPRESSION_", stdout);
		break;
	}
}

static void put_option(const struct tell_option *o)
{
	if (strcmp(o->name, "*") == 0) {
		fputs("_NAME_=", stdout);
	} else {
		fputs("*", stdout);
		put_text(o->name);
		fputs("*=", stdout);
	}
	put_value(o);
	if (o->required)
		fputs(", required", stdout);
	if (o->deflt && *o->deflt) {
		fputs(", default ", stdout);
		put_text(o->deflt);
	}
	fputs("\n\t", stdout);
	put_text(o->help);
	puts("\n");
}

static void put_module(const struct tell_module *m)
{
	bool any = strcmp(m->type, "*") == 0;
	printf("## %s%s%s\n\n%c", any ? "" : m->type, any ? "" : " ", m->name,
		toupper((unsigned char)*m->summary));
	put_text(m->summary + 1);
	puts(".\n");
	for (const struct tell_option *o = m->options; o && o->name; o++)
		put_option(o);
	putchar('\0'); /* the piece ends */
}

/* One in an object of its own: DIR/tell_TYPE_NAME.so. */
static const struct tell_module *loaded(const char *path)
{
	char symbol[80];
	const char *slash = strrchr(path, '/');
	void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	(void)snprintf(symbol, sizeof(symbol), "%s", slash ? slash + 1 : path);
	symbol[strcspn(symbol, ".")] = '\0';
	return object ? dlsym(object, symbol) : NULL;
}

int main(int argc, char **argv)
{
	bool forward = argc > 1 && strcmp(argv[1], "--forward") == 0;
	const struct tell_module *const *own = forward ? tell_modules_forward
							: tell_modules;
	for (; own && *own; own++)
		put_module(*own);
	for (int i = 1 + forward; i < argc; i++) {
		const struct tell_module *m = loaded(argv[i]);
		if (!m)
			return 1;
		put_module(m);
	}
	return 0;
}
