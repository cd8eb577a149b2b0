"""The official Gemini client through the proxy. See scenario.py."""

from google import genai
from google.genai import errors as failures
from google.genai import types

from scenario import answer, cut, events, expect, long_results, main, rows

MODEL = "gemini-2.5-pro"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364f80f00010501012718e366"
    "0000000049454e44ae426082"
)
USAGE = {
    "promptTokenCount": 4200,
    "cachedContentTokenCount": 3000,
    "candidatesTokenCount": 40,
    "thoughtsTokenCount": 120,
    "totalTokenCount": 4360,
}
BASH = {
    "name": "bash",
    "description": "Runs a command in a shell.",
    "parameters": {"type": "OBJECT", "properties": {"command": {"type": "STRING"}}, "required": ["command"]},
}


def models(run):
    options = types.HttpOptions(base_url=run.base, headers=run.headers, timeout=600_000)
    # A client closes its connections when nobody holds it any more.
    run.client = genai.Client(api_key="test-key", http_options=options)
    return run.client.models


def config(**more):
    return types.GenerateContentConfig(
        temperature=1.0,
        tools=[types.Tool(function_declarations=[BASH])],
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        **more,
    )


def candidate(parts, finish="STOP", usage=USAGE):
    content = {"parts": parts, "role": "model"}
    ended = {"finishReason": finish} if finish else {}
    return {"candidates": [{"content": content, "index": 0, **ended}], "usageMetadata": usage, "modelVersion": MODEL}


def stream(parts):
    begun = {"promptTokenCount": 4200, "totalTokenCount": 4200}
    messages = [candidate([part], None, begun) for part in parts[:-1]] + [candidate(parts[-1:])]
    return events(messages, named=False)


def text(words):
    return {"text": words}


def call(**arguments):
    return {"functionCall": {"name": "bash", "args": arguments}}


def user(*parts):
    return {"role": "user", "parts": list(parts)}


def result(output):
    return {"function_response": {"name": "bash", "response": {"output": output, "exit_code": 0}}}


QUESTION = [user(text("Grüße \u2028 and \U0001f600"))]


def told_by(reply):
    """What was understood, without the headers, in which the date of the answer stands."""
    return reply.model_dump(exclude={"sdk_http_response"}, exclude_none=True)


def plain(run):
    run.answers(answer(candidate([text("Grüße \U0001f600")])))
    reply = models(run).generate_content(model=MODEL, contents=QUESTION, config=config(system_instruction="Be brief."))
    expect(reply.text == "Grüße \U0001f600", f"not the text: {reply.text}")
    expect(reply.usage_metadata.cached_content_token_count == 3000, "usage was not understood")
    return told_by(reply)


def streaming(run):
    told = []
    words = ["Grü", "ße \U0001f600", ", she", " said."]
    for chunking in (None, 1, 7, 100000):
        run.answers(answer(stream([text(word) for word in words]), chunking=chunking))
        parts = models(run).generate_content_stream(model=MODEL, contents=QUESTION, config=config())
        told.append([told_by(part) for part in parts])
    expect(len(told[0]) == len(words), f"not the stream: {told[0]}")
    return told


def first_event_before_the_next_is_sent(run):
    run.answers(answer(stream([text("a"), text("b"), text("c")]), waits_before=1))
    told = []
    for part in models(run).generate_content_stream(model=MODEL, contents=QUESTION, config=config()):
        if not told:
            run.release()
        told.append(part.text)
    expect(told == ["a", "b", "c"], f"not the whole stream: {told}")
    return told


@long_results
def tools(run):
    """A loop of tool calls; every model turn comes with a signature of its thoughts."""
    signature = "c2lnbmF0dXJlLw=="
    turns = [[{**call(command=f"cat rows-{n}.json"), "thoughtSignature": signature}] for n in range(3)]
    run.answers(*(answer(stream(turn)) for turn in turns), answer(stream([text("Done.")])))
    contents = [user(text("Look at the rows."))]
    told = []
    for number in range(4):
        parts = models(run).generate_content_stream(
            model=MODEL,
            contents=list(contents),
            config=config(thinking_config=types.ThinkingConfig(include_thoughts=True, thinking_budget=1024)),
        )
        replies = list(parts)
        told += [told_by(reply) for reply in replies]
        if number == 3:
            break
        contents.append(replies[-1].candidates[0].content)
        contents.append(user(result(rows(2500, seed=number + 1))))
    expect(told[-1]["candidates"][0]["content"]["parts"][0]["text"] == "Done.", "the loop did not end")
    return told


@long_results
def parallel_tools_and_images(run):
    calls = [call(command="cat a.json"), call(command="wetter Köln")]
    run.answers(answer(candidate(calls)), answer(candidate([text("Both.")])))
    image = types.Part.from_bytes(data=PIXEL, mime_type="image/png")
    contents = [types.Content(role="user", parts=[image, types.Part(text="Do both.")])]
    first = models(run).generate_content(model=MODEL, contents=list(contents), config=config())
    expect([c.args for c in first.function_calls] == [c["functionCall"]["args"] for c in calls], "not the arguments")
    contents += [first.candidates[0].content, user(result(rows(2500)), result("sunny"))]
    second = models(run).generate_content(model=MODEL, contents=contents, config=config())
    return told_by(first), told_by(second)


def count_tokens(run):
    run.answers(answer({"totalTokens": 31}))
    return told_by(models(run).count_tokens(model=MODEL, contents=QUESTION))


def errors(run):
    told = []
    for status, kind in (
        (400, "INVALID_ARGUMENT"),
        (401, "UNAUTHENTICATED"),
        (413, "OUT_OF_RANGE"),
        (429, "RESOURCE_EXHAUSTED"),
        (500, "INTERNAL"),
        (503, "UNAVAILABLE"),
    ):
        body = {"error": {"code": status, "message": f"Nö: {kind}", "status": kind}}
        run.answers(answer(body, status=status, headers=[("retry-after", "17")]))
        try:
            models(run).generate_content(model=MODEL, contents=QUESTION, config=config())
            told.append("no error")
        except failures.APIError as error:
            told.append((type(error).__name__, error.code, error.status, error.message))
    expect([t[1] for t in told] == [400, 401, 413, 429, 500, 503], f"errors were not understood: {told}")
    return told


def cut_stream(run):
    pieces = stream([text("a"), text("b"), call(command="rm -rf build")])[:2]
    parts = {"model": MODEL, "contents": QUESTION, "config": config()}
    return cut(run, pieces, 2, lambda: map(told_by, models(run).generate_content_stream(**parts)))


def gzip(run):
    run.answers(
        answer(candidate([text("zipped")]), coding="gzip"),
        answer(stream([text("Grüße, "), text("zipped")]), coding="gzip", chunking=20),
    )
    reply = models(run).generate_content(model=MODEL, contents=QUESTION, config=config())
    parts = models(run).generate_content_stream(model=MODEL, contents=QUESTION, config=config())
    return told_by(reply), [told_by(part) for part in parts]


def results_of(body):
    """The strings in the function responses of a request, in its order."""
    texts = []
    for content in body.get("contents", []):
        for part in content["parts"]:
            response = part.get("functionResponse", {}).get("response", {})
            texts += [value for value in response.values() if isinstance(value, str)]
    return texts


if __name__ == "__main__":
    main(
        [
            plain,
            streaming,
            first_event_before_the_next_is_sent,
            tools,
            parallel_tools_and_images,
            count_tokens,
            errors,
            cut_stream,
            gzip,
        ],
        results_of,
    )
