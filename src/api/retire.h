#pragma once
#include "api/service.h"

/* The stacks that a service had before this one: how they end, and that their numbers stay.
 *
 * Threads: the process's lock is held. */

/* A stack that a call is stuck in: kept, until a later swap finds that nobody walks it. */
struct tell_stuck {
	struct tell_stuck *next;
	struct tell_stack *stack;
	bool queue_ends; /* what is left in its queue is nobody's here */
};

/* Put a stack in force, NULL: none, and free the one before once nobody walks it any more. */
void tell_service_swap(struct tell_service *s, struct tell_stack *stack);

/* They stay, and are not spoken of any more: in a forked child, at the end. */
void tell_service_forget_stuck(struct tell_service *s);
