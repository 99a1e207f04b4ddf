#include <stdio.h>
#include <string.h>

/* The command's skeleton: knows its version, and refuses the rest as sysexits' EX_USAGE. */
int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--version")) {
		puts("telltale " TELL_VERSION);
		return 0;
	}
	fputs("telltale: no verbs yet\n", stderr);
	return 64;
}
