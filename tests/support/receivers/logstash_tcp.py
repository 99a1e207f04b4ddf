#!/usr/bin/env python3
"""logstash_tcp.py: a fake of Logstash's input tcp with codec json_lines.

An event a line; an array is several; a bad line is its text with tag _jsonparsefailure; the last
line without its LF counts only when the connection closes ("unterminated"); a line over the
limit `line` ends the connection. Nothing is ever acknowledged.

A fault is for the next connection: /fault?do=
    close&lines=N   closed after N lines; what came behind them is lost. reset=yes: with RST
    stall&lines=N   reads no further after N lines until /release; --receive-buffer BYTES small
                    makes the sender feel it soon
/requests has an entry a connection, when it ends."""
import itertools

import control
import listener
import logstash_event

LIMITS = {"line": 512 << 20}


class Input:
    def __init__(self, fake):
        self.fake = fake
        self.numbers = itertools.count(1)

    def serve(self, connection):
        number, fault = next(self.numbers), dict(self.fake.faults.take())
        stop = int(fault.get("lines", 0)) if fault["do"] != "ok" else -1
        came, lines, rest = [], 0, b""
        try:
            while data := connection.recv(65536):
                came.append(data)
                *whole, rest = (rest + data).split(b"\n")
                for line in whole:
                    if lines == stop and not self.stop(connection, fault):
                        return
                    lines += 1
                    self.line(line, number)
                if len(rest) > self.fake.limits["line"] > 0:
                    return
                if lines == stop and not self.stop(connection, fault):
                    return
            if rest:
                self.line(rest, number, unterminated=True)
        finally:
            self.fake.requests.add({"connection": number, "lines": lines, "fault": fault["do"]}, b"".join(came))

    def stop(self, connection, fault):
        """After the fault's lines; False: the connection is to be closed."""
        if fault["do"] == "close":
            listener.cut(connection, "reset" in fault)
            return False
        if not fault.get("stalled"):
            self.fake.faults.hang(lambda: False)
        fault["stalled"] = True
        return True

    def line(self, line, number, **more):
        if line.strip():
            events, odd = logstash_event.decode(line)
            self.fake.store.add(events, odd, connection=number, **more)


def main():
    parser = control.arguments(__doc__)
    parser.add_argument("--receive-buffer", metavar="BYTES", type=int, default=0)
    options = parser.parse_args()
    fake = control.Fake(LIMITS, options.limit)
    fake.store = logstash_event.Store()
    fake.listener = listener.Listener(Input(fake).serve, listener.tls_context(options), options.receive_buffer)
    fake.run(options)


if __name__ == "__main__":
    main()
