#pragma once

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
