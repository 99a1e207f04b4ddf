libtelltale_core_la_SOURCES += \
	src/meter/bound.c \
	src/meter/callback.c \
	src/meter/callback.h \
	src/meter/cells.c \
	src/meter/cells.h \
	src/meter/collect.c \
	src/meter/collect.h \
	src/meter/counter.c \
	src/meter/exemplar.c \
	src/meter/exemplar.h \
	src/meter/expose.c \
	src/meter/expose.h \
	src/meter/few.c \
	src/meter/few.h \
	src/meter/gather.h \
	src/meter/gauge.c \
	src/meter/grid.c \
	src/meter/grid.h \
	src/meter/histogram.c \
	src/meter/histogram.h \
	src/meter/host.c \
	src/meter/host.h \
	src/meter/host_cpu.c \
	src/meter/host_filesystem.c \
	src/meter/host_lines.c \
	src/meter/host_lines.h \
	src/meter/host_memory.c \
	src/meter/host_network.c \
	src/meter/host_part.h \
	src/meter/host_pressure.c \
	src/meter/limit.c \
	src/meter/limit.h \
	src/meter/memo.c \
	src/meter/memo.h \
	src/meter/process.c \
	src/meter/process.h \
	src/meter/recent.c \
	src/meter/recent.h \
	src/meter/registry.c \
	src/meter/registry.h \
	src/meter/series.c \
	src/meter/stats.c \
	src/meter/stats.h \
	src/meter/tally.c \
	src/meter/tally.h \
	src/meter/window.c \
	src/meter/window.h

# What is made from the table of families lies in the source, as users read it there.
families_awk = $(srcdir)/src/meter/families.awk
families_tsv = $(srcdir)/src/meter/families.tsv
families:
	$(AWK) -v want=header -f $(families_awk) $(families_tsv) >$(srcdir)/include/telltale/families.h
	$(AWK) -v want=rules -f $(families_awk) $(families_tsv) \
		>$(srcdir)/packaging/prometheus/telltale-aliases.rules.yml
	$(AWK) -v want=table -f $(families_awk) $(families_tsv) >families.tmp
	sed -i -e '/^; from families/,/^; end/{//!d}' -e '/^; from families/r families.tmp' \
		$(srcdir)/doc/man/telltale-families.7.scd
	rm families.tmp
.PHONY: families
EXTRA_DIST += src/meter/families.awk src/meter/families.tsv
