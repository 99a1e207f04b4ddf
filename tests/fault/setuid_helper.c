/* A set-user-ID service for tests/fault/setuid.sh: logs at info and debug as `honest`, and
 * tells whose rights it has. */
#include <stdio.h>
#include <telltale.h>
#include <unistd.h>

int main(void)
{
	printf("uid=%d euid=%d\n", (int)getuid(), (int)geteuid());
	(void)tell_init("honest");
	tell_info("an info record");
	tell_debug("a debug record");
	tell_close();
	return 0;
}
