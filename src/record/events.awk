# Writes from events.tsv what others read: awk -v as=def|catalog|page -f events.awk events.tsv
# POSIX awk; `make events`, tests/lint/events.sh.
function fail(why)
{
	printf "%s:%d: %s\n", FILENAME, FNR, why >"/dev/stderr"
	failed = 1
	exit 1
}
# Lines of at most 76 columns (systemd's catalog document).
function fold(text,   words, n, i, line)
{
	n = split(text, words, " ")
	for (i = 1; i <= n; i++) {
		if (line != "" && length(line) + 1 + length(words[i]) > 76) {
			print line
			line = ""
		}
		line = line (line == "" ? "" : " ") words[i]
	}
	print line
}
function check(   i)
{
	if (NF != 5)
		fail(NF " parts, not 5")
	if ($1 !~ /^[a-z]+(\.[a-z]+)?$/ || length($1) > 32 || $1 in names)
		fail("name \"" $1 "\"")
	if (!($2 in kinds))
		fail("kind \"" $2 "\"")
	if (length($3) != 32 || $3 ~ /[^0-9a-f]/ || $3 in ids)
		fail("id \"" $3 "\"")
	names[$1] = ids[$3] = 1
}
BEGIN {
	FS = "\t"
	n = split("span event metric health alert cost feedback loss", k, " ")
	for (i = 1; i <= n; i++)
		kinds[k[i]] = 1
	if (as == "def")
		print "/* Written by `make events` from src/record/events.tsv. */"
	else if (as == "catalog")
		print "# Written by `make events` from src/record/events.tsv."
	else
		print "# What records of ours may be\n\n" \
			"Every record that is no plain log record has a kind and a message id, and most have a\n" \
			"name. `journalctl -x` says more of each with packaging/catalog/telltale.catalog\n" \
			"installed and `journalctl --update-catalog` run. Written by `make events` from\n" \
			"src/record/events.tsv.\n\n" \
			"| `EVENT` | `TELL_KIND` | `MESSAGE_ID` | what it says |\n|---|---|---|---|"
}
/^#/ { next }
{
	check()
	if (as == "def") {
		word = toupper($1)
		gsub(/\./, "_", word)
		printf "TELL_EVENT(%s, %s, \"%s\", \"%s\")\n", word, toupper($2), $1, $3
	} else if (as == "catalog") {
		printf "\n-- %s\nSubject: %s\nDefined-By: telltale\n", $3, $4
		print "Documentation: man:telltale(7)\n"
		n = split($5, paragraphs, /\\n/)
		for (i = 1; i <= n; i++) {
			if (i > 1)
				print ""
			fold(paragraphs[i])
		}
	} else {
		printf "| %s | %s | `%s` | %s |\n", ($1 in kinds) ? "" : "`" $1 "`", $2, $3, $4
	}
}
END { exit failed }
