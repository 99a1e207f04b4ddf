/* A service that counts what it is told: SERVICE as its argument, on stdin a line a number,
 *
 *	counter|gauge|histogram NAME VALUE [LABEL=VALUE...]
 *
 * answered with "ok", or the errno. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale.h>
#include <telltale/metric.h>

#define WORDS (3 + TELL_LABELS_MAX)

static int count(char **word, const char *labels, const char **values, size_t n)
{
	struct tell_counter *c;
	int r = tell_counter_new(&c, word[1], "Told.", labels);
	if (r == 0)
		tell_counter_add(
			tell__counter_with(c, values, n), strtoull(word[2], NULL, 10));
	return r;
}

static int set(char **word, const char *labels, const char **values, size_t n)
{
	struct tell_gauge *g;
	int r = tell_gauge_new(&g, word[1], "Told.", labels);
	if (r == 0)
		tell_gauge_set(tell__gauge_with(g, values, n), strtod(word[2], NULL));
	return r;
}

static int observe(char **word, const char *labels, const char **values, size_t n)
{
	struct tell_histogram *h;
	int r = tell_histogram_new(&h, word[1], "Told.", labels, TELL_SECONDS);
	if (r == 0)
		tell_histogram_observe(
			tell__histogram_with(h, values, n), strtod(word[2], NULL));
	return r;
}

static int obey(char **word, size_t n_words)
{
	char labels[400] = "";
	const char *values[TELL_LABELS_MAX];
	size_t n = 0;
	for (size_t i = 3; i < n_words; i++) {
		char *equals = strchr(word[i], '=');
		if (!equals || strlen(labels) + strlen(word[i]) + 2 > sizeof(labels))
			return -1;
		*equals = '\0';
		strcat(labels, word[i]); /* it fits */
		strcat(labels, " ");
		values[n++] = equals + 1;
	}
	if (strcmp(word[0], "counter") == 0)
		return count(word, labels, values, n);
	return strcmp(word[0], "gauge") == 0 ? set(word, labels, values, n)
					     : observe(word, labels, values, n);
}

int main(int argc, char **argv)
{
	char line[1000];
	if (argc != 2)
		return 64;
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	(void)tell_init(argv[1]);
	tell_info("ready");
	while (fgets(line, sizeof(line), stdin)) {
		char *word[WORDS], *rest = line;
		size_t n = 0;
		while (n < WORDS && (word[n] = strtok_r(n ? NULL : line, " \n", &rest)))
			n++;
		int r = n < 3 ? -1 : obey(word, n);
		if (r < 0)
			printf("%d\n", r);
		else
			puts("ok");
	}
	tell_close();
	return 0;
}
