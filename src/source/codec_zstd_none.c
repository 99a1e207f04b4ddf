/* A build without libzstd. */
#include "source/codec.h"

const struct tell_codec tell_codec_zstd = { 0 };
