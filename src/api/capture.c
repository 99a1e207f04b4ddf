#include <errno.h>
#include <stdbool.h>
#include <telltale/capture.h>
#include <telltale/log.h>

#include "api/init.h"
#include "record/expr.h"
#include "sink/capture.h"

/* Types that are not named here keep their built-in default: the usual redaction. */
#define STACK                                                                            \
	"filter required level min=debug\n"                                              \
	"sink required capture\n"

int tell_capture_start(const char *service)
{
	tell_captured_clear();
	return tell__init_text(service, STACK);
}

void tell_capture_stop(void)
{
	tell_close();
	tell_captured_clear();
}

void tell_capture_clear(void)
{
	tell_captured_clear();
}

long tell_capture_count(const char *where)
{
	struct tell_expr *e = NULL;

	if (where && tell_expr_new(&e, where, NULL) < 0)
		return -EINVAL;
	size_t n = tell_captured_count(e);
	tell_expr_free(e);
	return (long)n;
}

long tell_capture_find(const char *where, size_t from)
{
	struct tell_expr *e = NULL;
	size_t place;

	if (where && tell_expr_new(&e, where, NULL) < 0)
		return -EINVAL;
	bool found = tell_captured_find(e, from, &place);
	tell_expr_free(e);
	return found ? (long)place : -ENOENT;
}

const char *tell_capture_json(size_t i)
{
	return tell_captured_json(i);
}

uint64_t tell_capture_dropped(void)
{
	return tell_captured_dropped();
}
