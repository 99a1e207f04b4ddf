#pragma once
/* A library that logs through telltale and does not link it: cart.c in C, cart_cxx.cc in
 * C++, the same functions with another ending. */
#ifdef __cplusplus
extern "C" {
#endif
typedef void cart_callback(void);

/* Every kind of call once, `then` within its scopes. How many arguments were evaluated. */
int cart_add_c(const char *item, cart_callback *then);
int cart_add_cxx(const char *item, cart_callback *then);
#ifdef __cplusplus
}
#endif
