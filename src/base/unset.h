#pragma once

/* A local variable that its function sets itself: hardened builds fill all others with zeros
 * (-ftrivial-auto-var-init), which of a few hundred bytes costs as much as what a call does
 * with them. Say beside it who sets what. */
#if defined(__has_attribute) && __has_attribute(uninitialized)
#define TELL_UNSET __attribute__((uninitialized))
#else
#define TELL_UNSET
#endif
