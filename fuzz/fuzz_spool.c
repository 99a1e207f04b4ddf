/* A spool's segment: the bytes are what a file has behind its head. Each entry that begins there
 * and has a length gets a checksum that is right, or no input would ever pass it; what is then
 * read must be a record, and salvage must come to an end. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/crc32c.h"
#include "spool/entry.h"
#include "spool/scan.h"

#define SALT 1

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void sum_up(char *bytes, size_t size)
{
	struct tell_spool_entry e;
	const uint32_t salt = SALT;
	for (size_t at = 0; at + sizeof(e) <= size;) {
		memcpy(&e, bytes + at, sizeof(e));
		if (e.magic != TELL_SPOOL_ENTRY || e.bytes < sizeof(e) ||
			e.bytes > size - at) {
			at++;
			continue;
		}
		size_t from = offsetof(struct tell_spool_entry, bytes);
		e.crc = tell_crc32c(tell_crc32c(0, &salt, sizeof(salt)),
			bytes + at + from, e.bytes - from);
		memcpy(bytes + at, &e, sizeof(e));
		at += e.bytes;
	}
}

static void read_all(int fd)
{
	struct tell_scan scan;
	struct tell_record r;
	struct tell_value v;
	struct tell_buf block;
	const void *entry;
	tell_scan_begin(&scan, fd, SALT, 0);
	tell_buf_init(&block, TELL_SPOOL_ENTRY_MAX);
	while (tell_scan_next(&scan, &entry) > 0) {
		if (tell_spool_entry_read(&block, entry) < 0)
			continue;
		if (tell_record_view(&r, block.data, block.len) < 0)
			abort();
		for (uint32_t pos = 0; tell_record_next(&r, &pos, &v);)
			if (v.name_len == 0)
				abort();
	}
	tell_buf_done(&block);
	tell_scan_done(&scan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("segment", MFD_CLOEXEC);
	char *bytes = malloc(size + 1);
	if (fd >= 0 && bytes) {
		memcpy(bytes, data, size);
		sum_up(bytes, size);
		if (write(fd, bytes, size) == (ssize_t)size)
			read_all(fd);
	}
	free(bytes);
	if (fd >= 0)
		(void)close(fd);
	return 0;
}
