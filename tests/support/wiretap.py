#!/usr/bin/env python3
"""wiretap.py TARGET-PORT FILE: forwards connections to 127.0.0.1:TARGET-PORT and appends what
clients sent to FILE. Prints its own port. With the target "none" it answers nothing, with
"close" it closes once something came, with "half" it resets then, with "plain" it says hello
in plain text."""
import os
import socket
import struct
import sys
import threading

target, path = sys.argv[1], sys.argv[2]


def pump(source, to, tap):
    try:
        while data := source.recv(65536):
            if tap:
                os.write(tap, data)
            if to:
                to.sendall(data)
            if target in ("close", "half"):
                if target == "half":
                    source.setsockopt(
                        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                source.close()
                return
        if to:
            to.shutdown(socket.SHUT_WR)
    except OSError:
        pass
    if to:
        try:
            to.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(client):
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if target == "plain":
        client.sendall(b"220 mail.example.test ESMTP\r\n" * 4)
    server = None
    if target.isdigit():
        try:
            server = socket.create_connection(("127.0.0.1", int(target)))
        except OSError:
            client.close()
            return
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=pump, args=(server, client, None), daemon=True).start()
    pump(client, server, os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600))


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
