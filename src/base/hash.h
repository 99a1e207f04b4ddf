#pragma once
#include <stddef.h>
#include <stdint.h>

/* Hashes for tables in memory. Neither is written to a file or a wire.
 *
 * Threads: pure functions. */

/* Small and fast, for keys that come from the program itself (sites, field names). */
uint32_t tell_hash_bytes(const void *bytes, size_t n);

/* For tables whose keys come from outside: with a secret key nobody can make them collide.
 * Source: J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF" (2012),
 * SipHash-2-4. */
uint64_t tell_siphash(const uint8_t key[16], const void *bytes, size_t n);
