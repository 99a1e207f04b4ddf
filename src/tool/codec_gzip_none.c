/* A build without zlib. */
#include "tool/codec.h"

const struct tell_codec tell_codec_gzip = { 0 };
