/* telltale/macros.h: how calls with fields are made in C; include <telltale.h> instead.
 *
 *	tell_info("paid", tell_kv("user", user), tell_var(cents));
 *
 * The site is put in the section `tell_sites`, and the fields are counted: each passes
 * _Generic, which refuses what is none.
 * Licence: MIT. */
#ifndef TELLTALE_MACROS_H
#define TELLTALE_MACROS_H
#include <telltale/call.h>

#ifndef __cplusplus
/* clang-format off */

/* Handles and contexts with fields. */
#define tell_with(...)        TELL__HOSTED(TELL__CAT(TELL__WITH, TELL__COUNT(__VA_ARGS__))(__VA_ARGS__), NULL)
#define tell_context_new(...) TELL__HOSTED(tell__context_new(TELL__ARRAY(__VA_ARGS__)), NULL)

/* An array: tell_list("ids", 1, 2, 3); up to 16 values of tell_kv()'s kinds. */
#define tell_list(key, ...) \
	tell__literal(tell_list_of(("" key ""), \
		TELL__CAT(TELL__LIST, TELL__N(__VA_ARGS__))(__VA_ARGS__)))

/* Fields for the rest of the block; a kept context for the rest of the block. */
#define TELL_SCOPE(...) \
	struct tell_scope TELL__CAT(tell__scope_, __LINE__) \
		__attribute__((cleanup(tell__scope_end))) TELL__SCOPE_NONE; \
	TELL__HOSTED(tell__scope_push(&TELL__CAT(tell__scope_, __LINE__), \
		TELL__ARRAY(__VA_ARGS__)), TELL__NOTHING)
#define TELL_ENTER(context) \
	struct tell_scope TELL__CAT(tell__scope_, __LINE__) \
		__attribute__((cleanup(tell__scope_end))) TELL__SCOPE_NONE; \
	TELL__HOSTED(tell__scope_enter(&TELL__CAT(tell__scope_, __LINE__), (context)), TELL__NOTHING)

#define TELL__NONE       NULL
#define TELL__NOTHING    ((void)0)
#define TELL__INT(level) ((int)(level))
#define TELL__REACHED(site) TELL__NOTHING /* the section has it */
#define TELL__CLAMP(level_) \
	((level_) < 0 ? 0 : (level_) > (int)TELL_DEBUG ? (int)TELL_DEBUG : (level_))
#define TELL__SITE(level_, text_) \
	TELL__SITE_OF(__builtin_choose_expr(__builtin_constant_p(level_), \
		TELL__CLAMP((int)(level_)), TELL__LEVEL_VARIES), text_)
#define TELL__SITE_OF(level_, text_) \
	static struct tell_site tell__here __attribute__((section("tell_sites"), used)) = { \
		.level = (uint8_t)(level_), .line = __LINE__, .file = __FILE__, \
		.func = __func__, .logger = TELL_LOGGER, .text = text_ }

#define TELL__CALL(t, level, text, ...) \
	TELL__AT(level, text, tell__say(t, tell__site, tell__level, \
		TELL__FIRST(__VA_ARGS__, 0), TELL__FIELDS(__VA_ARGS__)))

#define TELL__F(x) _Generic((x), struct tell_field: (x), default: tell__bad_field(0, (x)))
#define TELL__FIRST(first, ...) first

#define TELL__PICK(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14,a15,a16,a17,a18,a19,a20,a21,a22,a23,a24,a25,a26,a27,a28,a29,a30,a31,a32,a33,a34,a35,a36,a37,a38,a39,a40,a41,a42,a43,a44,a45,a46,a47,a48,a49,a50,a51,a52,a53,a54,a55,a56,a57,a58,a59,a60,a61,a62,a63,a64,n,...) n
/* fields behind the message, 0..16 */
#define TELL__COUNT(...) TELL__PICK(__VA_ARGS__,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,16,15,14,13,12,11,10,9,8,7,6,5,4,3,2,1,0,0)
/* arguments, 1..16 */
#define TELL__N(...) TELL__PICK(__VA_ARGS__,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,_TOO_MANY,16,15,14,13,12,11,10,9,8,7,6,5,4,3,2,1,0)

