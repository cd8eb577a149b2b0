"""The official Anthropic client through the proxy. See scenario.py."""

import anthropic
from anthropic import Anthropic

from anthropic_answers import MODEL, call, message, result, results_of, stream, text
from scenario import answer, cut, events, expect, long_results, main, rows

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="
TOOLS = [
    {
        "name": "bash",
        "description": "Runs a command in a shell.",
        "input_schema": {"type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"]},
    },
    {
        "name": "get_weather",
        "description": "The weather.",
        "input_schema": {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "number"}}},
        "cache_control": {"type": "ephemeral"},
    },
]


def client(run, **options):
    return Anthropic(
        base_url=run.base, api_key="sk-ant-test", default_headers=run.headers, max_retries=0, timeout=600, **options
    )


def request(messages=None, **more):
    messages = messages or [{"role": "user", "content": "Grüße \u2028 and \U0001f600"}]
    odd = {"temperature": 1.0, "metadata": {"big": 12345678901234567890}}
    return {"model": MODEL, "max_tokens": 1024, "tools": TOOLS, "messages": messages, "extra_body": odd, **more}


def plain(run):
    run.answers(answer(message([text("Grüße \U0001f600")]), headers=[("request-id", "req_1")]))
    reply = client(run).messages.create(
        **request(system=[{**text("Be brief."), "cache_control": {"type": "ephemeral"}}])
    )
    expect(reply.usage.cache_read_input_tokens == 40000, "usage was not understood")
    return reply.to_dict(), reply._request_id


def streaming(run):
    told = []
    for chunking in (None, 1, 7, 100000):
        run.answers(answer(stream([text("Grüße \U0001f600, she said.")]), chunking=chunking))
        with client(run).messages.stream(**request()) as events_of:
            told.append(list(events_of.text_stream))
            told.append(events_of.get_final_message().to_dict())
    expect("".join(told[0]) == "Grüße \U0001f600, she said.", f"not the text: {told[0]}")
    return told


def first_event_before_the_next_is_sent(run):
    run.answers(answer(stream([text("abc")]), waits_before=3))
    kinds = []
    with client(run).messages.create(**request(stream=True)) as events_of:
        for event in events_of:
            kinds.append(event.type)
            if event.type == "content_block_start":
                run.release()
    expect(kinds[-1] == "message_stop", f"the stream ended with {kinds[-1:]}")
    return kinds


@long_results
def tools(run):
    """A loop of tool calls, as agents make it."""
    calls = [call(n, command=f"cat rows-{n}.json") for n in range(4)]
    run.answers(*(answer(message([text("I look."), c], "tool_use")) for c in calls), answer(message([text("Done.")])))
    messages = [{"role": "user", "content": "Look at the rows."}]
    told = []
    for number in range(5):
        reply = client(run).messages.create(**request(list(messages)))
        told.append(reply.to_dict())
        if reply.stop_reason != "tool_use":
            break
        messages.append({"role": "assistant", "content": [block.to_dict() for block in reply.content]})
        content = rows(150, seed=number + 1)
        if number % 2:
            content = [text(content)]
        messages.append({"role": "user", "content": [result(number, content)]})
    expect(told[-1]["stop_reason"] == "end_turn", "the loop did not end")
    return told


@long_results
def parallel_tools(run):
    calls = [call(1, command="cat a.json"), call(2, "get_weather", city="Köln", days=2.0), call(3, command="false")]
    run.answers(answer(stream(calls, "tool_use")), answer(stream([text("Both.")])))
    messages = [{"role": "user", "content": "Do both."}]
    with client(run).messages.stream(**request(list(messages))) as events_of:
        reply = events_of.get_final_message()
    expect([block.input for block in reply.content] == [c["input"] for c in calls], "arguments were not understood")
    results = [
        result(1, [text(rows(150)), text(rows(90, seed=3))], cache_control={"type": "ephemeral"}),
        result(2, "sunny"),
        result(3, "exit status 1", is_error=True),
    ]
    messages += [{"role": "assistant", "content": [block.to_dict() for block in reply.content]}]
    messages += [{"role": "user", "content": results}]
    with client(run).messages.stream(**request(list(messages))) as events_of:
        return reply.to_dict(), events_of.get_final_message().to_dict()


