/* A set-user-ID service for tests/fault/setuid.sh: logs at info and debug as `honest`, and
 * tells whose rights it has; then whether a stack that asks for a control socket gets one. */
#include <stdio.h>
#include <telltale.h>
#include <unistd.h>
#include "api/init.h"
#include "api/process.h"

/* With a queue there is a thread anyway. */
#define STACK                                                                            \
	"service required settings control=yes\n"                                        \
	"queue required permit\n"                                                        \
	"sink required permit\n"

int main(void)
{
	printf("uid=%d euid=%d\n", (int)getuid(), (int)geteuid());
	(void)tell_init("honest");
	tell_info("an info record");
	tell_debug("a debug record");
	tell_close();
	(void)tell__init_text("honest", STACK);
	tell_info("a record");
	const struct tell_service_thread *t = &tell_process.main.thread;
	printf("thread=%d socket=%d\n", tell_service_thread_runs(t), t->controlled);
	tell_close();
	return 0;
}
