#include "meter/memo.h"
#include <string.h>
#include "meter/cells.h"

/* Any odd numbers with many bits: these are of xxHash64. */
#define K1 UINT64_C(0x9e3779b185ebca87)
#define K2 UINT64_C(0xc2b2ae3d27d4eb4f)

/* Both ends and the length. Values that differ in their middle share a slot, no more. */
static uint64_t mix(uint64_t h, const char *s, size_t n)
{
	uint64_t a = 0, b = 0;
	if (n >= sizeof(a)) {
		memcpy(&a, s, sizeof(a));
		memcpy(&b, s + n - sizeof(b), sizeof(b));
	} else if (n >= 4) {
		memcpy(&a, s, 4);
		memcpy(&b, s + n - 4, 4);
	} else if (n) {
		a = (uint64_t)(unsigned char)s[0] << 8 | (unsigned char)s[n / 2];
		b = (unsigned char)s[n - 1];
	}
	h = (h ^ a ^ n) * K1;
	h = (h ^ h >> 32 ^ b) * K2;
	return h ^ h >> 29;
}

struct tell_series **tell_memo_slot(
	const struct tell_family *f, const char *const *values, size_t n)
{
	struct tell_series **slots = tell_cells_memo();
	uint64_t h = (uintptr_t)f;
	if (!slots || n != f->n_labels)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		size_t len = values[i] ? strnlen(values[i], TELL_LABEL_VALUE + 1) : 0;
		if (!values[i] || len > TELL_LABEL_VALUE)
			return NULL; /* kept as another text: would never be found */
		h = mix(h, values[i], len);
	}
	return &slots[h % TELL_MEMO_SLOTS];
}

struct tell_series *tell_memo_get(struct tell_series *const *slot,
	const struct tell_family *f, const char *const *values, size_t n)
{
	struct tell_series *s = __atomic_load_n(slot, __ATOMIC_RELAXED);
	if (!s || s->family != f)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (strcmp(values[i], s->values[i]) != 0)
			return NULL;
	return s;
}

void tell_memo_put(struct tell_series **slot, struct tell_series *s)
{
	__atomic_store_n(slot, s, __ATOMIC_RELAXED);
}
