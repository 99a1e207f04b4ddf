/* Any bytes as a record, through all exits: each stays sound, json-c reads it back. */
#include <stdio.h>
#include <stdlib.h>
#include "support/json_back.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct encoding e;
	encoding_from_bytes(&e, data, len);
	const char *fault = encoding_fault(&e);
	if (!fault)
		fault = json_back_fault(&e);
	if (fault) {
		(void)fprintf(stderr, "%s\n", fault);
		abort();
	}
	encoding_end(&e);
	return 0;
}
