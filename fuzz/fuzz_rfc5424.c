/* The strict reader of RFC 5424 takes any bytes; what it accepts it can take apart. */
#include <stdint.h>
#include <stdlib.h>
#include "support/rfc5424_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct rfc5424 m;
	if (!rfc5424_read(&m, (const char *)data, len)) {
		if (!m.fault || m.at > len)
			abort();
		return 0;
	}
	for (size_t i = 0; i < m.n_params; i++) {
		char *value = malloc(m.params[i].value.len + 1);
		if (value &&
			rfc5424_unescape(value, m.params[i].value) >
				m.params[i].value.len)
			abort();
		free(value);
	}
	return 0;
}
