/* A program that says one line with telltale and ends; start_plain.c is its rival. By the name
 * of `queued` it is the service of that name. */
#include <errno.h>
#include <string.h>
#include <telltale.h>

int main(void)
{
	(void)tell_init(strcmp(program_invocation_short_name, "queued") == 0 ? "queued"
									     : "bench");
	tell_info("hello", tell_kv("n", 1));
	return 0;
}
