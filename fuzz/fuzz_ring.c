/* Any bytes as the ring of a dead process: opened, its records handed out and translated. What
 * comes out is a record; nothing else happens. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/buf.h"
#include "encode/encode.h"
#include "queue/merge.h"
#include "queue/orphan.h"
#include "record/record.h"

#define NOBODY 4194305u /* pid_max is less */

static void expect(bool yes)
{
	if (!yes)
		abort();
}

/* A record of another is encoded as ours are. */
static void encode(const void *block)
{
	static const struct tell_identity who = { .service = "fuzz", .host = "h" };
	const struct tell_head *h = block;
	struct tell_layout layout = { .who = &who };
	struct tell_record r = { 0 }, view;
	struct tell_buf out = { 0 };
	expect(tell_record_view(&view, h, h->size) == 0);
	expect(tell_record_copy(&r, h, h->size) == 0);
	tell_encode_json(&out, &r, &layout);
	tell_buf_done(&out);
	tell_record_done(&r);
}

static void hand_out(struct tell_orphan *o)
{
	static struct tell_merge m;
	tell_merge_begin(&m, o->lanes, o->n_lanes, o->head.pairs);
	for (int i; (i = tell_merge_next(&m)) >= 0;) {
		const void *block = tell_orphan_next(o, (uint32_t)i);
		if (block)
			encode(block);
		tell_merge_step(&m, (uint32_t)i);
	}
	expect(tell_orphan_done(o) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static int dir = -1;
	static char path[] = "/dev/shm/telltale-fuzz.XXXXXX";
	struct tell_orphan *o;
	if (dir < 0) {
		expect(mkdtemp(path) != NULL);
		dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		expect(dir >= 0);
	}
	int fd = openat(dir, "ring", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	expect(fd >= 0 && write(fd, data, len) == (ssize_t)len);
	(void)close(fd);
	if (tell_orphan_open(&o, dir, "ring", NOBODY) == 0) {
		hand_out(o);
		o = tell_orphan_close(o);
	}
	(void)unlinkat(dir, "ring", 0);
	return 0;
}
