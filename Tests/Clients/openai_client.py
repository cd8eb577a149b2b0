"""The official OpenAI client through the proxy: Chat Completions and Responses. See scenario.py."""

import json

import openai
from openai import OpenAI

from openai_answers import (
    MODEL,
    chat_call,
    chat_stream,
    completion,
    function_call,
    output_of,
    reasoning,
    response,
    response_stream,
    results_of,
    said,
)
from scenario import answer, cut, expect, long_results, main, rows

PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="
PARAMETERS = {"type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"]}
BASH = {"name": "bash", "description": "Runs a command in a shell.", "parameters": PARAMETERS}
ODD = {"temperature": 1.0, "metadata": {"big": 12345678901234567890}}


def client(run):
    return OpenAI(base_url=run.base + "/v1", api_key="sk-test", default_headers=run.headers, max_retries=0, timeout=600)


# Chat Completions.


def chat(messages=None, **more):
    messages = messages or [{"role": "user", "content": "Grüße \u2028 and \U0001f600"}]
    tools = [{"type": "function", "function": BASH}]
    return {"model": MODEL, "tools": tools, "messages": messages, "extra_body": ODD, **more}


def chat_plain(run):
    run.answers(answer(completion("Grüße \U0001f600"), headers=[("x-request-id", "req_1")]))
    reply = client(run).chat.completions.create(**chat())
    expect(reply.usage.prompt_tokens_details.cached_tokens == 1024, "usage was not understood")
    return reply.to_dict(), reply._request_id


def chat_streaming(run):
    told = []
    for chunking in (None, 1, 7, 100000):
        run.answers(answer(chat_stream("Grüße \U0001f600, she said."), chunking=chunking))
        stream = client(run).chat.completions.create(**chat(stream=True, stream_options={"include_usage": True}))
        told.append([part.to_dict() for part in stream])
    words = "".join(part["choices"][0]["delta"].get("content") or "" for part in told[0] if part["choices"])
    expect(words == "Grüße \U0001f600, she said.", f"not the text: {words}")
    return told


def chat_first_event_before_the_next_is_sent(run):
    run.answers(answer(chat_stream("abc"), waits_before=1))
    told = []
    for part in client(run).chat.completions.create(**chat(stream=True)):
        if not told:
            run.release()
        told.append(part.to_dict())
    expect(len(told) == 4, f"not the whole stream: {told}")
    return told


@long_results
def chat_tools(run):
    calls = [chat_call(n, command=f"cat rows-{n}.json") for n in range(4)]
    run.answers(*(answer(completion(calls=[c])) for c in calls), answer(completion("Done.")))
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Look at the rows."}]
    told = []
    for number in range(5):
        reply = client(run).chat.completions.create(**chat(list(messages)))
        told.append(reply.to_dict())
        if reply.choices[0].finish_reason != "tool_calls":
            break
        messages.append(reply.choices[0].message.to_dict())
        content = rows(400, seed=number + 1)
        if number % 2:
            content = [{"type": "text", "text": content}]
        messages.append({"role": "tool", "tool_call_id": f"call_{number}", "content": content})
    expect(told[-1]["choices"][0]["finish_reason"] == "stop", "the loop did not end")
    return told


@long_results
def chat_parallel_tools(run):
    calls = [chat_call(1, command="cat a.json"), chat_call(2, command="wetter Köln")]
    run.answers(answer(chat_stream(calls=calls)), answer(chat_stream("Both.")))
    messages = [{"role": "user", "content": "Do both."}]
    with client(run).chat.completions.stream(**chat(list(messages))) as stream:
        for _ in stream:
            pass
        reply = stream.get_final_completion()
    message = reply.choices[0].message
    arguments = [json.loads(call.function.arguments) for call in message.tool_calls]
    expect(arguments == [{"command": "cat a.json"}, {"command": "wetter Köln"}], f"not the arguments: {arguments}")
    # The client's helper adds the parsed arguments, which are no part of the request.
    messages.append({"role": "assistant", "content": message.content, "tool_calls": calls})
    messages.append({"role": "tool", "tool_call_id": "call_1", "content": rows(400)})
    messages.append({"role": "tool", "tool_call_id": "call_2", "content": "sunny"})
    with client(run).chat.completions.stream(**chat(list(messages))) as stream:
        for _ in stream:
            pass
        return reply.to_dict(), stream.get_final_completion().to_dict()


@long_results
def chat_images(run):
    run.answers(answer(completion("A pixel.")))
    question = [{"type": "image_url", "image_url": {"url": PIXEL, "detail": "low"}}, {"type": "text", "text": "What?"}]
    messages = [
        {"role": "user", "content": question},
        {"role": "assistant", "tool_calls": [chat_call(1, command="cat rows.json")]},
        {"role": "tool", "tool_call_id": "call_1", "content": rows(400)},
    ]
    return client(run).chat.completions.create(**chat(messages)).to_dict()


