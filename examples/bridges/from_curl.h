/* from_curl.h: libcurl's debug output becomes records. Licence: MIT. */
#ifndef FROM_CURL_H
#define FROM_CURL_H
#include <curl/curl.h>

/* Each handle that is to speak, before its transfer. */
void log_from_curl(CURL *handle);
#endif
