"""The default encoder's weights in ONNX Runtime, quantised to 8 bit on the way: a peer to ours.

Activations are quantised as they come (one scale a batch), weights by output channel to seven bits,
since processors without VNNI saturate when they add up two products of eight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from index.encoding.lengths import unit
from index.encoding.packed import expand_rows
from index.encoding.tokens import PROMPTS, open_packed
from index.encoding.weights import Weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.encoding.protocol import Vectors

_CONTRIBUTED = "com.microsoft"
_LARGEST = 63
_BATCH = 16


class OnnxEncoder:
    """Encodes like `Encoder`, in batches of texts of like length."""

    def __init__(self) -> None:
        packed, self._tokens = open_packed()
        self._rows = packed.packed_rows("emb.word", packed.header.vocabulary)
        model = _Graph(Weights(packed)).model()
        self._session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions, `(Q,) -> (Q, D)`."""
        return self._encode(self._tokens.ids(texts, PROMPTS["query"]))

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of passages, `(N,) -> (N, D)`."""
        return self._encode(self._tokens.ids(texts, PROMPTS["document"]))

    def _encode(self, ids: list[list[int]]) -> Vectors:
        order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
        batches = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
        means = np.concatenate([self._means([ids[at] for at in batch]) for batch in batches])
        return unit(means[np.argsort(order)])

    def _means(self, ids: list[list[int]]) -> Vectors:
        width = max(map(len, ids))
        mask = np.array([[1] * len(row) + [0] * (width - len(row)) for row in ids], np.int32)
        padded = np.array([row + [0] * (width - len(row)) for row in ids])
        words = expand_rows(self._rows[padded.ravel()]).reshape(*padded.shape, -1)
        (states,) = self._session.run(None, {"words": words, "mask": mask})
        return np.asarray((states * mask[..., None]).sum(1) / mask.sum(1, keepdims=True))


class _Graph:
    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._header = weights.header
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def model(self) -> bytes:
        """Return the model as ONNX Runtime reads it."""
        kind = self._weights["embeddings.token_type_embeddings.weight"][0]
        table = self._constant(self._weights["embeddings.position_embeddings.weight"] + kind)
        length = self._node("Gather", self._node("Shape", "mask"), self._constant(np.array([1])))
        zero = self._constant(np.array([0]))
        positions = self._node("Slice", table, zero, length, zero)
        states = self._normed("embeddings.LayerNorm", self._node("Add", "words", positions))
        for layer in range(self._header.layers):
            states = self._layer(f"encoder.layer.{layer}", states)
        hidden = self._header.hidden
        inputs = [
            helper.make_tensor_value_info("words", TensorProto.FLOAT, ["B", "L", hidden]),
            helper.make_tensor_value_info("mask", TensorProto.INT32, ["B", "L"]),
        ]
        outputs = [helper.make_tensor_value_info(states, TensorProto.FLOAT, ["B", "L", hidden])]
        graph = helper.make_graph(self._nodes, "e5", inputs, outputs, self._constants)
        versions = [helper.make_opsetid("", 18), helper.make_opsetid(_CONTRIBUTED, 1)]
        made: bytes = onnx.helper.make_model(
            graph, opset_imports=versions, ir_version=9
        ).SerializeToString()
        return made

    def _layer(self, name: str, states: str) -> str:
        query, key, value = (
            self._linear(f"{name}.attention.self.{part}", states)
            for part in ("query", "key", "value")
        )
        taken = self._node(
            "MultiHeadAttention", query, key, value, "", "mask",
            domain=_CONTRIBUTED, num_heads=self._header.heads,
        )  # fmt: skip
        attended = self._node("Add", self._linear(f"{name}.attention.output.dense", taken), states)
        states = self._normed(f"{name}.attention.output.LayerNorm", attended)
        wide = self._linear(f"{name}.intermediate.dense", states)
        wide = self._node("Gelu", wide, domain=_CONTRIBUTED)
        narrow = self._node("Add", self._linear(f"{name}.output.dense", wide), states)
        return self._normed(f"{name}.output.LayerNorm", narrow)

    def _linear(self, name: str, states: str) -> str:
        weight = self._weights[f"{name}.weight"]
        scales = np.abs(weight).max(1) / np.float32(_LARGEST)
        whole = np.round(weight / scales[:, None]).astype(np.int8)
        parts = (whole.T, scales, np.zeros(len(scales), np.int8), self._weights[f"{name}.bias"])
        constants = [self._constant(part) for part in parts]
        return self._node("DynamicQuantizeMatMul", states, *constants, domain=_CONTRIBUTED)

    def _normed(self, name: str, states: str) -> str:
        scale, shift = (
            self._constant(self._weights[f"{name}.{part}"]) for part in ("weight", "bias")
        )
        epsilon = float(self._header.epsilon)
        return self._node("LayerNormalization", states, scale, shift, epsilon=epsilon)

    def _constant(self, array: np.ndarray[Any, Any]) -> str:
        name = f"constant {len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def _node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        name = f"node {len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name
