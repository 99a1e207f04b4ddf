/* A program that says one line with telltale and ends; start_plain.c is its rival. */
#include <telltale.h>

int main(void)
{
	(void)tell_init("bench");
	tell_info("hello", tell_kv("n", 1));
	return 0;
}
