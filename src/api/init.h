#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Entries for our own tools and tests; not exported. */

/* tell_init() with a stack from memory instead of the files. */
int tell__init_text(const char *service, const char *stack);

/* tell_init() for `telltale log` and `cat`: the built-in default looks for no terminal. */
int tell__init_tool(const char *service);

/* tell_init() for `telltale forward`, see TELL_STACK_FORWARDER; text: its stack, or NULL. */
int tell__init_forwarder(const char *service, const char *text);

/* Records are made on behalf of this process from now on (`cat`); 0: our own again. */
void tell__set_pid(uint32_t pid);

/* The stack of the process's own service, for its ledger; NULL before the start. Not to be
 * kept over a reload. */
struct tell_stack;
struct tell_stack *tell__stack(void);
