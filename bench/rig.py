# Copyright (C) 2026 The f0 authors
"""The processes of the bench: mock provider, nginx plain and with f0, load."""

import collections
import json
import os
import pathlib
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent
PAGE = os.sysconf('SC_PAGE_SIZE')

SIDES = 'plain', 'f0'

# dialect: (path at the provider, shape that the load generator checks)
DIALECTS = {
    'openai': ('/v1/chat/completions', 'openai'),
    'anthropic': ('/v1/messages', 'anthropic'),
    'gemini': ('/v1beta/models/mock-1:streamGenerateContent?alt=sse', 'gemini'),
    'ollama': ('/api/chat', 'ollama'),
}
F0_PATH = '/api/openai_compat/v1/chat/completions'

SOURCES = {
    'mock': ['mock.cc', 'form.cc', 'common.cc'],
    'load': ['load.cc', 'check.cc', 'json_walk.cc', 'http_reader.cc', 'form.cc',
             'common.cc'],
}
CORE_SOURCES = ['core.cc', 'check.cc', 'json_walk.cc', 'form.cc', 'common.cc']

# What a client of the openai npm package sends, without its machine's facts.
CLIENT_HEADERS = ['Authorization: Bearer sk-bench-0123456789abcdef',
                  'Accept: application/json', 'User-Agent: OpenAI/JS 5.12.2']

CONF = '''
{head}
daemon off;
master_process {master};
worker_processes 1;
worker_rlimit_nofile {files};
pid {work}/nginx.pid;
error_log {work}/error.log warn;
events {{ worker_connections {connections}; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path {work}/body;
    proxy_temp_path {work}/proxy;
    fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi;
    scgi_temp_path {work}/scgi;
    upstream mock {{
        server 127.0.0.1:{mock};
        keepalive 512;
        keepalive_requests 1000000000;
    }}
{http}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
{server}
    }}
}}
'''

PLAIN_SERVER = '''
        location / {
            proxy_pass http://mock;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_buffering off;
            proxy_read_timeout 1h;
        }
'''

F0_SERVER = '''
        include {top}/conf/f0_server.conf;
        location /api/openai_compat/v1/ {{
            f0 on;
            f0_keys off;
            client_max_body_size 32m;
        }}
'''

F0_PROVIDER = '''
        location /_f0/{name}/ {{
            internal;
            include {top}/conf/f0_provider.conf;
            proxy_pass http://mock/;
        }}
'''


class Failed(Exception):
    """The bench can't go on; the message says why."""


def build(out):
    """Compiles mock and load where their sources are newer."""
    out.mkdir(parents=True, exist_ok=True)
    for name, sources in SOURCES.items():
        compile_program(out / name, [HERE / s for s in sources])


def build_core(out, archive):
    """The core without nginx."""
    if not archive.exists():
        raise Failed(f'{archive} is not there: make core')
    target = out / 'core'
    compile_program(target, [HERE / s for s in CORE_SOURCES] + [archive],
                    ['-lyajl', '-lgit2', '-lutf8proc', '-lcrypto'])
    return target


def compile_program(target, inputs, libraries=()):
    newest = max(f.stat().st_mtime for f in inputs + list(HERE.glob('*.h')))
    if target.exists() and target.stat().st_mtime > newest:
        return
    done = subprocess.run([os.environ.get('CXX', 'g++'), '-std=c++20', '-O2', '-Wall',
                           '-Wextra', '-Werror', '-o', target, *inputs, *libraries])
    if done.returncode:
        raise Failed(f'{target.name} does not build')


