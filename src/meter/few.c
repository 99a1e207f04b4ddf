#include "meter/few.h"
#include <stdlib.h>
#include <string.h>

void tell_few_add(struct tell_few *f, double value)
{
	if (f->n == TELL_FEW)
		f->over = true;
	else
		f->at[f->n++] = value;
}

void tell_few_join(struct tell_few *f, const double *values, uint32_t n, bool over)
{
	f->over |= over;
	for (uint32_t i = 0; i < n && !f->over; i++)
		tell_few_add(f, values[i]);
}

static int compare(const void *a, const void *b)
{
	double x, y;
	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

double tell_few_rank(const struct tell_few *f, uint64_t rank)
{
	double sorted[TELL_FEW];
	memcpy(sorted, f->at, f->n * sizeof(*sorted));
	qsort(sorted, f->n, sizeof(*sorted), compare); /* so few need no memory */
	return sorted[rank - 1];
}

/* An entry is whole when no later one may have taken its place while it was read. */
void tell_few_ring_take(struct tell_few_ring *r, struct tell_few *to)
{
	uint64_t from = r->seen, n = __atomic_load_n(&r->n, __ATOMIC_ACQUIRE);
	r->seen = n;
	to->over |= n - from > TELL_FEW;
	for (uint64_t i = from; i < n && !to->over; i++) {
		double value;
		__atomic_load(&r->at[i % TELL_FEW_RING], &value, __ATOMIC_ACQUIRE);
		tell_few_add(to, value);
	}
	to->over |= __atomic_load_n(&r->n, __ATOMIC_RELAXED) - from >= TELL_FEW_RING;
}