#define TELL__FIELDS(...)  TELL__CAT(TELL__FIELDS, TELL__COUNT(__VA_ARGS__))(__VA_ARGS__)
#define TELL__ARRAY(...)   TELL__CAT(TELL__ARRAY, TELL__N(__VA_ARGS__))(__VA_ARGS__)
#define TELL__TOO_MANY     tell__too_many_fields(), 0
#define TELL__FIELDS_TOO_MANY(...) TELL__TOO_MANY
#define TELL__ARRAY_TOO_MANY(...)  TELL__TOO_MANY
#define TELL__LIST_TOO_MANY(...)   TELL__TOO_MANY
#define TELL__WITH_TOO_MANY(...)   tell__with(NULL, TELL__TOO_MANY)
const struct tell_field *tell__too_many_fields(void) __attribute__((error(
	"at most 16 fields here: use tell_log() with an array, or TELL_SCOPE() for some")));

#define TELL__FIELDS0(m) NULL, 0
#define TELL__WITH0(t) tell__with((t), NULL, 0)
#define TELL__FIELDS1(m,a1) TELL__ARRAY1(a1)
#define TELL__FIELDS2(m,a1,a2) TELL__ARRAY2(a1,a2)
#define TELL__FIELDS3(m,a1,a2,a3) TELL__ARRAY3(a1,a2,a3)
#define TELL__FIELDS4(m,a1,a2,a3,a4) TELL__ARRAY4(a1,a2,a3,a4)
#define TELL__FIELDS5(m,a1,a2,a3,a4,a5) TELL__ARRAY5(a1,a2,a3,a4,a5)
#define TELL__FIELDS6(m,a1,a2,a3,a4,a5,a6) TELL__ARRAY6(a1,a2,a3,a4,a5,a6)
#define TELL__FIELDS7(m,a1,a2,a3,a4,a5,a6,a7) TELL__ARRAY7(a1,a2,a3,a4,a5,a6,a7)
#define TELL__FIELDS8(m,a1,a2,a3,a4,a5,a6,a7,a8) TELL__ARRAY8(a1,a2,a3,a4,a5,a6,a7,a8)
#define TELL__FIELDS9(m,a1,a2,a3,a4,a5,a6,a7,a8,a9) TELL__ARRAY9(a1,a2,a3,a4,a5,a6,a7,a8,a9)
#define TELL__FIELDS10(m,a1,a2,a3,a4,a5,a6,a7,a8,a9,a10) TELL__ARRAY10(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10)
#define TELL__FIELDS11(m,a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11) TELL__ARRAY11(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11)
#define TELL__FIELDS12(m,a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12) TELL__ARRAY12(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12)
#define TELL__FIELDS13(m,a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13) TELL__ARRAY13(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13)
#define TELL__FIELDS14(m,a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14) TELL__ARRAY14(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14)
#define TELL__FIELDS15(m,a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14,a15) TELL__ARRAY15(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14,a15)
#define TELL__FIELDS16(m,a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14,a15,a16) TELL__ARRAY16(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14,a15,a16)
#define TELL__WITH1(t,a1) tell__with((t), TELL__ARRAY1(a1))
#define TELL__WITH2(t,a1,a2) tell__with((t), TELL__ARRAY2(a1,a2))
#define TELL__WITH3(t,a1,a2,a3) tell__with((t), TELL__ARRAY3(a1,a2,a3))
#define TELL__WITH4(t,a1,a2,a3,a4) tell__with((t), TELL__ARRAY4(a1,a2,a3,a4))
#define TELL__WITH5(t,a1,a2,a3,a4,a5) tell__with((t), TELL__ARRAY5(a1,a2,a3,a4,a5))
#define TELL__WITH6(t,a1,a2,a3,a4,a5,a6) tell__with((t), TELL__ARRAY6(a1,a2,a3,a4,a5,a6))
#define TELL__WITH7(t,a1,a2,a3,a4,a5,a6,a7) tell__with((t), TELL__ARRAY7(a1,a2,a3,a4,a5,a6,a7))
#define TELL__WITH8(t,a1,a2,a3,a4,a5,a6,a7,a8) tell__with((t), TELL__ARRAY8(a1,a2,a3,a4,a5,a6,a7,a8))
#define TELL__WITH9(t,a1,a2,a3,a4,a5,a6,a7,a8,a9) tell__with((t), TELL__ARRAY9(a1,a2,a3,a4,a5,a6,a7,a8,a9))
#define TELL__WITH10(t,a1,a2,a3,a4,a5,a6,a7,a8,a9,a10) tell__with((t), TELL__ARRAY10(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10))
#define TELL__WITH11(t,a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11) tell__with((t), TELL__ARRAY11(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11))
#define TELL__WITH12(t,a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12) tell__with((t), TELL__ARRAY12(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12))
#define TELL__WITH13(t,a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13) tell__with((t), TELL__ARRAY13(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13))
#define TELL__WITH14(t,a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14) tell__with((t), TELL__ARRAY14(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14))
#define TELL__WITH15(t,a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14,a15) tell__with((t), TELL__ARRAY15(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14,a15))
#define TELL__WITH16(t,a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14,a15,a16) tell__with((t), TELL__ARRAY16(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14,a15,a16))
#define TELL__ARRAY1(a1) \
	(const struct tell_field[]){ TELL__F(a1) }, 1
