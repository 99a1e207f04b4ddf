libtelltale_core_la_SOURCES += \
	src/record/context.c \
	src/record/context.h \
	src/record/deferred.c \
	src/record/deferred.h \
	src/record/deferred_text.c \
	src/record/directive.c \
	src/record/directive.h \
	src/record/event.c \
	src/record/event.h \
	src/record/events.def \
	src/record/expr.h \
	src/record/expr_eval.c \
	src/record/expr_lex.c \
	src/record/expr_lex.h \
	src/record/expr_metric.c \
	src/record/expr_metric.h \
	src/record/expr_node.h \
	src/record/expr_parse.c \
	src/record/expr_parse.h \
	src/record/expr_sum.c \
	src/record/expr_term.c \
	src/record/expr_term.h \
	src/record/expr_value.c \
	src/record/expr_value.h \
	src/record/key.c \
	src/record/key.h \
	src/record/level.c \
	src/record/level.h \
	src/record/name.c \
	src/record/name.h \
	src/record/pattern.c \
	src/record/pattern.h \
	src/record/pace.c \
	src/record/pace.h \
	src/record/place.c \
	src/record/place.h \
	src/record/record.c \
	src/record/record.h \
	src/record/record_edit.c \
	src/record/record_read.c \
	src/record/slot.h \
	src/record/spelling.c \
	src/record/spelling.h \
	src/record/thread.c \
	src/record/thread.h \
	src/record/trace.c \
	src/record/trace.h \
	src/record/walk.h

# What is written from the catalogue is kept, so that a build needs nothing for it;
# tests/lint/events.sh sees when it is old.
EXTRA_DIST += src/record/events.tsv src/record/events.awk
events_write = $(AWK) -f $(srcdir)/src/record/events.awk -v as
events:
	$(events_write)=def $(srcdir)/src/record/events.tsv >$(srcdir)/src/record/events.def
	$(events_write)=catalog $(srcdir)/src/record/events.tsv \
		>$(srcdir)/packaging/catalog/telltale.catalog
	$(events_write)=page $(srcdir)/src/record/events.tsv >$(srcdir)/doc/events.md
.PHONY: events
