#pragma once

/* What this processor and this kernel let us use beyond the compiler's target.
 *
 * Shape:   asked once a process; the answer is one byte.
 * Threads: any; two that ask at once find the same.
 * Source:  Intel SDM volume 1, sections 12.12 and 14.7 (SSSE3, AVX2). */
enum tell_simd { TELL_SIMD_NONE = 1, TELL_SIMD_SSSE3, TELL_SIMD_AVX2 };

enum tell_simd tell_simd(void);
