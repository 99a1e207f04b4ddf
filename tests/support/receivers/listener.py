"""listener.py: the TCP side of the fakes: a port of 127.0.0.1 that can go away and come back.

down() closes the port and all connections: the next connect is refused, and the port stays
ours, as a socket that does not listen holds it. up() listens there again. With certificates
every connection is TLS; handshakes that fail are counted, not served."""
import select
import socket
import ssl
import struct
import threading

RESET = struct.pack("ii", 1, 0)


def tls_context(options):
    """None without --cert; with --ca a client has to show a certificate of that CA."""
    if not options.cert:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.cert, options.key)
    if options.ca:
        context.load_verify_locations(options.ca)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def cut(connection, reset=False):
    """Ends a connection whose thread may be reading it; the thread's close() does the rest."""
    try:
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        connection.shutdown(socket.SHUT_RD if reset else socket.SHUT_RDWR)
    except OSError:
        pass


class Listener:
    """Calls serve(connection) in a thread of its own for each connection."""

    def __init__(self, serve, context=None, receive_buffer=0):
        self.port = 0
        self.accepted = self.refused = 0
        self._serve, self._context, self._receive_buffer = serve, context, receive_buffer
        self._lock = threading.Lock()
        self._connections = set()
        self._socket = self._bound()
        self.is_up = False
        self.up()

    def _bound(self):
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if self._receive_buffer:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._receive_buffer)
        s.bind(("127.0.0.1", self.port))
        self.port = s.getsockname()[1]
        return s

    def up(self):
        if self.is_up:
            return
        self._socket.listen(128)
        self.is_up = True
        threading.Thread(target=self._accept, args=(self._socket,), daemon=True).start()

    def down(self, reset=False):
        if self.is_up:
            self.is_up = False
            self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._socket = self._bound()
        self.cut_all(reset)

    def cut_all(self, reset=False):
        with self._lock:
            for connection in self._connections:
                cut(connection, reset)

    def state(self):
        """A connection that waits for accept() is open."""
        with self._lock:
            waits = self.is_up and bool(select.select([self._socket], [], [], 0)[0])
            return {"up": self.is_up, "accepted": self.accepted, "refused": self.refused,
                    "open": len(self._connections) + waits}

    def _accept(self, listening):
        while True:
            try:
                select.select([listening], [], [])
                with self._lock:
                    connection = listening.accept()[0]
                    self.accepted += 1
                    self._connections.add(connection)
            except (OSError, ValueError):
                return
            threading.Thread(target=self._run, args=(connection,), daemon=True).start()

    def _run(self, connection):
        plain = connection
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._context:
                connection.settimeout(10)
                connection = self._secure(connection)
                connection.settimeout(None)
            self._serve(connection)
        except (OSError, ssl.SSLError):
            pass
        finally:
            with self._lock:
                self._connections.discard(plain)
                self._connections.discard(connection)
            connection.close()
            plain.close()

    def _secure(self, plain):
        try:
            connection = self._context.wrap_socket(plain, server_side=True)
        except (OSError, ssl.SSLError):
            self.refused += 1
            raise
        with self._lock: # the plain object has lost its descriptor
            self._connections.discard(plain)
            self._connections.add(connection)
        return connection
