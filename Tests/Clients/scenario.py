"""What the client scripts share: a scenario is run straight at the upstream and through the proxy, and compared."""

import argparse
import base64
import gzip
import json
import pathlib
import sys
import traceback
import urllib.request

# Headers that belong to one connection, or differ from run to run.
OF_ONE_RUN = {"host", "connection", "content-length", "transfer-encoding", "x-scenario"}


def answer(body, status=200, headers=(), content_type=None, chunking=None, coding=None, **rest):
    """An answer of the upstream. A body that is a list is a stream of events.

    `chunking` is the most bytes of a chunk; by default each event is one."""
    pieces = body if isinstance(body, list) else [body if isinstance(body, bytes) else json.dumps(body).encode()]
    content_type = content_type or ("text/event-stream" if isinstance(body, list) else "application/json")
    headers = [["content-type", content_type], *map(list, headers)]
    if coding == "gzip":
        pieces = [gzip.compress(b"".join(pieces))]
        headers.append(["content-encoding", "gzip"])
    if chunking:
        whole = b"".join(pieces)
        pieces = [whole[start : start + chunking] for start in range(0, len(whole), chunking)]
    chunks = [base64.b64encode(piece).decode() for piece in pieces]
    return {"status": status, "headers": headers, "chunks": chunks, **rest}


def events(messages, named=True, end=b""):
    """Server-sent events of messages, each named after its type where the provider does so."""
    stream = []
    for message in messages:
        name = f"event: {message['type']}\n" if named else ""
        stream.append(f"{name}data: {json.dumps(message, ensure_ascii=False)}\n\n".encode())
    return stream + ([end] if end else [])


class Run:
    """One side of a scenario: the upstream as one client sees it."""

    def __init__(self, name, base, control):
        self.name, self.base, self.control = name, base, control
        self.headers = {"x-scenario": name}
        self.ask("start", {})

    def ask(self, action, data=None):
        body = None if data is None else json.dumps(data).encode()
        with urllib.request.urlopen(f"{self.control}/-/{action}/{self.name}", data=body, timeout=600) as reply:
            return reply.read()

    def answers(self, *answers):
        self.ask("answers", list(answers))

    def release(self):
        self.ask("release", {})

    def requests(self):
        arrived = json.loads(self.ask("requests"))
        for request in arrived:
            request["body"] = base64.b64decode(request["body"])
        return arrived


class Mismatch(Exception):
    pass


def expect(condition, text):
    if not condition:
        raise Mismatch(text)


def without_results(body, texts):
    """The body with each tool result's text, spelled as its sender does, left out."""
    place = 0
    for text in texts:
        for spelling in (json.dumps(text, ensure_ascii=False), json.dumps(text)):
            found = body.find(spelling.encode("utf-8", "surrogatepass"), place)
            if found >= 0:
                break
        expect(found >= 0, f"a tool result is not where it was: {text[:200]}")
        end = found + len(spelling.encode("utf-8", "surrogatepass"))
        body = body[:found] + b"<result>" + body[end:]
        place = found
    return body


def compare(direct, proxied, results_of):
    """Checks that the upstream got the same requests both times, but for tool results, which may be shorter."""
    expect(len(direct) == len(proxied), f"{len(direct)} requests became {len(proxied)}")
    saved = 0
    for number, (one, other) in enumerate(zip(direct, proxied)):
        where = f"request {number}"
        for part in ("method", "target"):
            expect(one[part] == other[part], f"{where}: {part} {one[part]} became {other[part]}")
        kept = [[h for h in side["headers"] if h[0].lower() not in OF_ONE_RUN] for side in (one, other)]
        expect(kept[0] == kept[1], f"{where}: headers {kept[0]} became {kept[1]}")
        texts = [results_of(json.loads(side["body"])) if side["body"] else [] for side in (one, other)]
        expect(len(texts[0]) == len(texts[1]), f"{where}: {len(texts[0])} tool results became {len(texts[1])}")
        expect(all(len(after) <= len(before) for before, after in zip(*texts)), f"{where}: a tool result became longer")
        rest = [without_results(side["body"], side_texts) for side, side_texts in zip((one, other), texts)]
        expect(rest[0] == rest[1], f"{where}: more than tool results changed:\n{rest[0]}\n{rest[1]}")
        saved += len(one["body"]) - len(other["body"])
    return saved


def grows(requests):
    """Checks that what was sent once is sent the same in each later request."""
    for earlier, later in zip(requests, requests[1:], strict=False):
        before, after = (conversation(json.loads(request["body"])) for request in (earlier, later))
        expect(after[: len(before)] == before, "an earlier message was sent differently later")


def conversation(body):
    return next(body[name] for name in ("messages", "input", "contents") if name in body)


def main(scenarios, results_of, check=None):
    """Runs all scenarios.

    A scenario is a function of a `Run` that returns what the client understood. One that is marked with `long_results`
    has tool results of which less must arrive. `check` looks at the requests of both sides in its own way, and says
    what it found.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--upstream", required=True, help="address of fake_upstream.py")
    parser.add_argument("--proxy", required=True, help="address of the proxy before it")
    parser.add_argument("--only", help="name of one scenario")
    options = parser.parse_args()
    failed = 0
    for scenario in scenarios:
        name = scenario.__name__
        if options.only not in (None, name):
            continue
        try:
            sides = []
            for kind, base in (("direct", options.upstream), ("proxied", options.proxy)):
                run = Run(f"{pathlib.Path(sys.argv[0]).stem}-{name}-{kind}", base, options.upstream)
                sides.append((scenario(run), run.requests()))
            (told, direct), (told_by_proxy, proxied) = sides
            expect(told == told_by_proxy, f"the client understood\n{told}\nand through the proxy\n{told_by_proxy}")
            expect(direct, "nothing arrived")
            saved = compare(direct, proxied, results_of)
            is_long = getattr(scenario, "has_long_results", False)
            expect(not is_long or saved > 1000, f"only {saved} bytes were saved")
            expect(is_long or saved == 0, f"{saved} bytes were saved where there was nothing to save")
            if is_long:
                grows(proxied)
            more = f", {check(direct, proxied)}" if check else ""
            print(f"ok {name}: {len(direct)} requests, {saved} bytes saved{more}")
        except Exception as error:  # noqa: BLE001 - a scenario may fail in any way, and the others still count
            failed += 1
            print(f"FAILED {name}: {error if isinstance(error, Mismatch) else traceback.format_exc(limit=-4)}")
    if failed:
        sys.exit(f"{failed} scenarios failed")


def cut(run, pieces, count, parts):
    """What a client understands of a stream that breaks off when it has got all `count` parts of its `pieces`."""
    run.answers(answer(pieces, waits_before=len(pieces), is_cut=True))
    told = []
    try:
        for part in parts():
            told.append(part)
            if len(told) == count:
                run.release()
        told.append("no error")
    except Exception as error:  # noqa: BLE001 - which one it is depends on the HTTP library
        told.append(type(error).__name__)
    expect(len(told) == count + 1 and told[-1] != "no error", f"the cut was not seen: {told}")
    return told


def long_results(scenario):
    """Marks a scenario whose tool results are long enough to be shortened."""
    scenario.has_long_results = True
    return scenario


def rows(count, seed=1):
    """A tool result in JSON that is much shorter as a table."""
    state = ["open", "closed", "merged"]
    return json.dumps(
        [
            {"id": i * seed, "name": f"row {i * 31 % 577}", "state": state[i % 3], "size": i * 977 % 1013}
            for i in range(count)
        ]
    )
