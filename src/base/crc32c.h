#pragma once
#include <stddef.h>
#include <stdint.h>

/* CRC-32C, what a record in a file is checked by.
 *
 * Threads: pure; the processor is asked once.
 * Source:  G. Castagnoli and others, 1993; RFC 3720, appendix B.4 has test values. */

/* Of n bytes behind those that gave crc; begin with 0. */
uint32_t tell_crc32c(uint32_t crc, const void *bytes, size_t n);

/* The same by the table that every machine has, for its test. */
uint32_t tell_crc32c_plain(uint32_t crc, const void *bytes, size_t n);
