/* A set-user-ID service for tests/fault/setuid.sh: logs at info and debug as `honest`, or
 * with an argument as who it is called when nobody said; tells its rights and its name. */
#include <stdio.h>
#include <telltale.h>
#include <unistd.h>
#include "api/process.h"

int main(int argc, char **argv)
{
	printf("uid=%d euid=%d\n", (int)getuid(), (int)geteuid());
	(void)argv;
	if (argc == 1)
		(void)tell_init("honest");
	tell_info("an info record");
	tell_debug("a debug record");
	printf("service=%s\n", tell_process.main.name);
	tell_close();
	return 0;
}
