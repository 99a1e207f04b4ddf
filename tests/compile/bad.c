/* One mistake a CASE; none may compile, and each must be told what to write instead. */
#include <telltale.h>

struct thing {
	int a;
};
void mistake(int n, const char *name, struct thing *thing);
#define F tell_kv("a", 1)

void mistake(int n, const char *name, struct thing *thing)
{
	(void)n, (void)name, (void)thing;
#if CASE == 1 /* a bare value: printf in the structured form */
	tell_info("listening on %d", n);
#elif CASE == 2	 /* a bare value in a scope */
	TELL_SCOPE(tell_kv("a", 1), name);
#elif CASE == 3	 /* a bare value in a kept context */
	(void)tell_context_new(name);
#elif CASE == 4	 /* a bare value through a handle */
	tell_to(NULL, TELL_INFO, "m", name);
#elif CASE == 5	 /* a bare value bound to a handle */
	(void)tell_with(NULL, n);
#elif CASE == 6	 /* a value of no kind */
	tell_info("m", tell_kv("thing", *thing));
#elif CASE == 7	 /* a pointer that is no string */
	tell_info("m", tell_kv("thing", thing));
#elif CASE == 8	 /* a 17th field */
	tell_info("m", F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F);
#elif CASE == 9	 /* a 17th field in a scope */
	TELL_SCOPE(F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F);
#elif CASE == 10 /* a 40th field */
	tell_info("m", F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F,
		F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F);
#elif CASE == 11 /* a key that is no literal */
	tell_info("m", tell_kv(name, n));
#elif CASE == 12 /* a wrong argument for a format */
	tell_infof("%s", n);
#elif CASE == 13 /* a list of no kind */
	tell_info("m", tell_list("l", *thing));
#elif CASE == 14 /* a 17th element */
	tell_info("m",
		tell_list(
			"l", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17));
#elif CASE == 15 /* a bare value where the site is off at compile time is still one */
	tell_debug("m", name, 1);
#elif CASE == 16 /* a wrong argument in tell_fmt */
	tell_info(tell_fmt("%d", name));
#else
#error "no such case"
#endif
}