#define TELL__ARRAY2(a1,a2) \
	(const struct tell_field[]){ TELL__F(a1),TELL__F(a2) }, 2
#define TELL__ARRAY3(a1,a2,a3) \
	(const struct tell_field[]){ TELL__F(a1),TELL__F(a2),TELL__F(a3) }, 3
#define TELL__ARRAY4(a1,a2,a3,a4) \
	(const struct tell_field[]){ TELL__F(a1),TELL__F(a2),TELL__F(a3),TELL__F(a4) }, 4
#define TELL__ARRAY5(a1,a2,a3,a4,a5) \
	(const struct tell_field[]){ TELL__F(a1),TELL__F(a2),TELL__F(a3),TELL__F(a4),TELL__F(a5) }, 5
#define TELL__ARRAY6(a1,a2,a3,a4,a5,a6) \
	(const struct tell_field[]){ TELL__F(a1),TELL__F(a2),TELL__F(a3),TELL__F(a4),TELL__F(a5),TELL__F(a6) }, 6
#define TELL__ARRAY7(a1,a2,a3,a4,a5,a6,a7) \
	(const struct tell_field[]){ TELL__F(a1),TELL__F(a2),TELL__F(a3),TELL__F(a4),TELL__F(a5),TELL__F(a6),TELL__F(a7) }, 7
#define TELL__ARRAY8(a1,a2,a3,a4,a5,a6,a7,a8) \
	(const struct tell_field[]){ TELL__F(a1),TELL__F(a2),TELL__F(a3),TELL__F(a4),TELL__F(a5),TELL__F(a6),TELL__F(a7),TELL__F(a8) }, 8
#define TELL__ARRAY9(a1,a2,a3,a4,a5,a6,a7,a8,a9) \
	(const struct tell_field[]){ TELL__F(a1),TELL__F(a2),TELL__F(a3),TELL__F(a4),TELL__F(a5),TELL__F(a6),TELL__F(a7),TELL__F(a8),TELL__F(a9) }, 9
#define TELL__ARRAY10(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10) \
	(const struct tell_field[]){ TELL__F(a1),TELL__F(a2),TELL__F(a3),TELL__F(a4),TELL__F(a5),TELL__F(a6),TELL__F(a7),TELL__F(a8),TELL__F(a9),TELL__F(a10) }, 10
#define TELL__ARRAY11(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11) \
	(const struct tell_field[]){ TELL__F(a1),TELL__F(a2),TELL__F(a3),TELL__F(a4),TELL__F(a5),TELL__F(a6),TELL__F(a7),TELL__F(a8),TELL__F(a9),TELL__F(a10),TELL__F(a11) }, 11
