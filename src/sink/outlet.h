#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

/* A descriptor of the host's, stdout or stderr: written as it is, without ever waiting for
 * who reads it, and without changing the flags that it shares with others.
 *
 *	struct tell_outlet o = { 0 };
 *	tell_outlet_look(&o, STDERR_FILENO);
 *	n = tell_outlet_write(&o, p, len);
 *
 * Pipes:     RWF_NOWAIT (pwritev2(2); pipes take it since Linux 6.4).
 * Terminals, older kernels: what stands at /proc/self/fd/N opened anew, O_NONBLOCK, for
 *            this write only: a descriptor of ours that stayed open would keep a pipe's
 *            reader, or a login, waiting for its end.
 * Else:      (no /proc, a terminal of another user) after asking poll(2). A terminal that
 *            has less room than the line needs can still hold the caller.
 * Signals:   SIGPIPE and SIGXFSZ of the write do not reach the host.
 * Threads:   one at a time. */
enum tell_outlet_kind {
	TELL_OUTLET_CLOSED,
	TELL_OUTLET_FILE, /* or what never waits: a device that is no terminal */
	TELL_OUTLET_PIPE,
	TELL_OUTLET_SOCKET,
	TELL_OUTLET_TERMINAL
};

struct tell_outlet {
	int fd;
	enum tell_outlet_kind kind;
	bool limited;	    /* RLIMIT_FSIZE is in force */
	bool cannot_nowait; /* the kernel knows no RWF_NOWAIT here */
	dev_t dev;
	ino_t ino;
};

/* What is fd now? True: another file than the last time. Start with { 0 }. */
bool tell_outlet_look(struct tell_outlet *o, int fd);

/* Bytes written, maybe not all; -EAGAIN: it takes none now; -errno. Pipes and terminals get
 * at most PIPE_BUF at once. */
ssize_t tell_outlet_write(struct tell_outlet *o, const char *data, size_t len);
