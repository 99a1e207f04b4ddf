#include "base/simd.h"
#include <stdatomic.h>
#include <stdint.h>

#ifdef __x86_64__
#include <cpuid.h>

#define SSSE3	(1u << 9)  /* leaf 1, ecx */
#define OSXSAVE (1u << 27) /* leaf 1, ecx */
#define AVX2	(1u << 5)  /* leaf 7, ebx */
#define YMM	0x6u	   /* the kernel keeps the registers of AVX: XCR0 */

/* Not __builtin_cpu_supports(): that asks the processor at every start, whoever needs it,
 * and in a virtual machine each question is a trap. */
static enum tell_simd ask(void)
{
	unsigned a, b, c, d, c1;
	if (!__get_cpuid(1, &a, &b, &c1, &d) || !(c1 & SSSE3))
		return TELL_SIMD_NONE;
	if (!(c1 & OSXSAVE) || !__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b & AVX2))
		return TELL_SIMD_SSSE3;
	uint32_t low, high;
	__asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return (low & YMM) == YMM ? TELL_SIMD_AVX2 : TELL_SIMD_SSSE3;
}
#else
static enum tell_simd ask(void)
{
	return TELL_SIMD_NONE;
}
#endif

enum tell_simd tell_simd(void)
{
	static _Atomic uint8_t simd_known;
	uint8_t known = atomic_load_explicit(&simd_known, memory_order_relaxed);
	if (__builtin_expect(known == 0, 0)) {
		known = (uint8_t)ask();
		atomic_store_explicit(&simd_known, known, memory_order_relaxed);
	}
	return (enum tell_simd)known;
}
