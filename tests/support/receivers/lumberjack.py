#!/usr/bin/env python3
"""lumberjack.py: a fake of Logstash's input beats: lumberjack v2, the one with acknowledgements.

    2W u32           a window: so many events follow
    2J u32 u32 JSON  one event: sequence, from 1 in each window, and length
    2C u32 zlib      such frames, compressed
    2A u32           what the reader answers: up to this sequence all is stored; 0: still at work

A sequence that does not count up, an event beyond the window, JSON that is none, another version
or frame: the connection closes, as Logstash's parser makes it. --partial N acknowledges every N
events, not only the last one; --busy N sends N of sequence 0 before each acknowledgement.

A fault is for the next window: /fault?do=
    noack       all is stored, the connection closes without an acknowledgement; reset=yes: RST
    first&k=N   the first N are stored and acknowledged, then the connection closes
    close       it closes at the window frame, nothing is stored
    hang        stored; no acknowledgement until /release (busy=yes: of sequence 0 meanwhile)
    half        stored; three bytes of the acknowledgement, then closed
/requests has an entry a window, its body is the window's bytes; "error" says what was wrong."""
import struct
import zlib

import control
import listener
import logstash_event


class Wrong(Exception):
    """What a parser closes the connection for."""


class Reader:
    """The frames of one connection, with what they were on the wire."""

    def __init__(self, connection):
        self.connection, self.wire = connection, b""

    def bytes(self, n):
        data = b""
        while len(data) < n:
            got = self.connection.recv(min(n - len(data), 65536))
            if not got:
                raise EOFError
            data += got
        self.wire += data
        return data

    def number(self):
        return struct.unpack(">I", self.bytes(4))[0]


class Inflated:
    """The frames inside one compressed frame."""

    def __init__(self, data):
        self.data = data

    def bytes(self, n):
        if len(self.data) < n:
            raise Wrong("a compressed frame ends inside a frame")
        head, self.data = self.data[:n], self.data[n:]
        return head

    number = Reader.number


class Window:
    """The events of one window, checked as they come."""

    def __init__(self, size):
        self.size, self.events = size, []

    def is_full(self):
        return len(self.events) >= self.size

    def frame(self, reader):
        version, kind = reader.bytes(2).decode("latin-1")
        if version != "2":
            raise Wrong(f"version {version!r}")
        if kind == "C":
            self.compressed(reader)
        elif kind == "J":
            self.event(reader)
        else:
            raise Wrong(f"frame {kind!r} in a window")

    def compressed(self, reader):
        if isinstance(reader, Inflated):
            raise Wrong("compressed twice")
        try:
            inside = Inflated(zlib.decompress(reader.bytes(reader.number())))
        except zlib.error as error:
            raise Wrong(str(error)) from error
        while inside.data:
            self.frame(inside)

    def event(self, reader):
        sequence = reader.number()
        data = reader.bytes(reader.number())
        if self.is_full():
            raise Wrong(f"more events than the window's {self.size}")
        if sequence != len(self.events) + 1:
            raise Wrong(f"sequence {sequence} where {len(self.events) + 1} is next")
        events, odd = logstash_event.decode(data)
        if len(events) != 1 or "_jsonparsefailure" in events[0].get("tags", []):
            raise Wrong(f"event {sequence} is no JSON object")
        self.events.append((events, odd))


class Input:
    def __init__(self, fake, partial, busy):
        self.fake, self.partial, self.busy = fake, partial, busy

    def serve(self, connection):
        reader = Reader(connection)
        try:
            while self.window(connection, reader):
                pass
        except EOFError:
            if reader.wire:
                self.note(reader, None, "ok", "the connection ended inside a window")

    def window(self, connection, reader):
        """One window; False: the connection is to be closed."""
        reader.wire = b""
        window, fault = None, {"do": "ok"}
        try:
            head = reader.bytes(2)
            fault = self.fake.faults.take()
            if head != b"2W":
                raise Wrong(f"{head!r} where a window is due")
            window = Window(reader.number())
            if fault["do"] == "close":
                listener.cut(connection, "reset" in fault)
                self.note(reader, window, "close", stored=0)
                return False
            while not window.is_full():
                window.frame(reader)
        except Wrong as error:
            self.note(reader, window, fault["do"], str(error), stored=0)
            return False
        return self.answer(connection, reader, window, fault)

    def answer(self, connection, reader, window, fault):
        do, n = fault["do"], window.size
        if do == "first":
            n = min(n, int(fault["k"]))
        for events, odd in window.events[:n]:
            self.fake.store.add(events, odd)
        self.note(reader, window, do, stored=n)
        if do == "hang" and not self.hang(connection, fault):
            return False
        ack = struct.pack(">2sI", b"2A", n)
        if do == "half":
            connection.sendall(ack[:3])
        elif do != "noack" and n:
            self.acknowledge(connection, n)
        if do in ("noack", "half", "first"):
            listener.cut(connection, "reset" in fault)
            return False
        return True

    def acknowledge(self, connection, n):
        connection.sendall(struct.pack(">2sI", b"2A", 0) * self.busy)
        for k in range(self.partial, n, self.partial) if self.partial else ():
            connection.sendall(struct.pack(">2sI", b"2A", k))
        connection.sendall(struct.pack(">2sI", b"2A", n))

    def hang(self, connection, fault):
        def gone():
            try:
                if "busy" in fault:
                    connection.sendall(struct.pack(">2sI", b"2A", 0))
                return False
            except OSError:
                return True
        return self.fake.faults.hang(gone)

    def note(self, reader, window, fault, error=None, stored=0):
        entry = {"window": window.size if window else 0, "events": len(window.events) if window else 0,
                 "stored": stored, "fault": fault, **({"error": error} if error else {})}
        self.fake.requests.add(entry, reader.wire)


def main():
    parser = control.arguments(__doc__)
    parser.add_argument("--partial", metavar="N", type=int, default=0)
    parser.add_argument("--busy", metavar="N", type=int, default=0)
    options = parser.parse_args()
    fake = control.Fake({}, options.limit)
    fake.store = logstash_event.Store()
    serve = Input(fake, options.partial, options.busy).serve
    fake.listener = listener.Listener(serve, listener.tls_context(options))
    fake.run(options)


if __name__ == "__main__":
    main()
