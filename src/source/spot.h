#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A place in a log that is rotated, as a bookmark's cursor keeps it: found again when the file
 * has another name, or was compressed and so is another file.
 *
 * Text:    "files", and behind a tab each: device:inode:number:offset:sum:time:path
 * Limit:   TELL_SPOT_PATH bytes of path with its NUL, without a tab or a line feed.
 * Threads: pure but for the file system. */
#define TELL_SPOT_PATH 384
#define TELL_SPOT_HEAD "files"

struct tell_spot {
	uint64_t dev, ino;
	uint64_t number;  /* the generation that it is, or will be once it is rotated */
	uint64_t at;	  /* offset of the next line */
	uint32_t sum;	  /* of the last bytes before that */
	uint64_t time_us; /* of the last line that had one; 0: none had */
};

/* Can a cursor keep it? */
bool tell_spot_fits(const char *path);

/* The sum of what is before the offset. 0; -ESTALE: the file is shorter; or -errno. */
int tell_spot_sum(int fd, uint64_t at, uint32_t *ret);

/* Is what is before the offset what it was? */
bool tell_spot_holds(const struct tell_spot *s, int fd);

/* Append one to a cursor, a text with its NUL. False: it has no room. */
bool tell_spot_put(
	char *cursor, size_t size, const struct tell_spot *s, const char *path);

/* The next one of a cursor; *at begins with NULL. False: there is none that can be read. */
bool tell_spot_next(const char *cursor, const char **at, struct tell_spot *ret,
	char path[TELL_SPOT_PATH]);

/* Where the last whole line ends; where no line feed is near the end, the end. */
uint64_t tell_spot_last_line(int fd);
