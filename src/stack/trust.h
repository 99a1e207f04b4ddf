#pragma once
#include <stdint.h>
#include <sys/stat.h>
#include "stack/report.h"

/* Files that decide what leaves this process, stacks and modules: regular ones or links to
 * such, of root or the effective user, neither they nor the directories they are in writable by
 * others (root's sticky ones above pass).
 *
 * Source:  the rules of sshd's StrictModes (sshd_config(5)). */
struct tell_trust {
	const char *path;
	const struct tell_spot *at; /* of the line that names it; NULL: none */
	struct tell_report *report; /* where what is wrong is said */
	uint64_t most;		    /* bytes it may have */
};

/* Is the file that is open as fd, and was found by its path, one of those? 0 and *ret; a
 * negative errno, reported. */
int tell_trust_file(const struct tell_trust *l, int fd, struct stat *ret);

/* Report what errno says about the file; returns it negative. */
int tell_trust_errno(const struct tell_trust *l);
