/* A build without zlib. */
#include "source/codec.h"

const struct tell_codec tell_codec_gzip = { 0 };