#define TELL__ARRAY12(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12) \
	(const struct tell_field[]){ TELL__F(a1),TELL__F(a2),TELL__F(a3),TELL__F(a4),TELL__F(a5),TELL__F(a6),TELL__F(a7),TELL__F(a8),TELL__F(a9),TELL__F(a10),TELL__F(a11),TELL__F(a12) }, 12
#define TELL__ARRAY13(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13) \
	(const struct tell_field[]){ TELL__F(a1),TELL__F(a2),TELL__F(a3),TELL__F(a4),TELL__F(a5),TELL__F(a6),TELL__F(a7),TELL__F(a8),TELL__F(a9),TELL__F(a10),TELL__F(a11),TELL__F(a12),TELL__F(a13) }, 13
#define TELL__ARRAY14(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14) \
	(const struct tell_field[]){ TELL__F(a1),TELL__F(a2),TELL__F(a3),TELL__F(a4),TELL__F(a5),TELL__F(a6),TELL__F(a7),TELL__F(a8),TELL__F(a9),TELL__F(a10),TELL__F(a11),TELL__F(a12),TELL__F(a13),TELL__F(a14) }, 14
#define TELL__ARRAY15(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14,a15) \
	(const struct tell_field[]){ TELL__F(a1),TELL__F(a2),TELL__F(a3),TELL__F(a4),TELL__F(a5),TELL__F(a6),TELL__F(a7),TELL__F(a8),TELL__F(a9),TELL__F(a10),TELL__F(a11),TELL__F(a12),TELL__F(a13),TELL__F(a14),TELL__F(a15) }, 15
#define TELL__ARRAY16(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14,a15,a16) \
	(const struct tell_field[]){ TELL__F(a1),TELL__F(a2),TELL__F(a3),TELL__F(a4),TELL__F(a5),TELL__F(a6),TELL__F(a7),TELL__F(a8),TELL__F(a9),TELL__F(a10),TELL__F(a11),TELL__F(a12),TELL__F(a13),TELL__F(a14),TELL__F(a15),TELL__F(a16) }, 16
#define TELL__LIST1(a1) \
	(const struct tell_field[]){ tell__of(NULL,a1) }, 1
#define TELL__LIST2(a1,a2) \
	(const struct tell_field[]){ tell__of(NULL,a1),tell__of(NULL,a2) }, 2
#define TELL__LIST3(a1,a2,a3) \
	(const struct tell_field[]){ tell__of(NULL,a1),tell__of(NULL,a2),tell__of(NULL,a3) }, 3
#define TELL__LIST4(a1,a2,a3,a4) \
	(const struct tell_field[]){ tell__of(NULL,a1),tell__of(NULL,a2),tell__of(NULL,a3),tell__of(NULL,a4) }, 4
#define TELL__LIST5(a1,a2,a3,a4,a5) \
	(const struct tell_field[]){ tell__of(NULL,a1),tell__of(NULL,a2),tell__of(NULL,a3),tell__of(NULL,a4),tell__of(NULL,a5) }, 5
#define TELL__LIST6(a1,a2,a3,a4,a5,a6) \
	(const struct tell_field[]){ tell__of(NULL,a1),tell__of(NULL,a2),tell__of(NULL,a3),tell__of(NULL,a4),tell__of(NULL,a5),tell__of(NULL,a6) }, 6
#define TELL__LIST7(a1,a2,a3,a4,a5,a6,a7) \
	(const struct tell_field[]){ tell__of(NULL,a1),tell__of(NULL,a2),tell__of(NULL,a3),tell__of(NULL,a4),tell__of(NULL,a5),tell__of(NULL,a6),tell__of(NULL,a7) }, 7
#define TELL__LIST8(a1,a2,a3,a4,a5,a6,a7,a8) \
	(const struct tell_field[]){ tell__of(NULL,a1),tell__of(NULL,a2),tell__of(NULL,a3),tell__of(NULL,a4),tell__of(NULL,a5),tell__of(NULL,a6),tell__of(NULL,a7),tell__of(NULL,a8) }, 8
