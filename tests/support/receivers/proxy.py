#!/usr/bin/env python3
"""proxy.py --to PORT: a bad cable: forwards connections to 127.0.0.1:PORT, with faults by script.

A fault is for the next connection: /fault?do=
    cut&after=N&way=up     closed after N bytes from the client (way=down: to it); those still
                           arrive. reset=yes: with RST, at both ends
    refuse                 accepted and closed at once
    delay&ms=N             each piece waits so long, both ways
    hold&after=N&way=up    nothing goes on that way after N bytes, until /release
For all connections: /down /up /cut (control.py), /hold and /release.
/requests has an entry a connection, when it ends: bytes each way; its body is the client's."""
import socket
import threading
import time

import control
import listener

PIECE = 16384


class Nothing:
    @staticmethod
    def dump():
        return []

    def clear(self):
        pass


class Cable(control.Fake):
    def __init__(self, to, options):
        super().__init__({}, options.limit)
        self.to, self.is_held, self.store = to, False, Nothing()
        self.listener = listener.Listener(self.connect)

    def command(self, path, query):
        if path == "/hold":
            self.is_held = True
            return "ok\n"
        if path == "/release":
            self.is_held = False
        return super().command(path, query)

    def connect(self, client):
        fault = self.faults.take()
        if fault["do"] == "refuse":
            listener.cut(client, "reset" in fault)
            return
        link = Link(self, fault)
        try:
            with socket.create_connection(("127.0.0.1", self.to)) as server:
                server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                back = threading.Thread(target=link.pump, args=(server, client, "down"))
                back.start()
                link.pump(client, server, "up")
                back.join()
        finally:
            entry = {"up": len(link.came["up"]), "down": len(link.came["down"]), "fault": fault["do"]}
            self.requests.add(entry, bytes(link.came["up"]))


class Link:
    """One connection: what went each way, and its fault."""

    def __init__(self, cable, fault):
        self.cable, self.fault, self.is_cut = cable, fault, False
        self.came = {"up": bytearray(), "down": bytearray()}

    def pump(self, source, to, way):
        limit = int(self.fault["after"]) if "after" in self.fault and self.fault.get("way", "up") == way else None
        try:
            while True:
                left = PIECE if limit is None else min(PIECE, limit - len(self.came[way]))
                if left == 0:
                    limit = None
                    self.reached()
                    continue
                data = source.recv(left)
                if not data:
                    break
                self.pass_on(data, to, way)
            if not self.is_cut:
                to.shutdown(socket.SHUT_WR)
        except OSError:
            self.is_cut = True
            for end in (to, source):
                listener.cut(end, "reset" in self.fault)

    def reached(self):
        if self.fault["do"] == "cut":
            raise ConnectionError("cut")
        self.cable.faults.hang(lambda: self.is_cut)

    def pass_on(self, data, to, way):
        if self.cable.is_held:
            self.cable.faults.hang(lambda: not self.cable.is_held or self.is_cut)
        if self.fault["do"] == "delay":
            time.sleep(int(self.fault["ms"]) / 1000)
        self.came[way] += data
        to.sendall(data)


def main():
    parser = control.arguments(__doc__)
    parser.add_argument("--to", metavar="PORT", type=int, required=True)
    options = parser.parse_args()
    Cable(options.to, options).run(options)


if __name__ == "__main__":
    main()
