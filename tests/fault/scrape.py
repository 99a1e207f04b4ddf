"""scrape.py PORT: a hostile client of a metrics port. Does a line of stdin at a time, and answers
each with a line on stdout.

many N     open N connections that say nothing; how many were made
slow N     open N that send a byte of a request's head every 50 ms from now on; likewise
head N     one whose head has N bytes: the first line of the answer
unread N   ask N times and read nothing; how many were made
open       how many of all these are still open
close      close them all
"""
import resource
import select
import socket
import sys
import threading
import time

resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
port = int(sys.argv[1])
opened = []
slow = []


def connect(n, first=b""):
    made = []
    for _ in range(n):
        s = socket.socket()
        s.settimeout(10)
        try:
            s.connect(("127.0.0.1", port))
            s.sendall(first)
        except OSError:
            pass
        else:
            made.append(s)
    opened.extend(made)
    return made


def drip():
    while True:
        for s in list(slow):
            try:
                s.send(b"x")
            except OSError:
                slow.remove(s)
        time.sleep(0.05)


def is_open(s):
    try:
        if not select.select([s], [], [], 0)[0]:
            return True
        return bool(s.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except OSError:
        return False


def head(n):
    s = socket.create_connection(("127.0.0.1", port), 10)
    try:
        s.sendall(b"GET /metrics HTTP/1.1\r\nHost: a\r\nX-Long: ")
        s.sendall(b"x" * n + b"\r\n\r\n")
    except OSError:
        pass
    try:
        return s.recv(64).split(b"\r\n")[0].decode() or "closed"
    except OSError:
        return "closed"


threading.Thread(target=drip, daemon=True).start()
for line in sys.stdin:
    order, _, n = line.strip().partition(" ")
    if order == "many":
        print(len(connect(int(n))), flush=True)
    elif order == "slow":
        slow.extend(connect(int(n), b"GET /metrics HTTP/1.1\r\nX-Slow: "))
        print(len(slow), flush=True)
    elif order == "head":
        print(head(int(n)), flush=True)
    elif order == "unread":
        print(len(connect(int(n), b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")), flush=True)
    elif order == "open":
        print(sum(map(is_open, opened)), flush=True)
    else:
        slow.clear()
        for s in opened:
            s.close()
        opened.clear()
        print("ok", flush=True)
