/* What is out of line of counters, <telltale/metric.h>. */
#include "meter/cells.h"

void tell__counter_add(struct tell_counter *c, uint64_t n)
{
	tell_cell_add(c->tell__cell, n);
}

uint64_t tell_counter_get(const struct tell_counter *c)
{
	return c ? tell_cell_sum(c->tell__cell) : 0;
}
