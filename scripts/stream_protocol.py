"""A client of the server's protocol (docs/protocol.md) on a plain socket: what fetch_stream.py checks with.

The WebSocket client is written out, so that what it accepts is the protocol and not what some library makes of it.
"""

import base64
import hashlib
import os
import socket
import urllib.parse
import urllib.request

import pyarrow as pa

TIMEOUT_S = 60
TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
HANDSHAKE_KEY = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3


class Failed(Exception):
    """The server did not do what the protocol says."""


def expect(condition, text):
    if not condition:
        raise Failed(text)


class WebSocket:
    """The client side of RFC 6455, as far as this server needs it."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.socket = socket.create_connection((parts.hostname, parts.port or 80), timeout=TIMEOUT_S)
        self.received = b""
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: Upgrade\r\n"
                             f"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n").encode())
        head = self._until(b"\r\n\r\n").decode("latin-1")
        expect(head.startswith("HTTP/1.1 101"), f"no WebSocket: {head.splitlines()[0]}")
        accept = base64.b64encode(hashlib.sha1((key + HANDSHAKE_KEY).encode()).digest()).decode()
        expect(f"sec-websocket-accept: {accept.lower()}" in head.lower(), "wrong Sec-WebSocket-Accept")

    def _more(self):
        data = self.socket.recv(1 << 16)
        expect(data, "the server ended the connection within a message")
        self.received += data

    def _until(self, mark):
        while mark not in self.received:
            self._more()
        head, self.received = self.received.split(mark, 1)
        return head

    def _take(self, count):
        while len(self.received) < count:
            self._more()
        data, self.received = self.received[:count], self.received[count:]
        return data

    def _send(self, opcode, payload):
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
        self.socket.sendall(bytes([0x80 | opcode, 0x80 | len(payload)]) + mask + masked)

    def message(self):
        """The next message: (TEXT, str), (BINARY, bytes) or (CLOSE, code)."""
        whole, kind = b"", None
        while True:
            first, second = self._take(2)
            opcode, length = first & 0x0F, second & 0x7F
            expect(second & 0x80 == 0, "a server must not mask its frames")
            if length >= 126:
                length = int.from_bytes(self._take(2 if length == 126 else 8), "big")
            payload = self._take(length)
            if opcode == PING:
                self._send(PONG, payload)
            elif opcode == CLOSE:
                return CLOSE, int.from_bytes(payload[:2], "big")
            elif opcode != PONG:
                kind = kind or opcode
                whole += payload
                if first & 0x80:
                    return kind, whole.decode() if kind == TEXT else whole

    def close(self):
        self._send(CLOSE, (1000).to_bytes(2, "big"))
        self.socket.close()


def get(url):
    """The content type and the body."""
    with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:
        return answer.headers.get_content_type(), answer.read()


def get_table(url):
    """An Arrow stream as a table, and the headers."""
    with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:
        return read_table(answer.read()), answer.headers


def read_table(data):
    with pa.ipc.open_stream(data) as reader:
        return reader.read_all()


def query_of(session, **more):
    return urllib.parse.urlencode({name: session[name] for name in ("product_type", "symbol", "dt")} | more)
