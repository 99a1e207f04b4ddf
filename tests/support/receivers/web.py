"""web.py: HTTP/1.1 for the fakes that speak it, with the faults a client of HTTP meets.

/fault?do= (control.py)
    200 ... 599    that status, nothing is stored; body=TEXT, retry_after=SECONDS, store=yes
    hang           no answer until /release; then as if nothing had been
    close          the connection closes after the headers; reset=yes: with RST
    lost           stored, then closed without an answer
    half           stored, half of the answer's bytes (bytes=N: so many), then closed
    slow           stored, the answer byte by byte; pause=MILLISECONDS between them

Bodies may be chunked, gzip or (raw, as Go reads it) deflate. --credentials names a file with
the Authorization header that is asked for: 401 without."""
import dataclasses
import gzip
import http
import http.server
import select
import socket
import time
import urllib.parse
import zlib

import listener

SHOWN = ("content-type", "content-encoding", "content-length", "transfer-encoding", "expect",
         "x-scope-orgid", "user-agent")


@dataclasses.dataclass
class Answer:
    status: int
    body: str = ""
    headers: dict = dataclasses.field(default_factory=dict)
    notes: dict = dataclasses.field(default_factory=dict)  # for the list of requests

    def wire(self):
        body = self.body.encode("utf-8", "replace")
        phrase = http.HTTPStatus(self.status).phrase if self.status in list(http.HTTPStatus) else "Odd"
        headers = self.headers
        if self.status == 204:
            body = b""
        else:
            headers = {"Content-Type": "text/plain; charset=utf-8", **headers, "Content-Length": len(body)}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"HTTP/1.1 {self.status} {phrase}\r\n{head}\r\n".encode() + body


@dataclasses.dataclass
class Request:
    method: str
    path: str
    query: dict
    headers: object
    wire: bytes
    body: bytes = b""

    def header(self, name):
        return self.headers.get(name, "")


class Undecodable(Exception):
    """A Content-Encoding that cannot be undone."""


def decoded(request, most=1 << 30):
    coding = request.header("Content-Encoding")
    try:
        if coding in ("", "snappy", "identity"):
            return request.wire
        if coding == "gzip":
            return gzip.decompress(request.wire)
        if coding == "deflate":
            return zlib.decompressobj(-15).decompress(request.wire, most)
    except (OSError, EOFError, zlib.error) as error:
        raise Undecodable(f"{coding}: {error}") from error
    raise Undecodable(f'Content-Encoding "{coding}" not supported')


class Web:
    """Calls receive(request) -> Answer for what is posted, look(request) for other methods."""

    def __init__(self, fake, options, receive, look):
        self.fake, self.receive, self.look = fake, receive, look
        self.authorization = None
        if options.credentials:
            with open(options.credentials, encoding="utf-8") as file:
                self.authorization = file.read().strip()
        fake.listener = listener.Listener(self._serve, listener.tls_context(options))

    def _serve(self, connection):
        Handler(connection, connection.getpeername(), self)

    def is_allowed(self, headers):
        return self.authorization is None or headers.get("Authorization", "") == self.authorization

    def note(self, handler, request, fault, status, notes):
        entry = {"method": handler.command, "path": handler.path, "status": status, "fault": fault,
                 "headers": {k: handler.headers[k] for k in SHOWN if k in handler.headers},
                 "authorization": handler.headers.get("Authorization", "").split(" ")[0], **notes}
        self.fake.requests.add(entry, request.wire, request.body)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_expect_100(self):
        return True  # said when the body is wanted: a fault may come before

    def do_GET(self):
        answer = self.server.look(self._request(b""))
        self.wfile.write(answer.wire())

    def do_POST(self):
        web = self.server
        fault = web.fake.faults.take()
        do = fault["do"]
        if do == "close":
            web.note(self, self._request(b""), do, 0, {})
            self._cut("reset" in fault)
            return
        if self.headers.get("Expect", "").lower() == "100-continue":
            super().handle_expect_100()
        request = self._request(self._read_body())
        try:
            request.body = decoded(request)
        except Undecodable as error:
            request.body = None
            answer = Answer(400, f"{error}\n")
        if do == "hang" and not web.fake.faults.hang(self._is_gone):
            web.note(self, request, do, 0, {})
            self.close_connection = True
            return
        if request.body is not None:
            answer = self._answer(request, fault)
        web.note(self, request, do, 0 if do == "lost" else answer.status, answer.notes)
        self._send(answer.wire(), fault)

    do_PUT = do_POST

    def _answer(self, request, fault):
        web = self.server
        if not fault["do"].isdigit():
            if web.is_allowed(self.headers):
                return web.receive(request, fault)
            return Answer(401, "unauthorized\n", {"WWW-Authenticate": 'Basic realm="fake"'})
        notes = web.receive(request, {"do": "ok"}).notes if fault.get("store") == "yes" else {}
        headers = {"Retry-After": fault["retry_after"]} if "retry_after" in fault else {}
        return Answer(int(fault["do"]), fault.get("body", f"a fault: {fault['do']}") + "\n", headers, notes)

    def _send(self, wire, fault):
        do = fault["do"]
        if do == "slow":
            for i in range(len(wire)):
                self.wfile.write(wire[i:i + 1])
                time.sleep(int(fault.get("pause", 5)) / 1000)
            return
        if do == "half":
            wire = wire[:int(fault.get("bytes", len(wire) // 2))]
        self.wfile.write(b"" if do == "lost" else wire)
        if do in ("lost", "half"):
            self._cut("reset" in fault)

    def _cut(self, reset):
        self.close_connection = True
        listener.cut(self.connection, reset)

    def _is_gone(self):
        if not select.select([self.connection], [], [], 0)[0]:
            return False
        try:
            return not self.connection.recv(1, socket.MSG_PEEK)
        except (OSError, ValueError):  # TLS cannot peek: what is readable now is its end
            return True

    def _request(self, wire):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        return Request(self.command, url.path, query, self.headers, wire)

    def _read_body(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self._read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0] or b"x", 16):
            body += self._read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return body

    def _read(self, size):
        """What a client did not send to its end is no request."""
        data = self.rfile.read(size)
        if len(data) < size:
            raise ConnectionError("the body ends early")
        return data

    def log_message(self, *_):
        pass


def arguments(parser):
    parser.add_argument("--credentials", metavar="FILE", help="the Authorization header wanted")
    return parser
