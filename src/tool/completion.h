#pragma once
#include <stdbool.h>
#include <stdio.h>
#include "tool/option.h"

/* Completion scripts, written from the verbs' option tables: what a shell offers is what
 * --help lists.
 *
 * Threads: one. Source: bash(1), Programmable Completion; zshcompsys(1), _arguments;
 *          fish's complete(1). */
#define TELL_COMPLETION_SHELLS "bash, zsh or fish"

/* The script for a shell. False: not one of those. */
bool tell_completion(const char *shell, const struct tell_verb *const *verbs, FILE *out);
