"""A WebSocket server and a client that checks what it gets, both by the websockets package.

    websocket_peer.py serve [CERTIFICATE KEY]   listens on a free port of loopback, which it prints, until its input ends
    websocket_peer.py check URL [NAME...]       talks to that server through whatever listens at URL: all checks, or those named; prints
                                                the name of each that holds
"""

import asyncio
import http
import json
import ssl
import sys
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio import client
from websockets.asyncio.server import serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosedError, ConnectionClosedOK, InvalidStatus
from websockets.http11 import Response

LIMIT = 17 << 20
closes = []


def connect(url, **options):
    # A machine may have much else to do.
    return client.connect(url, open_timeout=120, close_timeout=120, ping_interval=None, **options)


def refuse(connection, request):
    query = parse_qs(urlsplit(request.path).query)
    if "status" in query:
        status = int(query["status"][0])
        body = json.dumps({"error": {"message": f"refused with {status}"}}).encode()
        headers = Headers([("Content-Type", "application/json"), ("X-Request-Id", "req_1"), ("Content-Length", str(len(body)))])
        return Response(status, http.HTTPStatus(status).phrase, headers, body)


def select(connection, offered):
    return "b" if "b" in offered else None


def greet(connection, request, response):
    response.headers["x-codex-turn-state"] = "opaque, 1"
    return response


async def answer(connection):
    try:
        async for message in connection:
            if message == "request":
                await connection.send(json.dumps([connection.request.path, *connection.request.headers.raw_items()]))
            elif message == "closes":
                await connection.send(json.dumps(closes))
            elif message == "fragments":
                await connection.send(["frag", "men", "", "ts"])
            elif message == "drop":
                connection.transport.abort()
            elif isinstance(message, str) and message.startswith("close "):
                _, code, reason = message.split(" ", 2)
                await connection.close(int(code), reason)
            else:
                await connection.send(message)
    except ConnectionClosedError:
        pass
    closes.append([connection.close_code, connection.close_reason])


async def serve_peer(certificate=None, key=None):
    tls = None
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
    async with serve(
        answer, "127.0.0.1", 0, open_timeout=120, close_timeout=120, ping_interval=None, ssl=tls, process_request=refuse, process_response=greet, select_subprotocol=select, max_size=LIMIT
    ) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.to_thread(sys.stdin.read)
        server.close(close_connections=False)


async def echo(url):
    async with connect(url, max_size=LIMIT) as peer:
        for size in [0, 1, 125, 126, 65535, 65536, 1 << 20, 16 << 20]:
            for message in ["ä" * (size // 2) + "a" * (size % 2), b"\xff" * size]:
                await peer.send(message)
                assert await peer.recv() == message, size


async def fragments(url):
    async with connect(url) as peer:
        await peer.send(["one ", "two ", "", "three"])
        assert await peer.recv() == "one two three"
        await peer.send("fragments")
        assert [part async for part in peer.recv_streaming() if part] == ["frag", "men", "ts"]


async def pings(url):
    async with connect(url) as peer:
        for payload in [b"", b"x" * 125]:
            await asyncio.wait_for(await peer.ping(payload), 10)


async def closes_of_the_server(url):
    for code, reason in [(1000, "done"), (1008, "policy"), (4321, "ä")]:
        async with connect(url) as peer:
            await peer.send(f"close {code} {reason}")
            try:
                await peer.recv()
                assert False
            except (ConnectionClosedOK, ConnectionClosedError):
                assert (peer.close_code, peer.close_reason) == (code, reason)


async def closes_of_the_client(url):
    async with connect(url) as peer:
        await peer.close(4001, "had enough")
    async with connect(url) as peer:
        await peer.send("closes")
        assert json.loads(await peer.recv())[-1] == [4001, "had enough"]


async def breaks(url):
    async with connect(url) as peer:
        await peer.send("drop")
        try:
            await peer.recv()
            assert False
        except ConnectionClosedError:
            assert peer.close_code == 1006
    peer = await connect(url)
    peer.transport.abort()
    await peer.wait_closed()
    async with connect(url) as peer:
        await peer.send("closes")
        assert json.loads(await peer.recv())[-1][0] == 1006


async def refusals(url):
    for status in [401, 403, 426, 429, 503]:
        try:
            await connect(f"{url}?status={status}")
            assert False
        except InvalidStatus as refusal:
            response = refusal.response
            assert response.status_code == status
            assert json.loads(response.body) == {"error": {"message": f"refused with {status}"}}
            assert response.headers["x-request-id"] == "req_1"


async def handshake(url):
    headers = {"Authorization": "Bearer sk-1", "OpenAI-Beta": "responses_websockets=2026-02-06", "X-OddCase": "a, b"}
    async with connect(url + "?a=%2F", additional_headers=headers, subprotocols=["a", "b"], user_agent_header="codex/1") as peer:
        assert peer.subprotocol == "b"
        assert peer.response.headers["x-codex-turn-state"] == "opaque, 1"
        await peer.send("request")
        path, *items = json.loads(await peer.recv())
        assert path == urlsplit(url).path + "?a=%2F"
        assert all([name, value] in items for name, value in headers.items())
        assert ["User-Agent", "codex/1"] in items
        assert len([name for name, _ in items if name.lower() in ("host", "upgrade", "connection")]) == 3


async def extensions(url):
    async with connect(url) as peer:
        print("extensions", [extension.name for extension in peer.protocol.extensions])
        await peer.send("compressed or not" * 1000)
        assert await peer.recv() == "compressed or not" * 1000


async def parallel(url):
    async def talk(number):
        async with connect(url) as peer:
            for turn in range(20):
                await peer.send(f"{number} {turn}")
                assert await peer.recv() == f"{number} {turn}"

    await asyncio.gather(*(talk(number) for number in range(50)))


CHECKS = [
    echo, fragments, pings, closes_of_the_server, closes_of_the_client, breaks, refusals, handshake, extensions, parallel,
]


async def check(url, *names):
    for test in CHECKS:
        if not names or test.__name__ in names:
            await test(url)
            print(test.__name__, flush=True)


asyncio.run({"serve": serve_peer, "check": check}[sys.argv[1]](*sys.argv[2:]))
