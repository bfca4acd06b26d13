#!/usr/bin/env python3
# Copyright (C) 2026 The f0 authors
#
# What `make run` prints works as it is printed: curl, Claude Code and Codex;
# and its model for autocomplete fills a middle as the provider's model does.

import json
import os
import re
import signal
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))
sys.path.insert(0, HERE)
from packages import claude, codex, install                 # noqa: E402
from scenario import FIRST, FOLDER, PROVIDER, ROOT, asked, check, \
    done                                                    # noqa: E402

PROMPT = "'<<say?text=Good%20day>>'"
REST = {"claude": " -p %s --dangerously-skip-permissions" % PROMPT,
        "codex": " exec --skip-git-repo-check"
                 " --dangerously-bypass-approvals-and-sandbox " + PROMPT}


def start():
    env = dict(os.environ, F0_UPSTREAM="http://127.0.0.1:%d" % PROVIDER,
               F0_UPSTREAM_MODEL="qwen2.5-coder:7b", F0_PORT=str(FIRST + 4))
    return subprocess.Popen([os.path.join(ROOT, "tools", "run")], env=env,
                            stdin=subprocess.DEVNULL, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def printed(run):
    text = ""
    for line in run.stdout:
        text += line
        if "Ctrl-C ends it" in line:
            break
    return text


def sh(command, home):
    """As a person would in a shell of their own."""
    env = {"PATH": home + ":" + os.environ["PATH"], "HOME": home,
           "TMPDIR": home, "IS_SANDBOX": "1", "CLAUDE_CODE_MAX_RETRIES": "0",
           "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1"}
    got = subprocess.run(["bash", "-c", command], cwd=home, env=env,
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True, timeout=120,
                         check=False)
    return got.stdout


install()
home = os.path.join(FOLDER, "home")
os.makedirs(os.path.join(home, ".codex"))
os.symlink(claude(), os.path.join(home, "claude"))
os.symlink(codex(), os.path.join(home, "codex"))
server = start()
try:
    text = printed(server)
    check("Ctrl-C ends it" in text, "make run starts", text)
    found = re.search(r"^(curl (?:.*\\\n)*.*)$", text, re.M)
    out = sh(found.group(1), home)
    check("Hello" in out and "[DONE]" in out, "curl as printed", out)
    found = re.search(r"^(ANTHROPIC_BASE_URL=.* claude)$", text, re.M)
    out = sh(found.group(1) + REST["claude"], home)
    check("Good day" in out, "claude code as printed", out)
    found = re.search(r"^Codex \(~/(\S+); then (.* codex)\):\n\n((?:.*\n)*?)"
                      r"\n(?=Continue)", text, re.M)
    with open(os.path.join(home, found.group(1)), "w") as f:
        f.write(found.group(3))
    out = sh(found.group(2) + REST["codex"], home)
    check("Good day" in out, "codex as printed", out)
    key = re.search(r"^Key: (\S+)$", text, re.M).group(1)
    out = sh("curl -s http://127.0.0.1:%d/v1/completions -H 'x-api-key: %s' "
             "-d '%s'" % (FIRST + 4, key, json.dumps(
                 {"model": "f0-fim", "suffix": "after", "prompt":
                  "before <<say?id=fim&text=between>>"})), home)
    check(json.loads(out)["choices"][0]["text"] == "between"
          and "<|fim_suffix|>after<|fim_middle|>" in asked("fim")[0]["body"],
          "a middle is filled", out)
finally:
    server.send_signal(signal.SIGTERM)
    server.communicate(timeout=30)
check(server.returncode == 0, "it ends when asked to", server.returncode)
done()
