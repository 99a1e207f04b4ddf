/* The form of base/scan.c that machines without SSE2 get, under other names. */
#include "base/scan.h"

#define TELL_SCAN_WORD
#define tell_clean_prefix word_clean_prefix
#define tell_plain_prefix word_plain_prefix
#define tell_ascii_prefix word_ascii_prefix
size_t word_clean_prefix(const char *s, size_t n);
size_t word_plain_prefix(const char *s, size_t n);
size_t word_ascii_prefix(const char *s, size_t n);
#include "base/scan.c"

#include "unit/base/scan_cases.h"

TELL_CHECK_MAIN(scan_suite)
