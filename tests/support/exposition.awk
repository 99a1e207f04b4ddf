# Reads an exposition, Prometheus text or OpenMetrics, and prints a line for each fault that `promtool
# check metrics` does not see: duplicate series, families in two pieces, samples without a type,
# histograms without +Inf, with falling buckets, or whose count is another one. Ends with status 1 when
# there was one. awk -f exposition.awk FILE

function fault(text)
{
	printf "line %d: %s\n", NR, text
	faults++
}

# The labels of `rest`, which begins with "{", into label[name], and what is behind into `rest`;
# false: they are none.
function read_labels(    name, value, c)
{
	split("", label)
	rest = substr(rest, 2)
	while (rest !~ /^}/) {
		if (!match(rest, /^[a-zA-Z_][a-zA-Z0-9_]*="/))
			return 0
		name = substr(rest, 1, RLENGTH - 2)
		rest = substr(rest, RLENGTH + 1)
		value = ""
		while ((c = substr(rest, 1, 1)) != "\"") {
			if (c == "")
				return 0
			if (c == "\\") {
				value = value c
				rest = substr(rest, 2)
				c = substr(rest, 1, 1)
			}
			value = value c
			rest = substr(rest, 2)
		}
		rest = substr(rest, 2)
		if (name in label)
			fault("label " name " twice")
		label[name] = value
		sub(/^,/, "", rest)
	}
	rest = substr(rest, 2)
	return 1
}

# The same text for the same labels, in whatever order; without `left_out`.
function key_of(left_out,    n, names, name, i, k, key)
{
	n = 0
	for (name in label)
		if (name != left_out)
			names[++n] = name
	for (i = 2; i <= n; i++)
		for (k = i; k > 1 && names[k - 1] > names[k]; k--) {
			name = names[k]
			names[k] = names[k - 1]
			names[k - 1] = name
		}
	key = ""
	for (i = 1; i <= n; i++)
		key = key names[i] "=\"" label[names[i]] "\","
	return key
}

function number(text)
{
	return text ~ /^\+?Inf$/ ? 1e308 : text ~ /^-Inf$/ ? -1e308 : text + 0
}

# The family of a sample: its own name, or that before an ending its type has.
function family_of(name,    base)
{
	base = name
	if (sub(/_(bucket|sum|count)$/, "", base) && type[base] ~ /^(histogram|gaugehistogram|summary)$/)
		return base
	base = name
	if (sub(/_(total|created)$/, "", base) && type[base] == "counter")
		return base
	return name
}

function bucket(family, key, value,    le)
{
	if (!("le" in label)) {
		fault("bucket of " family " without le")
		return
	}
	le = number(label["le"])
	if ((family, key) in last_le) {
		if (le <= last_le[family, key])
			fault("buckets of " family "{" key "} are out of order")
		if (value < last_count[family, key])
			fault("buckets of " family "{" key "} fall")
	}
	last_le[family, key] = le
	last_count[family, key] = value
	histogram[family, key] = family "{" key "}"
	if (label["le"] == "+Inf")
		infinite[family, key] = value
}

ended { fault("text behind # EOF") }
/^# EOF$/ { ended = 1; next }
/^# TYPE / {
	if ($3 in type)
		fault("family " $3 " twice")
	type[$3] = $4
	next
}
/^#/ || /^$/ { next }
{
	rest = $0
	if (!match(rest, /^[a-zA-Z_:][a-zA-Z0-9_:]*/)) {
		fault("no sample: " $0)
		next
	}
	name = substr(rest, 1, RLENGTH)
	rest = substr(rest, RLENGTH + 1)
	split("", label)
	if (rest ~ /^{/ && !read_labels()) {
		fault("no labels: " $0)
		next
	}
	split(rest, word, " ")
	value = number(word[1])
	if (word[1] !~ /^([+-]?Inf|NaN|[+-]?[0-9.]+([eE][+-]?[0-9]+)?)$/)
		fault("no number: " word[1])
	family = family_of(name)
	if (!(family in type))
		fault("sample of " family ", which has no type")
	if (family != current && family in left)
		fault("family " family " in two pieces")
	if (current != family)
		left[current] = 1
	current = family
	series = name "{" key_of("") "}"
	if (series in seen)
		fault("series " series " twice")
	seen[series] = 1
	if (type[family] != "histogram")
		next
	key = key_of("le")
	if (name == family "_bucket")
		bucket(family, key, value)
	else if (name == family "_count") {
		count[family, key] = value
		histogram[family, key] = family "{" key "}"
	} else if (name == family "_sum")
		sum[family, key] = 1
}
END {
	for (h in histogram) {
		if (!(h in infinite))
			fault("histogram " histogram[h] " without +Inf")
		if (!(h in sum))
			fault("histogram " histogram[h] " without _sum")
		if (!(h in count))
			fault("histogram " histogram[h] " without _count")
		else if (h in infinite && infinite[h] != count[h])
			fault("count of " histogram[h] " is " count[h] ", not " infinite[h])
	}
	exit faults > 0
}
