bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = packaging/completions/telltale
zshcompletiondir = $(datadir)/zsh/site-functions
dist_zshcompletion_DATA = packaging/completions/_telltale
fishcompletiondir = $(datadir)/fish/vendor_completions.d
dist_fishcompletion_DATA = packaging/completions/telltale.fish

# A drop-in to copy, not one in force: which units have a queue is the administrator's to say.
systemddocdir = $(docdir)/systemd
dist_systemddoc_DATA = packaging/systemd/telltale-recover.conf \
	packaging/systemd/telltale-forward.service \
	packaging/systemd/telltale-compress.service packaging/systemd/telltale-compress.timer

# journalctl -x, after journalctl --update-catalog, which is whose who installs it for a host.
catalogdir = $(prefix)/lib/systemd/catalog
dist_catalog_DATA = packaging/catalog/telltale.catalog

# Names that a service cannot show, for Prometheus to make.
prometheusdocdir = $(docdir)/prometheus
dist_prometheusdoc_DATA = packaging/prometheus/prometheus.yml \
	packaging/prometheus/telltale-aliases.rules.yml \
	packaging/prometheus/telltale-forward.rules.yml

logrotatedocdir = $(docdir)/logrotate
dist_logrotatedoc_DATA = packaging/logrotate/telltale

# For those who keep their collector; doc/forwarding.md tells them apart.
collectorsdocdir = $(docdir)/collectors
dist_collectorsdoc_DATA = packaging/collectors/alloy.alloy packaging/collectors/filebeat.yml \
	packaging/collectors/fluent-bit.conf packaging/collectors/fluent-bit-parsers.conf \
	packaging/collectors/grafana-datasource.yaml packaging/collectors/logstash.conf \
	packaging/collectors/otelcol.yaml packaging/collectors/rsyslog.conf \
	packaging/collectors/syslog-ng.conf packaging/collectors/vector.yaml

# telltale.pc in two steps: where the library looks for stacks is decided when it is built,
# where it lies when it is installed (make install prefix=... libdir=...).
EXTRA_DIST += packaging/telltale.pc.in
CLEANFILES += packaging/telltale.pc
all-local: packaging/telltale.pc
packaging/telltale.pc: $(srcdir)/packaging/telltale.pc.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && sed -e 's|@PACKAGE_VERSION[@]|$(PACKAGE_VERSION)|' \
		-e 's|@confdir[@]|$(confdir)|' -e 's|@vendordir[@]|$(vendordir)|' \
		$(srcdir)/packaging/telltale.pc.in >$@.tmp && mv -f $@.tmp $@

# Directories below the prefix stay relative to it, for pkg-config --define-prefix.
install-data-local: packaging/telltale.pc
	$(MKDIR_P) "$(DESTDIR)$(pkgconfigdir)"
	sed -e 's|@prefix[@]|$(prefix)|' -e 's|@exec_prefix[@]|$(exec_prefix)|' \
		-e 's|@libdir[@]|$(libdir)|' -e 's|@includedir[@]|$(includedir)|' \
		-e 's|^libdir=$(prefix)/|libdir=$${prefix}/|' \
		-e 's|^includedir=$(prefix)/|includedir=$${prefix}/|' \
		-e 's|^exec_prefix=$(prefix)$$|exec_prefix=$${prefix}|' \
		packaging/telltale.pc >"$(DESTDIR)$(pkgconfigdir)/telltale.pc"
	chmod 644 "$(DESTDIR)$(pkgconfigdir)/telltale.pc"
	@grep -qxF 'vendordir=$(vendordir)' packaging/telltale.pc || { \
		sed -n 's|^vendordir=|telltale: note: built to look for stacks in |p' packaging/telltale.pc; \
		echo "telltale: note: not in $(vendordir); configure --prefix=$(prefix) for that"; }
uninstall-local:
	rm -f "$(DESTDIR)$(pkgconfigdir)/telltale.pc"

# Units name the command where it is installed: systemd starts nothing that is not there.
install-data-hook:
	cd "$(DESTDIR)$(systemddocdir)" && for unit in $(dist_systemddoc_DATA); do \
		unit=$${unit##*/}; \
		sed 's|/usr/bin/telltale|$(bindir)/telltale|' "$$unit" >"$$unit.tmp" && \
		chmod 644 "$$unit.tmp" && mv -f "$$unit.tmp" "$$unit" || exit 1; done
EXTRA_DIST += packaging/README.md
