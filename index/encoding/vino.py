"""OpenVINO without its model converters, which `import openvino` would load and nobody here needs.

At import they tell Google Analytics that they are there: from a forked process, on a thread of
their own, with a file in the home directory. Nobody asked for that, and a fork while another thread
multiplies matrices can leave OpenBLAS waiting for a thread for ever: one start in six hung.
"""

from __future__ import annotations

import sys

_CONVERTERS = "openvino.tools.ovc"

_held_back = _CONVERTERS not in sys.modules
if _held_back:
    sys.modules[_CONVERTERS] = None  # type: ignore[assignment] # whoever imports it now is refused
try:
    import openvino
    from openvino import opset15 as op
finally:
    if _held_back:
        del sys.modules[_CONVERTERS]

__all__ = ["op", "openvino"]
