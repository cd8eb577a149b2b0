"""Requests and answers of OpenAI: Chat Completions and Responses."""

import json

from scenario import events

MODEL = "gpt-5.1"


DONE = b"data: [DONE]\n\n"


CHAT_USAGE = {
    "prompt_tokens": 1324,
    "completion_tokens": 45,
    "total_tokens": 1369,
    "prompt_tokens_details": {"cached_tokens": 1024, "audio_tokens": 0},
}


def completion(content=None, calls=None):
    message = {"role": "assistant", "content": content, "refusal": None}
    if calls:
        message["tool_calls"] = calls
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if calls else "stop", "logprobs": None}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": MODEL,
        "choices": [choice],
        "usage": CHAT_USAGE,
    }


def chat_call(number, **arguments):
    function = {"name": "bash", "arguments": json.dumps(arguments)}
    return {"id": f"call_{number}", "type": "function", "function": function}


def chunk(delta, finish=None):
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": MODEL, "choices": [choice]}


def chat_stream(words="", calls=()):
    chunks = [chunk({"role": "assistant", "content": ""})]
    chunks += [chunk({"content": words[i : i + 3]}) for i in range(0, len(words), 3)]
    for index, call in enumerate(calls):
        arguments = call["function"]["arguments"]
        start = {**call, "index": index, "function": {**call["function"], "arguments": ""}}
        chunks.append(chunk({"tool_calls": [start]}))
        for i in range(0, len(arguments), 4):
            part = {"index": index, "function": {"arguments": arguments[i : i + 4]}}
            chunks.append(chunk({"tool_calls": [part]}))
    chunks.append(chunk({}, "tool_calls" if calls else "stop"))
    chunks.append({**chunk({}), "choices": [], "usage": CHAT_USAGE})
    return events(chunks, named=False, end=DONE)


RESPONSES_USAGE = {
    "input_tokens": 2548,
    "input_tokens_details": {"cached_tokens": 2048},
    "output_tokens": 333,
    "output_tokens_details": {"reasoning_tokens": 300},
    "total_tokens": 2881,
}


def response(output, status="completed"):
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1.0,
        "status": status,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "model": MODEL,
        "output": output,
        "parallel_tool_calls": True,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "usage": RESPONSES_USAGE if status == "completed" else None,
    }


def said(words):
    content = [{"type": "output_text", "text": words, "annotations": []}]
    return {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": content}


def reasoning(number):
    return {"id": f"rs_{number}", "type": "reasoning", "summary": [], "encrypted_content": "Z/+XhY=="}


def function_call(number, **arguments):
    return {
        "id": f"fc_{number}",
        "type": "function_call",
        "call_id": f"call_{number}",
        "name": "bash",
        "arguments": json.dumps(arguments),
        "status": "completed",
    }


def output_of(number, output):
    return {"type": "function_call_output", "call_id": f"call_{number}", "output": output}


def response_stream(output):
    messages = [{"type": "response.created", "response": response([], "in_progress")}]
    for index, item in enumerate(output):
        place = {"output_index": index}
        empty = (
            {**item, "content": []} if "content" in item else {**item, "arguments": ""} if "arguments" in item else item
        )
        messages.append({"type": "response.output_item.added", **place, "item": empty})
        if item["type"] == "message":
            place |= {"item_id": item["id"], "content_index": 0}
            part, words = item["content"][0], item["content"][0]["text"]
            messages.append({"type": "response.content_part.added", **place, "part": {**part, "text": ""}})
            for i in range(0, len(words), 3):
                delta = {"delta": words[i : i + 3], "logprobs": []}
                messages.append({"type": "response.output_text.delta", **place, **delta})
            messages.append({"type": "response.output_text.done", **place, "text": words, "logprobs": []})
            messages.append({"type": "response.content_part.done", **place, "part": part})
        if item["type"] == "function_call":
            place |= {"item_id": item["id"]}
            arguments = item["arguments"]
            for i in range(0, len(arguments), 4):
                delta = {"delta": arguments[i : i + 4]}
                messages.append({"type": "response.function_call_arguments.delta", **place, **delta})
            done = {"arguments": arguments, "name": item["name"]}
            messages.append({"type": "response.function_call_arguments.done", **place, **done})
        messages.append({"type": "response.output_item.done", "output_index": index, "item": item})
    messages.append({"type": "response.completed", "response": response(output)})
    return events([{**message, "sequence_number": number} for number, message in enumerate(messages)])


def results_of(body):
    texts = []
    for item in body.get("messages", []):
        if item["role"] == "tool":
            content = item["content"]
            texts += [content] if isinstance(content, str) else [part["text"] for part in content]
    for item in body["input"] if isinstance(body.get("input"), list) else []:
        if item.get("type") == "function_call_output":
            output = item["output"]
            texts += [output] if isinstance(output, str) else [p["text"] for p in output if p["type"] == "input_text"]
    return texts
