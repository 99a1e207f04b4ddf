#include "tool/pager.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t pager_pid;

static const char *wanted(void)
{
	const char *word = secure_getenv("TELLTALE_PAGER");
	if (!word)
		word = secure_getenv("PAGER");
	if (!word)
		word = "less";
	return *word && strcmp(word, "cat") != 0 ? word : NULL;
}

/* In the child: become the pager. Colours pass, short output does not stay open, and less
 * may not start commands when somebody else's rights are in force. */
static void become(const char *word, int in)
{
	(void)dup2(in, STDIN_FILENO); /* in is open and not 0 */
	(void)setenv("LESS", "FRSXMK", 0);
	(void)setenv("LESSCHARSET", "utf-8", 0);
	if (geteuid() != getuid())
		(void)setenv("LESSSECURE", "1", 1);
	(void)execl("/bin/sh", "sh", "-c", word, (char *)NULL);
	_exit(127);
}

bool tell_pager_open(void)
{
	const char *word = wanted();
	int fds[2];
	if (!word || !isatty(STDOUT_FILENO) || pager_pid || pipe(fds) < 0)
		return false;
	(void)fflush(stdout); /* nothing has been written yet */
	pid_t pid = fork();
	if (pid == 0) {
		(void)close(fds[1]);
		become(word, fds[0]);
	}
	(void)close(fds[0]);
	if (pid < 0 || dup2(fds[1], STDOUT_FILENO) < 0) {
		(void)close(fds[1]);
		return false;
	}
	(void)close(fds[1]);
	pager_pid = pid;
	return true;
}

void tell_pager_close(void)
{
	if (!pager_pid)
		return;
	(void)fflush(stdout); /* a reader that left early is no error */
	(void)close(STDOUT_FILENO);
	while (waitpid(pager_pid, NULL, 0) < 0 && errno == EINTR)
		;
	pager_pid = 0;
}
