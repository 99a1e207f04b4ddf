#include "queue/dict.h"
#include <stdlib.h>
#include <string.h>
#include <telltale/log.h>
#include "record/deferred.h"
#include "record/place.h"
#include "record/slot.h"

/* Slots with a number of the dictionary: all but those with their name inside. */
static bool is_numbered(const struct tell_slot *s)
{
	return s->key != TELL_KEY_INLINE && s->key < TELL_KEYS_MAX;
}

bool tell_dict_knows(const struct tell_dict *d, const struct tell_head *h)
{
	if (!tell_dict_has(d->places, h->place))
		return false;
	for (size_t at = sizeof(*h); at < h->size;) {
		const struct tell_slot *s = tell_slot_at(h, at);
		if (is_numbered(s) && !tell_dict_has(d->keys, s->key))
			return false;
		at += tell_slot_bytes(s);
	}
	return true;
}

static void set(uint64_t *bits, uint32_t id)
{
	__atomic_store_n(&bits[id / 64], bits[id / 64] | UINT64_C(1) << (id % 64),
		__ATOMIC_RELEASE);
}

/* Where a word with so many bytes of text goes; NULL: no room. */
static struct tell_word *word_new(struct tell_dict *d, size_t text, uint32_t *ret_bytes)
{
	size_t bytes = tell_pad8(sizeof(struct tell_word) + text);
	if (!d->chunk || bytes > d->room - d->chunk->used)
		return NULL;
	*ret_bytes = (uint32_t)bytes;
	return (struct tell_word *)((char *)(d->chunk + 1) + d->chunk->used);
}

/* It counts from now on. */
static void word_end(struct tell_dict *d, const struct tell_word *w)
{
	__atomic_store_n(&d->chunk->used, d->chunk->used + w->bytes, __ATOMIC_RELEASE);
}

static bool add_key(struct tell_dict *d, uint16_t id)
{
	const struct tell_key *k = tell_key_by_id(id);
	uint32_t bytes;
	struct tell_word *w = k ? word_new(d, k->len, &bytes) : NULL;
	if (!w)
		return !k;
	*w = (struct tell_word){
		.bytes = bytes, .kind = TELL_WORD_KEY, .id = id, .key_len = k->len
	};
	memcpy(w + 1, k->name, k->len);
	word_end(d, w);
	set(d->keys, id);
	return true;
}

static bool add_form(struct tell_dict *d, uint32_t id, const char *form)
{
	size_t n = strlen(form); /* at most TELL_DEFERRED_FORM */
	uint32_t bytes;
	struct tell_word *w = word_new(d, n, &bytes);
	if (!w)
		return false;
	*w = (struct tell_word){
		.bytes = bytes, .kind = TELL_WORD_FORM, .id = id, .key_len = (uint16_t)n
	};
	memcpy(w + 1, form, n);
	word_end(d, w);
	return true;
}

static bool add_place(struct tell_dict *d, uint32_t id)
{
	const struct tell_place *p = tell_place(id);
	uint32_t bytes;
	struct tell_word *w = word_new(
		d, (size_t)p->file_len + p->func_len + p->logger_len, &bytes);
	if (!w)
		return false;
	*w = (struct tell_word){ .bytes = bytes,
		.kind = TELL_WORD_PLACE,
		.file_len = (uint8_t)p->file_len,
		.func_len = (uint8_t)p->func_len,
		.logger_len = (uint8_t)p->logger_len,
		.id = id,
		.line = p->line };
	char *text = (char *)(w + 1);
	memcpy(text, p->file, p->file_len);
	memcpy(text + p->file_len, p->func, p->func_len);
	memcpy(text + p->file_len + p->func_len, p->logger, p->logger_len);
	word_end(d, w);
	if (p->form && !add_form(d, id, p->form))
		return false; /* both again in the next chunk */
	set(d->places, id);
	return true;
}

bool tell_dict_add(struct tell_dict *d, const struct tell_head *h)
{
	if (!tell_dict_has(d->places, h->place) && !add_place(d, h->place))
		return false;
	for (size_t at = sizeof(*h); at < h->size;) {
		const struct tell_slot *s = tell_slot_at(h, at);
		if (is_numbered(s) && !tell_dict_has(d->keys, s->key) &&
			!add_key(d, s->key))
			return false;
		at += tell_slot_bytes(s);
	}
	return true;
}

/* ---- reading another's ---- */

