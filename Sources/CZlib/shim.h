#pragma once
#include <zlib.h>

// A macro in C, which Swift does not import: gzip and nothing else, with the largest window.
static inline int feedwatch_gunzip_begin(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
