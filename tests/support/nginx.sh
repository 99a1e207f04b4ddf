# A private nginx for tests of health checks, after asked.sh: nginx_conf <<END with its servers, then
# web_start; its pid is $web_pid.
# shellcheck shell=bash
: "${tap_dir:?}"
install -d -m 755 "$tap_dir/nginx"

# In place, without our ends of the service's pipes: it would wait for this one to close them.
alone() # COMMAND...
{
	[ -z "${in_shop-}" ] || exec {in_shop}>&- {out_shop}<&-
	exec "$@"
}

nginx_conf() # the servers, from stdin
{
	cat >"$tap_dir/nginx.conf" <<-END
		daemon off;
		master_process off;
		pid $tap_dir/nginx/pid;
		error_log $tap_dir/nginx/error;
		events {}
		http {
			access_log off;
			client_body_temp_path $tap_dir/nginx/body;
			proxy_temp_path $tap_dir/nginx/proxy;
			fastcgi_temp_path $tap_dir/nginx/fastcgi;
			scgi_temp_path $tap_dir/nginx/scgi;
			uwsgi_temp_path $tap_dir/nginx/uwsgi;
			$(cat)
		}
	END
}

web_start()
{
	(alone nginx -c "$tap_dir/nginx.conf" >"$tap_dir/nginx.log" 2>&1) &
	web_pid=$!
	service_pids+=("$web_pid")
}
