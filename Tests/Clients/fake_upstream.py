"""A provider's stand-in on loopback: keeps what arrives, byte for byte, and answers as it is told.

    fake_upstream.py          listens on a free port and prints the port

Each request names a scenario in the header `x-scenario`, and gets the next of the answers that were set for it. Requests to `/-/` are for
the one who writes the scenario:

    POST /-/start/NAME        forgets what was of that name
    POST /-/answers/NAME      sets the answers: a JSON array, see `Answer`
    GET  /-/requests/NAME     what arrived so far: a JSON array, see `Arrival`
    POST /-/release/NAME      lets an answer that waits go on
"""

import base64
import dataclasses
import json
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Long enough for a machine that is busy; an answer that waits longer was never going to go on.
PATIENCE = 60


@dataclasses.dataclass
class Answer:
    status: int = 200
    headers: list = dataclasses.field(default_factory=list)
    # In base64. Each is one chunk of the transfer coding, and one write.
    chunks: list = dataclasses.field(default_factory=list)
    # The number of the chunk before which to wait for a release; that of all chunks to wait before the end.
    waits_before: int | None = None
    # Whether the connection is broken off behind the chunks.
    is_cut: bool = False


@dataclasses.dataclass
class Arrival:
    method: str
    target: str
    headers: list
    # In base64, as it came.
    body: str
    # When each chunk of the answer left, in seconds since the request had come.
    sent: list = dataclasses.field(default_factory=list)


class Scenario:
    def __init__(self):
        self.answers = []
        self.arrivals = []
        self.released = threading.Semaphore(0)


class Upstream(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        self.scenarios = {}
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), Handler)

    def scenario(self, name):
        with self.lock:
            return self.scenarios.setdefault(name, Scenario())


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_message(self, *_):
        pass

    def handle_request(self):
        body = self.read_body()
        if self.path.startswith("/-/"):
            return self.control(*self.path.split("/")[2:], body)
        came = time.monotonic()
        scenario = self.server.scenario(self.headers.get("x-scenario", ""))
        arrival = Arrival(
            self.command, self.path, [list(item) for item in self.headers.items()], base64.b64encode(body).decode()
        )
        with self.server.lock:
            scenario.arrivals.append(arrival)
            answer = scenario.answers.pop(0) if scenario.answers else None
        if answer is None:
            return self.reply(500, [("content-type", "text/plain")], b"the scenario has no more answers")
        self.send(answer, scenario, arrival, came)

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = handle_request

    def read_body(self):
        if self.headers.get("transfer-encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("content-length", 0)))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return body

    def send(self, answer, scenario, arrival, came):
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for number, chunk in enumerate([*answer.chunks, None]):
            if number == answer.waits_before and not scenario.released.acquire(timeout=PATIENCE):
                return self.break_off()
            if chunk is None:
                break
            data = base64.b64decode(chunk)
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            self.wfile.flush()
            arrival.sent.append(time.monotonic() - came)
        if answer.is_cut:
            return self.break_off()
        self.wfile.write(b"0\r\n\r\n")

    def break_off(self):
        self.close_connection = True
        self.request.shutdown(socket.SHUT_RDWR)

    def control(self, action, name, body):
        scenario = self.server.scenario(name)
        if action == "start":
            with self.server.lock:
                self.server.scenarios[name] = Scenario()
        elif action == "answers":
            with self.server.lock:
                scenario.answers = [Answer(**item) for item in json.loads(body)]
        elif action == "release":
            scenario.released.release()
        elif action == "requests":
            with self.server.lock:
                listing = [dataclasses.asdict(arrival) for arrival in scenario.arrivals]
            return self.reply(200, [("content-type", "application/json")], json.dumps(listing).encode())
        self.reply(200, [], b"")

    def reply(self, status, headers, body):
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    upstream = Upstream()
    print(upstream.server_port, flush=True)
    # Whoever started it holds the other end of its input, and is gone when that is closed.
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    sys.stdin.read()