/* The names to which no spelling leads. */
static const struct tell_key *well_known(const char *name, size_t len)
{
	for (uint16_t id = TELL_KEY_INLINE + 1; id < TELL_KEY_FIRST_FREE; id++) {
		const struct tell_key *k = tell_key_by_id(id);
		if (k && k->len == len && memcmp(k->name, name, len) == 0)
			return k;
	}
	return NULL;
}

static void learn_key(
	struct tell_dict_map *m, const struct tell_word *w, const char *text)
{
	if (w->id == TELL_KEY_INLINE || w->id >= TELL_KEYS_MAX || w->key_len == 0 ||
		w->key_len > TELL_NAME_MAX)
		return;
	const struct tell_key *k = well_known(text, w->key_len);
	if (!k)
		k = tell_key_of(text, w->key_len);
	m->keys[w->id] = k ? k->id : 0;
}

static void learn_place(
	struct tell_dict_map *m, const struct tell_word *w, const char *text)
{
	char names[3][UINT8_MAX + 1];
	const uint8_t len[3] = { w->file_len, w->func_len, w->logger_len };
	if (w->id >= TELL_DICT_PLACES)
		return;
	if (!m->places && !(m->places = calloc(TELL_DICT_PLACES, sizeof(*m->places))))
		return;
	for (int i = 0; i < 3; text += len[i++]) {
		memcpy(names[i], text, len[i]);
		names[i][len[i]] = '\0';
	}
	struct tell_site site = {
		.line = w->line, .file = names[0], .func = names[1], .logger = names[2]
	};
	m->places[w->id] = tell_place_add(&site);
}

/* The place that came before, with its form. */
static void learn_form(
	struct tell_dict_map *m, const struct tell_word *w, const char *text)
{
	char form[TELL_DEFERRED_FORM + 1];
	struct tell_deferred arguments;
	if (w->key_len > TELL_DEFERRED_FORM || w->id >= TELL_DICT_PLACES || !m->places)
		return;
	memcpy(form, text, w->key_len);
	form[w->key_len] = '\0';
	const struct tell_place *p = tell_place(m->places[w->id]);
	struct tell_site site = {
		.line = p->line, .file = p->file, .func = p->func, .logger = p->logger
	};
	if (tell_deferred_parse(&arguments, form))
		m->places[w->id] = tell_place_add_form(&site, form);
}

static size_t text_of(const struct tell_word *w)
{
	if (w->kind == TELL_WORD_PLACE)
		return (size_t)w->file_len + w->func_len + w->logger_len;
	return w->key_len;
}

bool tell_dict_learn(struct tell_dict_map *m, const void *chunk, size_t bytes)
{
	const struct tell_dict_head *d = chunk;
	if (bytes < sizeof(*d))
		return false;
	size_t used = __atomic_load_n(&d->used, __ATOMIC_ACQUIRE);
	if (used > bytes - sizeof(*d))
		return false;
	const char *at = (const char *)(d + 1), *end = at + used;
	while (at < end) {
		struct tell_word w;
		if ((size_t)(end - at) < sizeof(w))
			return false;
		memcpy(&w, at, sizeof(w));
		if (w.bytes % 8 || w.bytes > (size_t)(end - at) ||
			w.bytes < sizeof(w) + text_of(&w))
			return false;
		if (w.kind == TELL_WORD_KEY)
			learn_key(m, &w, at + sizeof(w));
		else if (w.kind == TELL_WORD_PLACE)
			learn_place(m, &w, at + sizeof(w));
		else if (w.kind == TELL_WORD_FORM)
			learn_form(m, &w, at + sizeof(w));
		at += w.bytes;
	}
	return true;
}

bool tell_dict_translate(const struct tell_dict_map *m, void *block, size_t len)
{
	struct tell_head *h = block;
	if (len < sizeof(*h) || h->size < sizeof(*h) || h->size > len || h->size % 8)
		return false;
	h->place = m->places && h->place < TELL_DICT_PLACES ? m->places[h->place] : 0;
	for (size_t at = sizeof(*h); at < h->size;) {
		struct tell_slot *s = tell_slot_at(h, at);
		if (h->size - at < sizeof(*s))
			return false;
		if (s->key != TELL_KEY_INLINE) {
			if (s->key >= TELL_KEYS_MAX || !m->keys[s->key])
				return false;
			s->key = m->keys[s->key];
		} else if (h->size - at < sizeof(*s) + 8) {
			return false;
		}
		if (s->len > h->size - at || tell_slot_bytes(s) > h->size - at)
			return false;
		at += tell_slot_bytes(s);
	}
	return true;
}

void tell_dict_map_done(struct tell_dict_map *m)
{
	free(m->places);
	m->places = NULL;
}
