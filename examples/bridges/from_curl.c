/* from_curl.c: what libcurl does becomes debug records: its remarks and the headers as text, of
 * bodies only the length. Licence: MIT.
 *
 *	log_from_curl(handle);
 *	TELL_SCOPE(tell_kv("request_id", id));	// the transfer's records carry it
 *	curl_easy_perform(handle);
 *	tell_level_set("logger:curl debug");	// they are off until somebody wants them
 *
 * Headers hold tokens and cookies: the stack's redaction masks them, as everywhere. */
#define TELL_LOGGER "curl"
#include "from_curl.h"
#include <telltale.h>

static int write_record(
	CURL *handle, curl_infotype type, char *data, size_t size, void *unused)
{
	static const char *const types[] = { "text", "header_in", "header_out", "data_in",
		"data_out", "ssl_data_in", "ssl_data_out" };
	const char *what = (size_t)type < sizeof(types) / sizeof(types[0]) ? types[type]
									   : "other";
	(void)handle, (void)unused;
	if (type > CURLINFO_HEADER_OUT) {
		tell_debug("transfer", tell_kv("curl", what), tell_kv("bytes", size));
		return 0;
	}
	while (size && (data[size - 1] == '\n' || data[size - 1] == '\r'))
		size--;
	if (size)
		tell_debug(tell_fmt("%.*s", (int)size, data), tell_kv("curl", what));
	return 0;
}

void log_from_curl(CURL *handle)
{
	(void)curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, write_record);
	(void)curl_easy_setopt(handle, CURLOPT_VERBOSE, 1L);
}