def errors_of(run, send):
    told = []
    for status in (400, 401, 403, 404, 413, 429, 500, 503, 529):
        body = {"error": {"message": f"Nö: {status}", "type": "some_error", "param": None, "code": "odd"}}
        headers = [("x-request-id", f"req_{status}"), ("retry-after", "17"), ("x-ratelimit-reset-tokens", "6m0s")]
        run.answers(answer(body, status=status, headers=headers))
        try:
            send()
            told.append("no error")
        except openai.APIStatusError as error:
            kept = (error.response.headers[name] for name in ("retry-after", "x-ratelimit-reset-tokens"))
            told.append((type(error).__name__, error.status_code, error.body, error.request_id, *kept))
    expect("no error" not in told, f"errors were not understood: {told}")
    return told


def chat_errors(run):
    return errors_of(run, lambda: client(run).chat.completions.create(**chat()))


def dict_of(part):
    return part.to_dict()


def chat_cut_stream(run):
    pieces = chat_stream(calls=[chat_call(1, command="rm -rf build")])[:4]
    return cut(run, pieces, 4, lambda: map(dict_of, client(run).chat.completions.create(**chat(stream=True))))


def chat_gzip(run):
    run.answers(
        answer(completion("zipped"), coding="gzip"), answer(chat_stream("Grüße, zipped"), coding="gzip", chunking=20)
    )
    reply = client(run).chat.completions.create(**chat())
    stream = client(run).chat.completions.create(**chat(stream=True))
    return reply.to_dict(), [part.to_dict() for part in stream]


def embeddings(run):
    """A route whose bodies are not looked into."""
    vectors = [{"object": "embedding", "index": 0, "embedding": [0.25, -1.0]}]
    usage = {"prompt_tokens": 9, "total_tokens": 9}
    run.answers(answer({"object": "list", "data": vectors, "model": "m", "usage": usage}))
    return client(run).embeddings.create(model="m", input=rows(400), encoding_format="float").to_dict()


# Responses.


def ask(items="Grüße \u2028 and \U0001f600", **more):
    return {
        "model": MODEL,
        "tools": [{"type": "function", **BASH, "strict": False}],
        "input": items,
        "store": False,
        "extra_body": ODD,
        **more,
    }


def responses_plain(run):
    run.answers(answer(response([said("Grüße \U0001f600")])))
    reply = client(run).responses.create(**ask(instructions="Be brief."))
    expect(reply.output_text == "Grüße \U0001f600", f"not the text: {reply.output_text}")
    return reply.to_dict()


def responses_streaming(run):
    told = []
    for chunking in (None, 1, 100000):
        run.answers(answer(response_stream([reasoning(1), said("Grüße \U0001f600, she said.")]), chunking=chunking))
        with client(run).responses.stream(**ask()) as stream:
            told.append([event.to_dict(warnings=False) for event in stream])
            told.append(stream.get_final_response().to_dict(warnings=False))
    return told


@long_results
def responses_tools(run):
    """Reasoning, calls and their outputs, all sent again as it is done without storing on the server."""
    turns = [[reasoning(n), function_call(n, command=f"cat rows-{n}.json")] for n in range(3)]
    run.answers(*(answer(response_stream(turn)) for turn in turns), answer(response_stream([said("Done.")])))
    items = [{"role": "user", "content": "Look at the rows."}]
    told = []
    for number in range(4):
        options = {"include": ["reasoning.encrypted_content"]}
        with client(run).responses.stream(**ask(list(items), **options)) as stream:
            for _ in stream:
                pass
            reply = stream.get_final_response()
        told.append(reply.to_dict(warnings=False))
        if number == 3:
            break
        items += turns[number]
        output = rows(400, seed=number + 1)
        items.append(output_of(number, [{"type": "input_text", "text": output}] if number % 2 else output))
    expect(told[-1]["output"][0]["content"][0]["text"] == "Done.", "the loop did not end")
    return told


@long_results
def responses_parallel_tools_and_images(run):
    calls = [function_call(1, command="cat a.json"), function_call(2, command="wetter Köln")]
    run.answers(answer(response(calls)), answer(response([said("Both.")])))
    image = {"type": "input_image", "image_url": PIXEL, "detail": "low"}
    items = [{"role": "user", "content": [image, {"type": "input_text", "text": "Do both."}]}]
    told = [client(run).responses.create(**ask(list(items))).to_dict()]
    items += [*calls, output_of(1, rows(400)), output_of(2, [image, {"type": "input_text", "text": "sunny"}])]
    return told + [client(run).responses.create(**ask(list(items))).to_dict()]


def responses_errors(run):
    return errors_of(run, lambda: client(run).responses.create(**ask()))


def responses_cut_stream(run):
    pieces = response_stream([function_call(1, command="rm -rf build")])[:4]
    return cut(run, pieces, 4, lambda: map(dict_of, client(run).responses.create(**ask(stream=True))))


if __name__ == "__main__":
    main(
        [
            chat_plain,
            chat_streaming,
            chat_first_event_before_the_next_is_sent,
            chat_tools,
            chat_parallel_tools,
            chat_images,
            chat_errors,
            chat_cut_stream,
            chat_gzip,
            embeddings,
            responses_plain,
            responses_streaming,
            responses_tools,
            responses_parallel_tools_and_images,
            responses_errors,
            responses_cut_stream,
        ],
        results_of,
    )
