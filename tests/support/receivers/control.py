"""control.py: how a test speaks with a fake: a second port, with HTTP, that never fails.

    /fault?do=429&next=3    the next three requests; faults queue up, do=ok lets one through
    /faults                 those that are waiting
    /release                all that hang go on
    /down[?reset]  /up      the fake's port, which stays the same
    /cut[?reset]            all connections
    /connections            up, accepted, refused (TLS), open, hanging
    /dump                   what was stored, a JSON object a line
    /requests               what came, a JSON object a line, with the SHA-256 of its body
    /bodies/N[?decoded]     the N-th body, from 1, as it came or without its compression
    /limits[?name=value]    the fake's limits; 0: none
    /reset                  forgets what is stored, requests and faults

A fake prints "PORT CONTROL", its two ports, when it is ready; --ports writes them to a file."""
import argparse
import collections
import hashlib
import http.server
import json
import os
import re
import signal
import threading
import urllib.parse


def json_lines(objects):
    """Lone surrogates are what was no UTF-8: U+FFFD, as a query would show."""
    text = "".join(json.dumps(o, ensure_ascii=False) + "\n" for o in objects)
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


class Faults:
    """The script: what shall happen to the next requests, batches or connections."""

    def __init__(self):
        self._lock = threading.Lock()
        self._queue = collections.deque()
        self.gate = threading.Event()
        self.hanging = 0

    def add(self, spec):
        spec = dict(spec)
        with self._lock:
            self._queue.extend([spec] * int(spec.pop("next", 1)))

    def take(self):
        with self._lock:
            return self._queue.popleft() if self._queue else {"do": "ok"}

    def waiting(self):
        with self._lock:
            return list(self._queue)

    def clear(self):
        with self._lock:
            self._queue.clear()

    def hang(self, gone):
        """Until /release, or gone() says that the peer left. True: released."""
        with self._lock:
            gate = self.gate
            self.hanging += 1
        try:
            while not gate.wait(0.05):
                if gone():
                    return False
            return True
        finally:
            with self._lock:
                self.hanging -= 1

    def release(self):
        with self._lock:
            self.gate.set()
            self.gate = threading.Event()


class Requests:
    """What came, with bodies byte by byte, so that a batch sent again can be compared."""

    def __init__(self):
        self._lock = threading.Lock()
        self._all, self._bodies = [], []

    def add(self, entry, wire, decoded=None):
        decoded = wire if decoded is None else decoded
        with self._lock:
            entry = {"n": len(self._all) + 1, **entry, "wire": len(wire), "decoded": len(decoded),
                     "sha256": hashlib.sha256(wire).hexdigest()}
            self._all.append(entry)
            self._bodies.append((wire, decoded))
        return entry

    def all(self):
        with self._lock:
            return list(self._all)

    def body(self, n, decoded):
        with self._lock:
            return self._bodies[n - 1][1 if decoded else 0]

    def clear(self):
        with self._lock:
            self._all.clear()
            self._bodies.clear()


class Fake:
    """A fake's listener, script, limits and store, behind the control port.

    Its store has dump() -> objects and clear()."""

    def __init__(self, limits, given):
        self.faults, self.requests = Faults(), Requests()
        self.limits = dict(limits)
        self.listener = self.store = None
        for name, value in (text.split("=", 1) for text in given):
            self.limit(name, value)

    def limit(self, name, value):
        if name not in self.limits:
            raise KeyError(f"no limit {name}: {' '.join(self.limits)}")
        self.limits[name] = int(value)

    def command(self, path, query):
        """What the control port answers: text or bytes."""
        name = path.strip("/").split("/")
        reset = "reset" in query
        if name[0] == "fault":
            self.faults.add(query)
        elif name[0] == "faults":
            return json_lines(self.faults.waiting())
        elif name[0] == "release":
            self.faults.release()
        elif name[0] == "down":
            self.listener.down(reset)
        elif name[0] == "up":
            self.listener.up()
        elif name[0] == "cut":
            self.listener.cut_all(reset)
        elif name[0] == "connections":
            return json_lines([{**self.listener.state(), "hanging": self.faults.hanging}])
        elif name[0] == "dump":
            return json_lines(self.store.dump())
        elif name[0] == "requests":
            return json_lines(self.requests.all())
        elif name[0] == "bodies":
            return self.requests.body(int(name[1]), "decoded" in query)
        elif name[0] == "limits":
            for limit, value in query.items():
                self.limit(limit, value)
            return json_lines([self.limits])
        elif name[0] == "reset":
            for forgetful in (self.faults, self.requests, self.store):
                forgetful.clear()
        else:
            raise KeyError(f"no command {path}")
        return "ok\n"

    def run(self, options):
        """Says which ports, and serves the control port until a signal ends it."""
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), control_handler(self))
        server.daemon_threads = True
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        signal.signal(signal.SIGINT, lambda *_: os._exit(0))
        ports = f"{self.listener.port} {server.server_address[1]}"
        if options.ports:
            with open(options.ports + ".new", "w", encoding="ascii") as out:
                print(ports, file=out)
            os.rename(options.ports + ".new", options.ports)
        print(ports, flush=True)
        server.serve_forever()


def control_handler(fake):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            url = urllib.parse.urlsplit(self.path)
            query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
            try:
                status, said = 200, fake.command(url.path, query)
            except (KeyError, ValueError, IndexError) as error:
                status, said = 400, f"{error}\n"
            said = said.encode() if isinstance(said, str) else said
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_POST = do_GET

        def log_message(self, *_):
            pass

    return Handler


def arguments(text):
    """The options that every fake has."""
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--ports", metavar="FILE", help="where to write the two ports")
    parser.add_argument("--limit", metavar="NAME=VALUE", action="append", default=[])
    parser.add_argument("--cert", metavar="PEM", help="serve TLS")
    parser.add_argument("--key", metavar="PEM")
    parser.add_argument("--ca", metavar="PEM", help="a client needs a certificate of this CA")
    return parser
