/* A program that knows nothing of telltale uses the library: its calls do nothing. With
 * libtelltale in the process (LD_PRELOAD) but no tell_init(), neither. */
#include <stdio.h>
#include "weak/cart.h"

static int n_called;

static void then(void)
{
	n_called++;
}

int main(void)
{
	int n = cart_add_c("tea", then);
#ifdef HAVE_CXX17
	n += cart_add_cxx("tea", then);
	n_called--;
#endif
	printf("called %d, evaluated %d\n", n_called, n);
	return 0;
}
