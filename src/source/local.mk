# For programs that read what was written; the library only writes.
libtelltale_tool_la_SOURCES += \
	src/source/codec.h \
	src/source/origin.c \
	src/source/origin.h \
	src/source/unpack.c \
	src/source/unpack.h

source_journal_sources = \
	src/source/bookmark.c \
	src/source/bookmark.h \
	src/source/entry.c \
	src/source/entry.h \
	src/source/entry_journal.c \
	src/source/file.c \
	src/source/file.h \
	src/source/inlet.c \
	src/source/inlet.h \
	src/source/journal.c \
	src/source/journal.h \
	src/source/journal_files.c \
	src/source/journal_files.h \
	src/source/journal_left.c \
	src/source/journal_left.h \
	src/source/journal_match.c \
	src/source/journal_match.h \
	src/source/journal_name.c \
	src/source/journal_name.h \
	src/source/journal_narrow.c \
	src/source/journal_narrow.h \
	src/source/match.c \
	src/source/match.h \
	src/source/older.c \
	src/source/older.h \
	src/source/reader.c \
	src/source/reader.h \
	src/source/sequence.c \
	src/source/sequence.h \
	src/source/spot.c \
	src/source/spot.h \
	src/source/tail.c \
	src/source/tail.h \
	src/source/tail_left.c
if HAVE_SYSTEMD
libtelltale_tool_la_SOURCES += $(source_journal_sources)
else
EXTRA_DIST += $(source_journal_sources)
endif

if HAVE_ZSTD
libtelltale_tool_la_SOURCES += src/source/codec_zstd.c
EXTRA_DIST += src/source/codec_zstd_none.c
else
libtelltale_tool_la_SOURCES += src/source/codec_zstd_none.c
EXTRA_DIST += src/source/codec_zstd.c
endif
if HAVE_ZLIB
libtelltale_tool_la_SOURCES += src/source/codec_gzip.c
EXTRA_DIST += src/source/codec_gzip_none.c
else
libtelltale_tool_la_SOURCES += src/source/codec_gzip_none.c
EXTRA_DIST += src/source/codec_gzip.c
endif
