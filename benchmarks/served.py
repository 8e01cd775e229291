"""A register that is served, for as long as a benchmark asks it."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def served(url: str, folder: Path, processes: int) -> Iterator[int]:
    """Serve the register as its operator would, but for TLS and the second factor."""
    environment = os.environ | {
        "REGISTER_DATABASE_URL": url,
        "REGISTER_INSTANCE_DIR": str(folder),
        "REGISTER_FIELD_KEYS": str(folder / "field.keys"),
        "REGISTER_SECURE_COOKIES": "0",
        "REGISTER_SECOND_FACTOR": "0",
        "REGISTER_UNGUARDED_DATABASE": "1",
    }
    port = 8900 + os.getpid() % 1000
    command = [str(Path(sys.executable).with_name("register")), "serve", "--port", str(port)]
    command += ["--processes", str(processes)] if processes > 1 else []
    with (folder / "serve.log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)  # noqa: S603  # our own
        try:
            for _ in range(100):
                time.sleep(0.3)
                with suppress(OSError):
                    http.client.HTTPConnection("127.0.0.1", port).connect()
                    break
            yield port
        finally:
            process.terminate()
            process.wait()
