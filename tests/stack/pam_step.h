#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* Which steps ran, in order: written by pam_step.so and by the test's own steps. */
#define STEPS_MAX 1024

struct step_log {
	size_t n;
	struct step {
		int id;
		uint32_t hash; /* of the arguments */
	} list[STEPS_MAX];
};

static inline void step_note(struct step_log *log, int id, uint32_t hash)
{
	if (log->n < STEPS_MAX)
		log->list[log->n++] = (struct step){ id, hash };
}

/* Words the two spellings of a stack have different: when a '\\' swallows a line they become
 * arguments. */
static inline bool step_is_spelling(const char *text)
{
	static const char *const words[] = { "auth", "redact", "account", "filter",
		"outh", "redeckt", "step", "absent" };
	text += *text == '-';
	text += *text == '[';
	size_t n = strcspn(text, "]");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strlen(words[i]) == n && strncasecmp(words[i], text, n) == 0)
			return true;
	}
	/* What follows an open '[' may hold such words. */
	if (strncmp(text, "never closed", 12) == 0)
		return true;
	return *text == '/' || (*text == 'i' && text[1] >= '0' && text[1] <= '9');
}

/* FNV-1a over the text and a NUL. Blanks at the end do not count: behind a '[' that is
 * never closed libpam has the end of the line in the argument. */
#define STEP_HASH_START UINT32_C(2166136261)

static inline uint32_t step_hash(uint32_t hash, const char *text)
{
	size_t n = strlen(text);
	while (n && strchr(" \t\n", text[n - 1]))
		n--;
	for (size_t i = 0; i < n && !step_is_spelling(text); i++)
		hash = (hash ^ (unsigned char)text[i]) * UINT32_C(16777619);
	return hash * UINT32_C(16777619);
}