@long_results
def images(run):
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}}
    run.answers(answer(message([text("A pixel.")])))
    messages = [
        {"role": "user", "content": [image, text("What is it?")]},
        {"role": "assistant", "content": [call(1, command="screenshot")]},
        {"role": "user", "content": [result(1, [image, text(rows(150))])]},
    ]
    return client(run).messages.create(**request(messages)).to_dict()


@long_results
def thinking(run):
    thoughts = [
        {"type": "thinking", "thinking": "Hm, Grüße.", "signature": "c2lnbmF0dXJl/+=="},
        {"type": "redacted_thinking", "data": "cmVkYWN0ZWQ="},
        call(1, command="cat rows.json"),
    ]
    run.answers(answer(stream(thoughts, "tool_use")), answer(stream([text("So it is.")])))
    messages = [{"role": "user", "content": "Think."}]
    options = {"thinking": {"type": "enabled", "budget_tokens": 2048}, "max_tokens": 4096}
    told = []
    for _ in range(2):
        with client(run).messages.stream(**request(list(messages), **options)) as events_of:
            reply = events_of.get_final_message()
        told.append(reply.to_dict())
        messages.append({"role": "assistant", "content": [block.to_dict() for block in reply.content]})
        messages.append({"role": "user", "content": [result(1, rows(150))]})
    expect(told[0]["content"][0]["signature"] == "c2lnbmF0dXJl/+==", "the signature was lost")
    return told


def count_tokens(run):
    run.answers(answer({"input_tokens": 2095}))
    wanted = {"model": MODEL, "messages": request()["messages"], "tools": TOOLS}
    return client(run).messages.count_tokens(**wanted).to_dict()


def errors(run):
    told = []
    for status, kind in (
        (400, "invalid_request_error"),
        (401, "authentication_error"),
        (413, "request_too_large"),
        (429, "rate_limit_error"),
        (500, "api_error"),
        (503, "api_error"),
        (529, "overloaded_error"),
    ):
        body = {"type": "error", "error": {"type": kind, "message": f"Nö: {kind}"}, "request_id": f"req_{status}"}
        headers = [("request-id", f"req_{status}"), ("retry-after", "17"), ("anthropic-ratelimit-tokens-reset", "soon")]
        run.answers(answer(body, status=status, headers=headers))
        try:
            client(run).messages.create(**request())
            told.append("no error")
        except anthropic.APIStatusError as error:
            told.append(
                (
                    type(error).__name__,
                    error.status_code,
                    error.body,
                    error.request_id,
                    error.response.headers["retry-after"],
                )
            )
    expect([t[1] for t in told] == [400, 401, 413, 429, 500, 503, 529], f"errors were not understood: {told}")
    return told


def error_in_a_stream(run):
    begun = stream([text("abcdef")])[:5]
    failure = events([{"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}])
    run.answers(answer(begun + failure))
    told = []
    try:
        with client(run).messages.create(**request(stream=True)) as events_of:
            for event in events_of:
                told.append(event.type)
    except anthropic.APIStatusError as error:
        told += [type(error).__name__, error.body]
    expect(len(told) > 3 and told[-1] != "message_stop", f"the error was not seen: {told}")
    return told


def cut_stream(run):
    whole = stream([call(1, command="rm -rf build")], "tool_use")

    def parts():
        with client(run).messages.create(**request(stream=True)) as events_of:
            for event in events_of:
                yield event.to_dict()

    # The client keeps the ping to itself.
    return cut(run, whole[:5], 4, parts)


def gzip(run):
    run.answers(
        answer(message([text("zipped")]), coding="gzip"),
        answer(stream([text("Grüße, zipped")]), coding="gzip", chunking=20),
    )
    reply = client(run).messages.create(**request())
    with client(run).messages.stream(**request()) as events_of:
        return reply.to_dict(), list(events_of.text_stream)


if __name__ == "__main__":
    main(
        [
            plain,
            streaming,
            first_event_before_the_next_is_sent,
            tools,
            parallel_tools,
            images,
            thinking,
            count_tokens,
            errors,
            error_in_a_stream,
            cut_stream,
            gzip,
        ],
        results_of,
    )
