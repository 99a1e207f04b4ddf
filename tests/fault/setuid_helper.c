/* A set-user-ID service for tests/fault/setuid.sh: logs at info and debug as `honest`, or
 * with an argument as who it is called when nobody said; tells its rights and its name, and
 * whether a stack that asks for a control socket gets one. */
#include <stdio.h>
#include <telltale.h>
#include <unistd.h>
#include "api/init.h"
#include "api/process.h"

/* With a health line there is a thread anyway. */
#define STACK                                                                            \
	"service required settings control=yes\n"                                        \
	"health optional permit\n"                                                       \
	"sink required permit\n"

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
	(void)tell__init_text("honest", STACK);
	tell_info("a record");
	const struct tell_service_thread *t = &tell_process.main.thread;
	printf("thread=%d socket=%d\n", tell_service_thread_runs(t), t->controlled);
	tell_close();
	return 0;
}
