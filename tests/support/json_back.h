#pragma once
#include "support/encoding.h"

/* Reads a JSON line back with json-c and compares every value with its record: NULL, or
 * what differs. For programs linked with json-c. */
const char *json_back_fault(struct encoding *e);
