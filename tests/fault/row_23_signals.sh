#!/bin/bash
# FAULTS row 23: a limit on file sizes (SIGXFSZ) and a peer that left (SIGPIPE) kill no service.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
live_begin
need prlimit
live_rsyslog_start
out=$tap_dir/out.jsonl

live_stack sized <<-END
	redact required permit
	sink required file path=$out
END
live_driver sized prlimit --fsize=65536
live_ask say 2000 "until the limit"
live_ledger "fault_23 RLIMIT_FSIZE"
ok "fault_23 RLIMIT_FSIZE: the service lives" kill -0 "$live_driver_pid"
ok "fault_23 RLIMIT_FSIZE: the limit holds" test "$(stat -c %s "$out")" -le 65536
is "fault_23 RLIMIT_FSIZE: what counts as taken is there, whole" \
	"$(grep -v '^ *$' "$out" | jq -s length)" "$(live_number file.taken)"
like "fault_23 RLIMIT_FSIZE: the rest is counted" "$(live_number undelivered)" '^[1-9]'
live_driver_ends

live_stack peer <<-END
	redact required permit
	sink required syslog proto=tcp host=127.0.0.1 port=$live_port
END
live_driver peer
live_ask say 10 before
live_rsyslog_kill
live_ask say 20 "nobody reads"
ok "fault_23 SIGPIPE: the service lives" kill -0 "$live_driver_pid"
live_ledger "fault_23 SIGPIPE"
live_driver_ends

live_stack pipe <<-END
	redact required permit
	sink required stderr format=json
END
live_driver pipe bash -c 'exec 2> >(exec true); sleep 0.3; exec "$@"' _
live_ask say 20 "nobody reads"
ok "fault_23 a pipe without a reader: the service lives" kill -0 "$live_driver_pid"
live_ledger "fault_23 a pipe without a reader"
done_testing
