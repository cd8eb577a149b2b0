"""An agent that many use, mini-swe-agent, does a task through the proxy. See scenario.py.

The model is played by a script: it reads a file, runs a command that prints much, looks closer, writes down what it found, and submits it.
"""

import json
import os
import pathlib
import shutil
import tempfile

HOME = pathlib.Path(tempfile.mkdtemp(prefix="headroom-agent-"))
# What the agent and its libraries would otherwise ask the network for, or write into the home folder.
os.environ |= {
    "HOME": str(HOME),
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "MSWEA_COST_TRACKING": "ignore_errors",
    "MSWEA_GLOBAL_CONFIG_DIR": str(HOME / "config"),
    "MSWEA_MODEL_RETRY_STOP_AFTER_ATTEMPT": "1",
    "MSWEA_SILENT_STARTUP": "1",
}

import minisweagent
import tiktoken
import yaml
from minisweagent.agents.default import DefaultAgent
from minisweagent.environments.local import LocalEnvironment
from minisweagent.models.litellm_model import LitellmModel

import anthropic_answers
import openai_answers
from scenario import answer, expect, long_results, main

COMMANDS = [
    "ls",
    "cat services.json",
    "python3 check.py",
    "grep -n timeout check.log",
    "sed -n '1,12p' settings.ini",
    "sed -i 's/^timeout = 3$/timeout = 30/' settings.ini && python3 check.py | tail -n 3",
    "echo 'payments waits 3 seconds and needs 8' > answer.txt",
    "echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT && cat answer.txt settings.ini",
]

CHECK = """
import configparser
settings = configparser.ConfigParser()
settings.read("settings.ini")
timeout = int(settings["payments"]["timeout"])
lines = []
for i in range(90):
    lines.append(f"2026-01-05 12:{i // 60:02}:{i % 60:02} INFO  service-{i % 7} answered in {20 + i * 37 % 50} ms with status 200")
if timeout < 8:
    lines.append("2026-01-05 12:02:00 ERROR payments did not answer in time: timeout after 3 s, it takes 8 s")
lines.append("1 failed" if timeout < 8 else "all passed")
print("\\n".join(lines))
open("check.log", "w").write("\\n".join(lines))
"""


def project():
    """The folder that the agent works in, as it is at the start."""
    folder = HOME / "project"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    services = [
        {"id": 4100 + i, "name": f"service-{i}", "owner": f"team-{i % 5}", "port": 8000 + i, "replicas": 2 + i % 3}
        for i in range(90)
    ]
    (folder / "services.json").write_text(json.dumps(services))
    (folder / "check.py").write_text(CHECK)
    (folder / "settings.ini").write_text("[payments]\nurl = http://payments.internal\ntimeout = 3\nretries = 0\n")
    return folder


def work(run, model_name, base):
    """Has the agent do its task, and returns what came of it."""
    settings = yaml.safe_load((minisweagent.package_dir / "config" / "mini.yaml").read_text())
    options = {"api_base": base, "api_key": "sk-test", "num_retries": 0, "extra_headers": run.headers, "timeout": 600}
    model = LitellmModel(
        model_name=model_name, model_kwargs=settings["model"].pop("model_kwargs") | options, **settings["model"]
    )
    folder = project()
    environment = LocalEnvironment(cwd=str(folder), **settings["environment"])
    limits = {"step_limit": len(COMMANDS) + 2}
    templates = {name: settings["agent"][name] for name in ("system_template", "instance_template")}
    agent = DefaultAgent(model, environment, **templates, **limits)
    result = agent.run("Find out why the check fails, and mend it.")
    expect(result["exit_status"] == "Submitted", f"the task ended with {result}")
    expect("timeout = 30" in result["submission"], f"not what was found: {result['submission']}")
    files = {path.name: path.read_text() for path in sorted(folder.iterdir())}
    return (
        result,
        agent.n_calls,
        files,
        [message["content"] for message in agent.messages if message["role"] != "system"],
    )


@long_results
def anthropic(run):
    calls = [anthropic_answers.call(number, command=command) for number, command in enumerate(COMMANDS)]
    run.answers(
        *(
            answer(anthropic_answers.message([anthropic_answers.text(f"Step {number}."), call], "tool_use"))
            for number, call in enumerate(calls)
        )
    )
    return work(run, f"anthropic/{anthropic_answers.MODEL}", run.base)


@long_results
def openai(run):
    calls = [openai_answers.chat_call(number, command=command) for number, command in enumerate(COMMANDS)]
    run.answers(*(answer(openai_answers.completion(f"Step {number}.", [call])) for number, call in enumerate(calls)))
    return work(run, f"openai/{openai_answers.MODEL}", run.base + "/v1")


def results_of(body):
    return anthropic_answers.results_of(body) + openai_answers.results_of(body)


def fewer_tokens(direct, proxied):
    """Checks that tool results cost fewer tokens, by the count of their vocabulary, and says how many."""
    vocabulary = tiktoken.get_encoding("o200k_base")
    counts = [
        sum(
            len(vocabulary.encode_ordinary(text))
            for request in side
            for text in results_of(json.loads(request["body"]))
        )
        for side in (direct, proxied)
    ]
    expect(counts[1] < counts[0] * 0.8, f"{counts[0]} tokens became {counts[1]}")
    return f"{counts[0]} tokens of tool results became {counts[1]}"


if __name__ == "__main__":
    try:
        main([anthropic, openai], results_of, check=fewer_tokens)
    finally:
        shutil.rmtree(HOME)