def wait_for_port(port, process, what):
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(('127.0.0.1', port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise Failed(f'{what} does not listen on port {port}')


class Server:
    """One nginx with one worker, as one of the sides."""

    def __init__(self, rig, side, port, launcher=(), conf=''):
        self.rig, self.side, self.port = rig, side, port
        self.work = pathlib.Path(tempfile.mkdtemp(prefix=f'{side}-', dir=rig.work))
        self.single = bool(launcher)
        (self.work / 'nginx.conf').write_text(self._conf(conf))
        self.process = subprocess.Popen(
            [*launcher, rig.nginx, '-p', self.work, '-e', self.work / 'error.log',
             '-c', self.work / 'nginx.conf'], stderr=subprocess.PIPE, text=True)
        rig.pin(self.process.pid, server=True)
        rig.running.append(self)
        try:
            wait_for_port(port, self.process, f'nginx ({side})')
        except Failed as e:
            self.process.kill()
            raise Failed(f'{e}\n{self.process.stderr.read()}') from None

    def _conf(self, http):
        f0 = self.side == 'f0'
        server = PLAIN_SERVER
        if f0:
            http += ''.join(f'    f0_provider {d} {d} /_f0/{d}/;\n'
                            f'    f0_model bench-{d} {{ mode proxy; try {d} mock-1; }}\n'
                            for d in DIALECTS)
            server = F0_SERVER.format(top=TOP) + ''.join(
                F0_PROVIDER.format(top=TOP, name=d) for d in DIALECTS)
        head = ['user root;'] if os.geteuid() == 0 else []
        if f0:
            head.append(f'load_module {self.rig.module};')
        limit = self.rig.files
        return CONF.format(
            head='\n'.join(head),
            master='off' if self.single else 'on', files=limit, connections=limit - 100,
            work=self.work, mock=self.rig.mock_port, port=self.port, http=http,
            server=server)

    def worker(self):
        if self.single:
            return self.process.pid
        pid = self.process.pid
        children = pathlib.Path(f'/proc/{pid}/task/{pid}/children').read_text().split()
        if len(children) != 1:
            raise Failed(f'nginx ({self.side}) has {len(children)} workers')
        return int(children[0])

    def cpu(self):
        """Seconds that the worker has run."""
        tasks = pathlib.Path(f'/proc/{self.worker()}/task').glob('*/schedstat')
        return sum(int(t.read_text().split()[0]) for t in tasks) / 1e9

    def rss(self):
        """KiB."""
        return int(pathlib.Path(f'/proc/{self.worker()}/statm').read_text().split()[1]) \
            * PAGE / 1024

    def alerts(self):
        """Lines of the error log that must not be there."""
        log = self.work / 'error.log'
        lines = log.read_text(errors='replace').splitlines() if log.exists() else []
        return [line for line in lines if '[alert]' in line or '[emerg]' in line]

    def stop(self):
        self.rig.running.remove(self)
        stop(self.process)
        if alerts := self.alerts():
            raise Failed(f'nginx ({self.side}): {alerts[0]}')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def stop(process):
    """Ends a process that this bench has started."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Rig:
    """What all scenarios share: the mock, where things lie, how they are run."""

    def __init__(self, args):
        top = pathlib.Path(args.build).resolve()
        self.out, self.archive = top / 'bench', top / 'core/libf0core.a'
        build(self.out)
        self.work = tempfile.mkdtemp(prefix='work-', dir=self.out)
        self.nginx = args.nginx
        self.module = os.path.abspath(args.module)
        self.mock_port, self.ports = args.port, {s: args.port + 1 + i
                                                 for i, s in enumerate(SIDES)}
        self.running = []
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.files = min(hard, 100000)
        self.cpus = sorted(os.sched_getaffinity(0))
        self.pinned = len(self.cpus) > 1 and not args.no_pin
        self.start_mock()

    def pin(self, pid, server):
        """The server has the last processor, mock and load the one before."""
        if self.pinned:
            os.sched_setaffinity(pid, {self.cpus[-1 if server else -2]})

    def start_mock(self):
        self.mock = subprocess.Popen([self.out / 'mock', f'127.0.0.1:{self.mock_port}'])
        self.pin(self.mock.pid, server=False)
        wait_for_port(self.mock_port, self.mock, 'mock')

    def mock_get(self, path, method='GET'):
        request = urllib.request.Request(f'http://127.0.0.1:{self.mock_port}{path}',
                                         method=method)
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)

    def server(self, side, **options):
        return Server(self, side, self.ports[side], **options)

    def load_command(self, target, dialect, *args):
        """|target|: a Server, or None for the mock itself."""
        path, shape = DIALECTS[dialect]
        model, port = 'mock-1', self.mock_port
        if target:
            port = target.port
            if target.side == 'f0':
                path, shape, model = F0_PATH, 'openai', f'bench-{dialect}'
        command = [self.out / 'load', '--url', f'127.0.0.1:{port}{path}', '--shape', shape,
                   '--model', model, '--mock-addr', f'127.0.0.1:{self.mock_port}']
        for header in CLIENT_HEADERS:
            command += ['-H', header]
        return [str(a) for a in [*command, *args]]

    def start_load(self, target, dialect, *args):
        process = subprocess.Popen(self.load_command(target, dialect, *args),
                                   stdout=subprocess.PIPE, text=True)
        self.pin(process.pid, server=False)
        return process

    def finish_load(self, process, what, timeout=300):
        try:
            text = process.communicate(timeout=timeout)[0]
        except subprocess.TimeoutExpired:
            stop(process)
            raise Failed(f'{what}: the load did not end') from None
        if not text:
            raise Failed(f'{what}: the load failed to start')
        result = json.loads(text)
        if result['failed']:
            raise Failed(f'{what}: {result["failed"]} of '
                         f'{result["failed"] + result["ok"]} failed: {result["failures"]}')
        return result

    def load(self, target, dialect, *args, timeout=300):
        what = f'{target.side if target else "mock"} {dialect} {" ".join(map(str, args))}'
        return self.finish_load(self.start_load(target, dialect, *args), what, timeout)

    def close(self):
        for server in list(self.running):
            stop(server.process)
        stop(self.mock)
        shutil.rmtree(self.work)


Sample = collections.namedtuple('Sample', 'cpu load')


def measured(rig, server, dialect, *args):
    """A load with the worker's CPU seconds."""
    before = server.cpu()
    load = rig.load(server, dialect, *args)
    return Sample(server.cpu() - before, load)
