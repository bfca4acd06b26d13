# Copyright (C) 2026 The f0 authors
#
# The clients out of npm and PyPI, installed once under $BUILD/clients in the
# versions that are written here and in package-lock.json.

import filecmp
import glob
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(os.environ["BUILD"], "clients")
PYPI = ["anthropic==2.14.0", "openai==3.57.0"]
PYTHON = os.path.join(FOLDER, "py", "bin", "python")


def program(pattern):
    """The one for this machine: npm installs no other."""
    return next(iter(glob.glob(os.path.join(FOLDER, "node_modules", pattern))),
                "")


def sh(*argv):
    done = subprocess.run(argv, cwd=FOLDER, stdin=subprocess.DEVNULL,
                          check=False)
    if done.returncode:
        sys.exit("FAIL %s: exit status %d" % (" ".join(argv),
                                              done.returncode))


def install():
    os.makedirs(FOLDER, exist_ok=True)
    lock = os.path.join(FOLDER, "package-lock.json")
    given = os.path.join(HERE, "package-lock.json")
    mark = os.path.join(FOLDER, "installed")
    wanted = " ".join(PYPI)
    if (os.path.exists(mark) and open(mark).read() == wanted
            and os.path.exists(lock) and filecmp.cmp(lock, given, False)):
        return
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(os.path.join(HERE, name), FOLDER)
    sh("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    sh(sys.executable, "-m", "venv", "py")
    sh("py/bin/pip", "install", "-q", *PYPI)
    with open(mark, "w") as f:
        f.write(wanted)


def claude():
    return program("@anthropic-ai/claude-code-linux-*/claude")


def codex():
    return program("@openai/codex-linux-*/vendor/*/bin/codex")
