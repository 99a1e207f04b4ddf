#include "api/program.h"
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

static const char deleted[] = " (deleted)"; /* proc_pid_exe(5) */

bool tell_program_of(char buf[TELL_PROGRAM_MAX], const char *exe, size_t len)
{
	size_t end = sizeof(deleted) - 1;
	if (len > end && memcmp(exe + len - end, deleted, end) == 0)
		len -= end;
	const char *slash = memrchr(exe, '/', len);
	const char *name = slash ? slash + 1 : exe;
	size_t n = len - (size_t)(name - exe);
	if (n == 0 || n >= TELL_PROGRAM_MAX)
		return false;
	memcpy(buf, name, n);
	buf[n] = '\0';
	return true;
}

const char *tell_program_name_if(bool secure, char buf[TELL_PROGRAM_MAX])
{
	char exe[PATH_MAX];
	if (!secure)
		return program_invocation_short_name;
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe));
	if (n <= 0 || n == sizeof(exe) || !tell_program_of(buf, exe, (size_t)n))
		return TELL_PROGRAM_UNKNOWN;
	return buf;
}

const char *tell_program_name(char buf[TELL_PROGRAM_MAX])
{
	return tell_program_name_if(getauxval(AT_SECURE) != 0, buf);
}
