#!/usr/bin/env python3
"""sink.py FILE: reads HTTP requests, answers 204 and forgets them; its port in FILE."""
import http.server
import sys


class Sink(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        if self.headers.get("Transfer-Encoding") == "chunked":  # systemd-journal-upload: one request without an end
            while n := int(self.rfile.readline(), 16):
                self.rfile.read(n + 2)
            self.rfile.readline()
        else:
            self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sink)
with open(sys.argv[1], "w", encoding="ascii") as f:
    f.write(f"{server.server_address[1]}\n")
server.serve_forever()
