"""Loading the encoder tells nobody: no connection, no forked process, nothing in the home."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LOADING = """
import sys
seen = []
watched = ("os.fork", "os.posix_spawn", "subprocess.Popen", "socket.connect", "socket.getaddrinfo")
sys.addaudithook(lambda event, _: seen.append(event) if event in watched else None)
from index.encoding.loading import load_encoder
encoder = load_encoder()
encoder.encode_queries(["Sollen wir das tun?"])
assert encoder.compiled
print(seen, [name for name in sys.modules if "telemetry" in name])
from importlib.util import find_spec
assert find_spec("openvino.tools.ovc")
"""


def test_the_encoder_loads_without_telling_anybody(tmp_path: Path) -> None:
    """And whoever wants OpenVINO's converters can still import them afterwards."""
    found = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", LOADING],
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert found.stdout.splitlines() == ["[] []"]
    assert not list(tmp_path.iterdir())
