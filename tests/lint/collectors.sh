#!/bin/bash
# packaging/collectors: each snippet says whether a test runs it, the page names each, and ids are no labels.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
cd "$top_srcdir" || exit 1

for snippet in packaging/collectors/*; do
	name=${snippet##*/}
	like "$name: is in the page" "$(cat doc/forwarding.md)" "\`$name\`"
	if grep -q "settings $name " tests/live/collectors.sh; then
		like "$name: says that it is run" "$(head -n 4 "$snippet")" ' Run in tests \('
	else
		like "$name: says that it is not run" "$(head -n 4 "$snippet")" ' Not run in tests\.'
	fi
	like "$name: is installed" "$(cat packaging/local.mk)" "packaging/collectors/$name( |\$|"$'\n'")"
done

# A label of Loki's by an id would be a stream each.
labels() # what each snippet for Loki makes labels
{
	sed -n '/stage.labels {/,/}/p' packaging/collectors/alloy.alloy
	grep '^ *Labels ' packaging/collectors/fluent-bit.conf
	sed -n '/^    labels:/,/^    [a-z_]*:$/p' packaging/collectors/vector.yaml | grep '{{'
}
is "labels are service, level and host" \
	"$(labels | grep -oE '(request|trace|span|tenant)_id')" ""
like "the search sees labels" "$(labels | tr '\n' ' ')" 'service_name = "".*service_name=\$service.*service_name: '
done_testing
