#include "support/check_main.h"
#include <stdarg.h>

void tell_check_add(Suite *s, const char *name, ...)
{
	TCase *tc = tcase_create(name);
	va_list ap;
	va_start(ap, name);
	for (const TTest *t; (t = va_arg(ap, const TTest *));)
		tcase_add_test(tc, t);
	va_end(ap);
	suite_add_tcase(s, tc);
}

int tell_check_run(Suite *s)
{
	SRunner *sr = srunner_create(s);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	int failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? 1 : 0;
}
