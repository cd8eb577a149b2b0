"""Requests and answers of Anthropic Messages."""

import json

from scenario import events

MODEL = "claude-sonnet-4-6"


USAGE = {"input_tokens": 12, "cache_creation_input_tokens": 700, "cache_read_input_tokens": 40000, "output_tokens": 9}


def message(content, stop_reason="end_turn"):
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": MODEL,
        "content": content,
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": USAGE,
    }


def text(words):
    return {"type": "text", "text": words}


def call(number, name="bash", **arguments):
    return {"type": "tool_use", "id": f"toolu_{number}", "name": name, "input": arguments}


def result(number, content, **more):
    return {"type": "tool_result", "tool_use_id": f"toolu_{number}", "content": content, **more}


def pieces(block):
    """A content block as it starts, and what is added to it."""
    if block["type"] == "tool_use":
        arguments = json.dumps(block["input"])
        parts = [arguments[i : i + 5] for i in range(0, len(arguments), 5)]
        return {**block, "input": {}}, [{"type": "input_json_delta", "partial_json": part} for part in parts]
    if block["type"] == "thinking":
        return {**block, "thinking": "", "signature": ""}, [
            {"type": "thinking_delta", "thinking": block["thinking"]},
            {"type": "signature_delta", "signature": block["signature"]},
        ]
    if block["type"] == "redacted_thinking":
        return block, []
    words = block["text"]
    parts = [words[i : i + 3] for i in range(0, len(words), 3)]
    return {**block, "text": ""}, [{"type": "text_delta", "text": part} for part in parts]


def stream(content, stop_reason="end_turn"):
    """The events of a message."""
    start = {**message([], None), "usage": {**USAGE, "output_tokens": 1}}
    messages = [{"type": "message_start", "message": start}, {"type": "ping"}]
    for index, block in enumerate(content):
        empty, deltas = pieces(block)
        messages.append({"type": "content_block_start", "index": index, "content_block": empty})
        messages += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
        messages.append({"type": "content_block_stop", "index": index})
    delta = {"stop_reason": stop_reason, "stop_sequence": None}
    messages.append({"type": "message_delta", "delta": delta, "usage": {"output_tokens": 9}})
    messages.append({"type": "message_stop"})
    return events(messages)


def results_of(body):
    """The texts of the tool results in a request, in its order."""
    texts = []
    for item in body.get("messages", []):
        for block in item["content"] if isinstance(item["content"], list) else []:
            if block.get("type") == "tool_result":
                content = block["content"]
                texts += [content] if isinstance(content, str) else [p["text"] for p in content if p["type"] == "text"]
    return texts
