# What is made from families.tsv: awk -v want=header|rules|table -f families.awk families.tsv
BEGIN {
	FS = "\t"
	if (want == "header")
		header_begin()
	if (want == "rules")
		rules_begin()
}
/^#/ { next }
{
	kind = $1; name = $2; labels = $3 == "-" ? "" : $3; help = $4; alias = $5
	word = $6 == "" || $6 == "-" ? toupper(name) : $6
}
want == "header" && kind != "alias" {
	print ""
	print "/* " kind " */"
	printf "#define TELL_FAMILY_%s \\\n\t\"%s\", \"%s\"", word, name, help
	n = split(labels, label, " ")
	for (i = 1; i <= n; i++)
		printf ", \"%s\"", label[i]
	print ""
}
want == "rules" && kind == "alias" { rule(name, help) }
want == "rules" && kind != "alias" && alias != "" && alias != "-" {
	if (kind == "histogram") {
		rule(alias "_bucket", name "_bucket")
		rule(alias "_sum", name "_sum")
		rule(alias "_count", name "_count")
	} else
		rule(alias, name)
}
want == "table" {
	gsub(/_/, "\\_", name)
	gsub(/_/, "\\_", labels)
	gsub(/_/, "\\_", alias)
	if (kind == "alias") {
		gsub(/_/, "\\_", help)
		gsub(/\*/, "\\*", help)
	}
	gsub(/ /, ", ", labels)
	print "*" name "*" (labels == "" ? "" : " {" labels "}") ", " \
		(kind == "alias" ? "rule" : kind)
	print "\t" help (alias == "" || alias == "-" ? "" : " Also _" alias "_.")
	print ""
}
END {
	if (want == "header")
		print "/* clang-format on */\n#endif"
}

function header_begin()
{
	print "/* telltale/families.h: metrics that services of this kind share, by one name and with the"
	print " * same labels everywhere. Made from src/meter/families.tsv; telltale-families(7) has all."
	print " *"
	print " *\t#include <telltale/families.h>"
	print " *"
	print " *\tTELL_COUNTER(requests, TELL_FAMILY_REQUESTS_TOTAL);"
	print " *\tTELL_GAUGE(connections, TELL_FAMILY_ACTIVE_CONNECTIONS);"
	print " *"
	print " *\ttell_counter_add(tell_counter_with(requests, \"/cart\", \"GET\"), 1);"
	print " *\ttell_gauge_add(connections, 1);"
	print " *"
	print " * Shape:   each is the name, the sentence and the labels, as TELL_COUNTER() and its kin"
	print " *          take them; the comment says which."
	print " * Limits:  one of two with the same name a process, as their labels differ."
	print " * Licence: MIT, as all that is compiled into a user's program. */"
	print "#ifndef TELLTALE_FAMILIES_H"
	print "#define TELLTALE_FAMILIES_H"
	print "#include <telltale/metric.h>"
	print ""
	print "/* clang-format off */"
}

function rules_begin()
{
	print "# Names that dashboards ask for and a service cannot show: promtool(1) refuses them, as"
	print "# a counter's lacks \"_total\", or a unit is missing. Made from src/meter/families.tsv."
	print "# In prometheus.yml: rule_files: [telltale-aliases.rules.yml]"
	print "groups:"
	print "  - name: telltale-aliases"
	print "    rules:"
}

function rule(record, expr)
{
	print "      - record: " record
	print "        expr: " expr
}