#define TELL__LIST9(a1,a2,a3,a4,a5,a6,a7,a8,a9) \
	(const struct tell_field[]){ tell__of(NULL,a1),tell__of(NULL,a2),tell__of(NULL,a3),tell__of(NULL,a4),tell__of(NULL,a5),tell__of(NULL,a6),tell__of(NULL,a7),tell__of(NULL,a8),tell__of(NULL,a9) }, 9
#define TELL__LIST10(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10) \
	(const struct tell_field[]){ tell__of(NULL,a1),tell__of(NULL,a2),tell__of(NULL,a3),tell__of(NULL,a4),tell__of(NULL,a5),tell__of(NULL,a6),tell__of(NULL,a7),tell__of(NULL,a8),tell__of(NULL,a9),tell__of(NULL,a10) }, 10
#define TELL__LIST11(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11) \
	(const struct tell_field[]){ tell__of(NULL,a1),tell__of(NULL,a2),tell__of(NULL,a3),tell__of(NULL,a4),tell__of(NULL,a5),tell__of(NULL,a6),tell__of(NULL,a7),tell__of(NULL,a8),tell__of(NULL,a9),tell__of(NULL,a10),tell__of(NULL,a11) }, 11
#define TELL__LIST12(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12) \
	(const struct tell_field[]){ tell__of(NULL,a1),tell__of(NULL,a2),tell__of(NULL,a3),tell__of(NULL,a4),tell__of(NULL,a5),tell__of(NULL,a6),tell__of(NULL,a7),tell__of(NULL,a8),tell__of(NULL,a9),tell__of(NULL,a10),tell__of(NULL,a11),tell__of(NULL,a12) }, 12
#define TELL__LIST13(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13) \
	(const struct tell_field[]){ tell__of(NULL,a1),tell__of(NULL,a2),tell__of(NULL,a3),tell__of(NULL,a4),tell__of(NULL,a5),tell__of(NULL,a6),tell__of(NULL,a7),tell__of(NULL,a8),tell__of(NULL,a9),tell__of(NULL,a10),tell__of(NULL,a11),tell__of(NULL,a12),tell__of(NULL,a13) }, 13
#define TELL__LIST14(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14) \
	(const struct tell_field[]){ tell__of(NULL,a1),tell__of(NULL,a2),tell__of(NULL,a3),tell__of(NULL,a4),tell__of(NULL,a5),tell__of(NULL,a6),tell__of(NULL,a7),tell__of(NULL,a8),tell__of(NULL,a9),tell__of(NULL,a10),tell__of(NULL,a11),tell__of(NULL,a12),tell__of(NULL,a13),tell__of(NULL,a14) }, 14
#define TELL__LIST15(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14,a15) \
	(const struct tell_field[]){ tell__of(NULL,a1),tell__of(NULL,a2),tell__of(NULL,a3),tell__of(NULL,a4),tell__of(NULL,a5),tell__of(NULL,a6),tell__of(NULL,a7),tell__of(NULL,a8),tell__of(NULL,a9),tell__of(NULL,a10),tell__of(NULL,a11),tell__of(NULL,a12),tell__of(NULL,a13),tell__of(NULL,a14),tell__of(NULL,a15) }, 15
#define TELL__LIST16(a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14,a15,a16) \
	(const struct tell_field[]){ tell__of(NULL,a1),tell__of(NULL,a2),tell__of(NULL,a3),tell__of(NULL,a4),tell__of(NULL,a5),tell__of(NULL,a6),tell__of(NULL,a7),tell__of(NULL,a8),tell__of(NULL,a9),tell__of(NULL,a10),tell__of(NULL,a11),tell__of(NULL,a12),tell__of(NULL,a13),tell__of(NULL,a14),tell__of(NULL,a15),tell__of(NULL,a16) }, 16
/* clang-format on */
#endif
#endif
