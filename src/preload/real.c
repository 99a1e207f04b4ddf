#include "preload/real.h"
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

struct tell_real tell_real;

/* dlsym() may allocate, and an allocator may log: that call finds nothing yet. */
static __thread bool looking __attribute__((tls_model("initial-exec")));

void tell_real_find(void *slot, const char *name)
{
	void **to = slot; /* a pointer to a function, as dlsym() has it (POSIX) */
	if (__atomic_load_n(to, __ATOMIC_ACQUIRE) || looking)
		return;
	int saved = errno;
	looking = true;
	void *found = dlsym(RTLD_NEXT, name);
	looking = false;
	__atomic_store_n(to, found, __ATOMIC_RELEASE);
	errno = saved;
}

void tell_real_find_sockets(void)
{
	tell_real_find(&tell_real.connect, "connect");
	tell_real_find(&tell_real.send, "send");
	tell_real_find(&tell_real.sendto, "sendto");
	tell_real_find(&tell_real.sendmsg, "sendmsg");
	tell_real_find(&tell_real.write, "write");
	tell_real_find(&tell_real.writev, "writev");
}
