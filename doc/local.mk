man_pages += doc/man/telltale-expr.7
EXTRA_DIST += doc/verdicts.md doc/migrating.md
man_pages += \
	doc/man/telltale.1 \
	doc/man/telltale-cat.1 \
	doc/man/telltale-check.1 \
	doc/man/telltale-compress.1 \
	doc/man/telltale-ctl.1 \
	doc/man/telltale-log.1 \
	doc/man/telltale-query.1 \
	doc/man/telltale-forward.1 \
	doc/man/telltale-recover.1 \
	doc/man/telltale-redact.1 \
	doc/man/telltale-status.1
EXTRA_DIST += doc/architecture.md doc/requirements.md
EXTRA_DIST += doc/events.md doc/forwarding.md doc/receivers.md doc/redaction.md doc/faults.md
man_pages += \
	doc/man/telltale.3 \
	doc/man/telltale-capture.3 \
	doc/man/telltale-compat.3 \
	doc/man/telltale-context.3 \
	doc/man/telltale-field.3 \
	doc/man/telltale-health.3 \
	doc/man/telltale-metric.3 \
	doc/man/telltale.5 \
	doc/man/telltale-modules.5 \
	doc/man/telltale.7 \
	doc/man/telltale-families.7
man_pages += doc/man/telltale-preload.7
