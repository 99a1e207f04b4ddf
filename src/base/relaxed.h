#pragma once
#include <stdint.h>

/* A double that one thread writes and others read while it does: as relaxed atomics, which
 * gcc moves through an integer register each time; a volatile one of 8 aligned bytes is as
 * whole on every machine that the library runs on.
 *
 * Threads: one writer; whoever else writes does so by __atomic_exchange(). */
#if defined(__SANITIZE_THREAD__)
static inline double tell_f64_load(const double *from)
{
	double v;
	__atomic_load(from, &v, __ATOMIC_RELAXED);
	return v;
}

static inline void tell_f64_store(double *to, double v)
{
	__atomic_store(to, &v, __ATOMIC_RELAXED);
}
#else
static inline double tell_f64_load(const double *from)
{
	return *(const volatile double *)from;
}

static inline void tell_f64_store(double *to, double v)
{
	*(volatile double *)to = v;
}
#endif

/* One more, of a number that one thread writes: where the processor has it, one instruction,
 * which no signal's handler can come in the middle of. gcc makes four of the atomic forms. */
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
static inline void tell_u64_bump(uint64_t *n)
{
	__asm__("addq $1, %0" : "+m"(*n) : : "cc");
}
#else
static inline void tell_u64_bump(uint64_t *n)
{
	__atomic_store_n(n, __atomic_load_n(n, __ATOMIC_RELAXED) + 1, __ATOMIC_RELAXED);
}
#endif
