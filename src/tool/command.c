#include "tool/command.h"
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "base/cleanup.h"

#define SCRIPTS_MAX 5	/* one script's interpreter may be another: execve(2) */
#define FIRST_LINE  256 /* BINPRM_BUF_SIZE */
#define PATH_USUAL  "/bin:/usr/bin"

/* ---- finding ---- */

static bool may_run(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

bool tell_command_find(const char *command, char path[TELL_COMMAND_PATH_MAX])
{
	const char *dirs = getenv("PATH");
	if (strchr(command, '/')) {
		int n = snprintf(path, TELL_COMMAND_PATH_MAX, "%s", command);
		return n < TELL_COMMAND_PATH_MAX && may_run(path);
	}
	for (const char *at = dirs ? dirs : PATH_USUAL; at;) {
		size_t n = strcspn(at, ":");
		int len = snprintf(path, TELL_COMMAND_PATH_MAX, "%.*s%s%s", (int)n, at,
			n ? "/" : "", command);
		if (len > 0 && len < TELL_COMMAND_PATH_MAX && may_run(path))
			return true;
		at = at[n] ? at + n + 1 : NULL;
	}
	return false;
}

/* ---- the file ---- */

struct elf {
	ElfW(Ehdr) head;
	char interpreter[PATH_MAX]; /* "" when there is none */
};

static bool read_at(int fd, void *to, size_t n, size_t at)
{
	return pread(fd, to, n, (off_t)at) == (ssize_t)n;
}

/* False: no ELF file of this machine's size and byte order. */
static bool read_elf(int fd, struct elf *e)
{
	const ElfW(Ehdr) *h = &e->head;
	const int class = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;
	const int data = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB
								   : ELFDATA2MSB;
	e->interpreter[0] = '\0';
	if (!read_at(fd, &e->head, sizeof(e->head), 0) || h->e_ident[EI_CLASS] != class ||
		h->e_ident[EI_DATA] != data || h->e_phentsize != sizeof(ElfW(Phdr)))
		return false;
	for (size_t i = 0; i < h->e_phnum; i++) {
		ElfW(Phdr) ph;
		if (!read_at(fd, &ph, sizeof(ph), h->e_phoff + i * sizeof(ph)))
			return false;
		if (ph.p_type != PT_INTERP)
			continue;
		if (ph.p_filesz < 2 || ph.p_filesz > sizeof(e->interpreter) ||
			!read_at(fd, e->interpreter, ph.p_filesz, ph.p_offset))
			return false;
		e->interpreter[ph.p_filesz - 1] = '\0';
		break;
	}
	return true;
}

static bool same_file(const char *a, const char *b)
{
	struct stat sa, sb;
	return stat(a, &sa) == 0 && stat(b, &sb) == 0 && sa.st_dev == sb.st_dev &&
		sa.st_ino == sb.st_ino;
}

static enum tell_command_kind kind_of_elf(int fd)
{
	static struct elf own, e; /* large */
	TELL_CLEANUP(tell_closep) int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (!read_elf(fd, &e))
		return TELL_COMMAND_FOREIGN;
	bool known = self >= 0 && read_elf(self, &own);
	if (known && e.head.e_machine != own.head.e_machine)
		return TELL_COMMAND_FOREIGN;
	if (!e.interpreter[0])
		return TELL_COMMAND_STATIC;
	if (known && own.interpreter[0] && !same_file(e.interpreter, own.interpreter))
		return TELL_COMMAND_FOREIGN;
	return TELL_COMMAND_DYNAMIC;
}

/* Would execve(2) change what this process may do? Root's capabilities come anyway. */
static bool is_secure(int fd)
{
	struct stat st;
	struct statvfs fs;
	if (fstat(fd, &st) < 0 || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ||
		(fstatvfs(fd, &fs) == 0 && fs.f_flag & ST_NOSUID))
		return false;
	bool user = st.st_mode & S_ISUID && st.st_uid != getuid();
	bool group = (st.st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) &&
		st.st_gid != getgid();
	bool caps = getuid() != 0 && fgetxattr(fd, "security.capability", NULL, 0) > 0;
	return user || group || caps;
}

/* "#!/bin/sh -e": /bin/sh, in line itself. NULL: no script. */
static const char *interpreter_of(char line[FIRST_LINE])
{
	if (line[0] != '#' || line[1] != '!')
		return NULL;
	char *path = line + 2 + strspn(line + 2, " \t");
	path[strcspn(path, " \t\n")] = '\0';
	return *path ? path : NULL;
}

enum tell_command_kind tell_command_kind(const char *path)
{
	char line[FIRST_LINE + 1] = "", next[FIRST_LINE];
	for (int i = 0; i < SCRIPTS_MAX; i++) {
		TELL_CLEANUP(tell_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t n = fd < 0 ? -1 : pread(fd, line, FIRST_LINE, 0);
		if (n < 0)
			return TELL_COMMAND_UNKNOWN; /* may be run, but not read */
		line[n] = '\0';
		if (n >= SELFMAG && memcmp(line, ELFMAG, SELFMAG) == 0)
			return is_secure(fd) ? TELL_COMMAND_SECURE : kind_of_elf(fd);
		const char *interpreter = interpreter_of(line);
		if (!interpreter)
			return TELL_COMMAND_UNKNOWN; /* a shell's, perhaps */
		(void)snprintf(next, sizeof(next), "%s", interpreter);
		path = next;
	}
	return TELL_COMMAND_UNKNOWN;
}
