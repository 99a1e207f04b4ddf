/* hello.c: from printf to telltale.
 *
 *	cc hello.c $(pkg-config --cflags --libs telltale) -o hello && ./hello
 *
 * Licence: MIT. */
#include <telltale.h>

int main(void)
{
	const char *user = "ann";
	int cents = 4200;

	tell_init("hello");
	tell_infof("hello, %s", "world"); /* was printf("hello, %s\n", "world") */
	tell_info("paid", tell_var(user), tell_var(cents)); /* better: typed fields */
	return 0;
}
