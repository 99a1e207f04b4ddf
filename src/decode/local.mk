# What `enrich parse` reads with is the library's.
libtelltale_core_la_SOURCES += \
	src/decode/json_field.c \
	src/decode/json_field.h \
	src/decode/json_read.c \
	src/decode/json_read.h \
	src/decode/logfmt.c \
	src/decode/logfmt.h \
	src/decode/role.c \
	src/decode/role.h \
	src/decode/typed.c \
	src/decode/typed.h

# The others are for programs that read what was written.
libtelltale_tool_la_SOURCES += \
	src/decode/field_arg.c \
	src/decode/field_arg.h \
	src/decode/input.c \
	src/decode/input.h \
	src/decode/input_json.c \
	src/decode/input_logfmt.c \
	src/decode/input_preamble.c \
	src/decode/preamble.c \
	src/decode/preamble.h \
	src/decode/preamble_bracket.c \
	src/decode/preamble_cursor.h \
	src/decode/preamble_epoch.c \
	src/decode/preamble_place.c \
	src/decode/preamble_time.c \
	src/decode/preamble_word.c
