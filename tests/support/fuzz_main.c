#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* main() of a fuzz target outside libFuzzer: hands over each file it is given, so that
 * `make check` replays the committed corpora with any compiler. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Weak: a program linked with this library for other reasons has no target. */
__attribute__((weak)) int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	(void)data;
	(void)len;
	return 1;
}

#define FILE_LIMIT ((size_t)1 << 20) /* bytes of a file that are read */

static int replay(const char *path, uint8_t *bytes)
{
	FILE *f = fopen(path, "rb");
	if (!f) {
		perror(path);
		return 1;
	}
	size_t len = fread(bytes, 1, FILE_LIMIT, f);
	int bad = ferror(f);
	(void)fclose(f); /* read only */
	if (bad) {
		perror(path);
		return 1;
	}

	/* A copy of the exact size: a sanitizer sees one byte too far. */
	uint8_t *exact = malloc(len ? len : 1);
	if (!exact)
		return 1;
	for (size_t i = 0; i < len; i++)
		exact[i] = bytes[i];
	int status = LLVMFuzzerTestOneInput(exact, len);
	free(exact);
	return status;
}

int main(int argc, char **argv)
{
	uint8_t *bytes = malloc(FILE_LIMIT);
	if (!bytes)
		return 1;
	int status = 0;
	for (int i = 1; i < argc && !status; i++)
		status = replay(argv[i], bytes);
	free(bytes);
	return status;
}
