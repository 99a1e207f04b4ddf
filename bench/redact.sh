#!/bin/bash
# Looking for secrets where there are none, beside Hyperscan and PCRE2, which match ten
# patterns (bench/scan.h). Sourced by bench/run.sh, whose functions it uses.
n=1000000
scan() # KIND WORDS
{
	local kind=$1 what="redaction of $2" ours rival
	if [ -x bench/rival_hyperscan ]; then
		read -r ours rival < <(figure=best beside "bench/redact $kind $n" \
			"bench/rival_hyperscan $kind $n")
		row "$what, beside Hyperscan: ns" "$ours" "$rival" 0.25 ns
		read -r ours rival < <(figure=best beside "bench/redact $kind $n" \
			"bench/rival_hyperscan $kind $n som")
		row "the same, Hyperscan saying where a match begins: ns" "$ours" "$rival" none ns
	fi
	if [ -x bench/rival_pcre2 ]; then
		read -r ours rival < <(figure=best beside "bench/redact $kind $n" \
			"bench/rival_pcre2 $kind $n")
		row "the same, beside PCRE2's JIT, ten patterns in turn: ns" "$ours" "$rival" none ns
	fi
	command -v valgrind >/dev/null || return 0
	ours=$(per_call 5120 "bench/redact $kind %N 16")
	for rival in hyperscan pcre2; do
		[ ! -x bench/rival_$rival ] || row "the same, 16 bytes at a time, beside $rival: instructions" \
			"$ours" "$(per_call 5120 "bench/rival_$rival $kind %N")" none instr.
	done
}
scan clean "a clean message of 120 bytes"
scan ids "a message of ids, 160 bytes"
