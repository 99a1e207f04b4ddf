#!/bin/bash
# Health checks of a real PostgreSQL, Redis and nginx, private ones: up, slow, down, and in one
# another's place.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
. "$top_srcdir/tests/tool/asked.sh"
. "$top_srcdir/tests/support/nginx.sh"
need_root
need jq setpriv redis-server nginx
pg=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n1)
[ -x "$pg/initdb" ] || skip_all "postgres is missing"
getent passwd postgres >/dev/null || skip_all "there is no user postgres"

chmod 755 "$tap_dir"
data=$tap_dir/pg
install -d -o postgres -m 700 "$data" "$tap_dir/pgrun"
install -d "$tap_dir/redis"
pg_port=$(free_port) redis_port=$(free_port) web_port=$(free_port)
word=$(head -c 12 /dev/urandom | od -An -tx1 | tr -d ' \n') # a password of this run
printf '%s\n' "$word" >"$tap_dir/word"
printf 'wrong%s\n' "$word" >"$tap_dir/wrong"

as_postgres()
{
	(cd / && exec setpriv --reuid=postgres --regid=postgres --clear-groups "$@")
}
as_postgres "$pg/initdb" -D "$data" -A scram-sha-256 --pwfile=<(echo "$word") -N \
	>"$tap_dir/initdb.log" 2>&1 || as_postgres "$pg/initdb" -D "$data" -A trust -N \
	>"$tap_dir/initdb.log" 2>&1 || skip_all "initdb does not work here"
pg_start()
{
	(cd / && alone setpriv --reuid=postgres --regid=postgres --clear-groups \
		"$pg/postgres" -D "$data" -p "$pg_port" -k "$tap_dir/pgrun" \
		-c listen_addresses=127.0.0.1 >"$tap_dir/pg.log" 2>&1) &
	pg_pid=$!
	service_pids+=("$pg_pid")
}
redis_start()
{
	(alone redis-server --port "$redis_port" --bind 127.0.0.1 --dir "$tap_dir/redis" --save '' \
		--requirepass "$word" >"$tap_dir/redis.log" 2>&1) &
	redis_pid=$!
	service_pids+=("$redis_pid")
}
nginx_conf <<<"server { listen 127.0.0.1:$web_port; }"
pg_start
redis_start
web_start

often="every=100ms timeout=500ms"
stack shop <<-END
	health optional postgres name=db host=127.0.0.1 port=$pg_port $often
	health optional postgres name=dbsocket socket=$tap_dir/pgrun/.s.PGSQL.$pg_port $often
	health optional redis host=127.0.0.1 port=$redis_port password_file=$tap_dir/word $often
	health optional redis name=wrongword host=127.0.0.1 port=$redis_port password_file=$tap_dir/wrong $often
	health optional tcp name=web host=127.0.0.1 port=$web_port $often
	health optional postgres name=dbweb host=127.0.0.1 port=$web_port $often
	health optional redis name=redisweb host=127.0.0.1 port=$web_port $often
	health optional tcp name=greeting host=127.0.0.1 port=$web_port expect=SSH-2.0 $often
	health required permit
	sink required file path=$tap_dir/log
END
shop=''
start shop shop
. "$top_srcdir/tests/support/checks.sh"

becomes db '^healthy'
becomes dbsocket '^healthy'
becomes redis '^healthy'
becomes web '^healthy'
becomes wrongword '^unhealthy .* answers WRONGPASS'
becomes dbweb '^unhealthy 127.0.0.1:[0-9]+ (is no PostgreSQL server|hung up)|in time'
becomes redisweb '^unhealthy 127.0.0.1:[0-9]+ (is no Redis server|hung up)|in time'
becomes greeting '^unhealthy .*in time'
like "all in all" "$("$TELLTALE" status -o json --pid="$shop" | jq -r .health.status)" degraded
kill -STOP "$redis_pid"
becomes redis '^unhealthy .*no answer in time'
kill -CONT "$redis_pid"
becomes redis '^healthy'
kill -STOP "$pg_pid"
becomes db '^unhealthy .*no answer in time'
kill -CONT "$pg_pid"
becomes db '^healthy'

kill -INT "$pg_pid"
kill "$redis_pid" "$web_pid"
becomes db '^unhealthy .*Connection refused'
becomes dbsocket '^unhealthy .*(No such file|Connection refused)'
becomes redis '^unhealthy .*Connection refused'
becomes web '^unhealthy .*Connection refused'
pg_start
redis_start
web_start
becomes db '^healthy'
becomes redis '^healthy'
becomes web '^healthy'
tell_it shop "go 3"
is "logging went on" "$(grep -c '"served"' "$tap_dir/log")" 3
like "and each change is a record" "$(grep '"check":"redis"' "$tap_dir/log")" \
	'"event":"health.check".*"health":"unhealthy"'
is "without a password" "$(grep -c "$word" "$tap_dir/log")" 0
stop shop
kill -INT "$pg_pid"
kill "$redis_pid" "$web_pid"
wait "$pg_pid" "$redis_pid" "$web_pid" 2>/dev/null
done_testing
