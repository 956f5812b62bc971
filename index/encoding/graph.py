"""Builds the default encoder as an OpenVINO graph, from the weights as they lie in the package.

BERT (Devlin et al. 2018, arXiv:1810.04805) in operations of OpenVINO's opset 15. It is built by
hand and not converted from torch: that takes half a second, needs no torch and writes no file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from index.encoding.vino import op, openvino

if TYPE_CHECKING:
    from openvino import Model, Node

    from index.encoding.lowrank import Changes
    from index.encoding.weights import Weights

_MASKED = np.float32(-1e9)


def build_graph(weights: Weights, changes: Changes | None = None) -> Model:
    """Return the graph: word embeddings `(B, L, H)`, mask `(B, L)` -> states `(B, L, H)`.

    With an adapter's changes, states are `(B, L, 2 H)`: those of the weights alone, and beside them
    those of the weights with the changes. Layers below the first change are run once for both, and
    those above read their weights once, which is most of what a short text costs.
    """
    return _Builder(weights, changes or {}).graph()


class _Builder:
    def __init__(self, weights: Weights, changes: Changes) -> None:
        self._weights = weights
        self._header = weights.header
        self._changes = changes

    def graph(self) -> Model:
        words = op.parameter(openvino.PartialShape([-1, -1, self._header.hidden]), np.float32)
        mask = op.parameter(openvino.PartialShape([-1, -1]), np.float32)
        states = self._normed(op.add(words, self._positions(mask)), "embeddings.LayerNorm")
        hidden = op.multiply(op.subtract(_number(1.0), mask), op.constant(_MASKED))
        hidden = op.unsqueeze(hidden, _integers(1, 2))
        twice = False
        for layer in range(self._header.layers):
            name = f"encoder.layer.{layer}"
            if not twice and any(change.startswith(f"{name}.") for change in self._changes):
                twice = True
                states, hidden = (op.concat([each, each], axis=0) for each in (states, hidden))
            states = self._layer(states, hidden, name)
        if twice:
            states = op.concat(_halves(states), axis=2)
        return openvino.Model([op.result(states)], [words, mask], "multilingual-e5-small")

    def _layer(self, states: Node, hidden: Node, name: str) -> Node:
        context = self._attention(states, hidden, f"{name}.attention.self")
        attended = self._linear(context, f"{name}.attention.output.dense")
        states = self._normed(op.add(attended, states), f"{name}.attention.output.LayerNorm")
        wide = op.gelu(self._linear(states, f"{name}.intermediate.dense"), "erf")
        narrow = self._linear(wide, f"{name}.output.dense")
        return self._normed(op.add(narrow, states), f"{name}.output.LayerNorm")

    def _attention(self, states: Node, hidden: Node, name: str) -> Node:
        """Return what each token takes from the others, `(B, L, H) -> (B, L, H)`."""
        heads, width = self._header.heads, self._header.hidden // self._header.heads
        query, key, value = (
            op.transpose(
                op.reshape(
                    self._linear(states, f"{name}.{part}"),
                    _integers(0, 0, heads, width),
                    special_zero=True,
                ),
                _integers(0, 2, 1, 3),
            )
            for part in ("query", "key", "value")
        )
        nearness = op.multiply(
            op.matmul(query, key, transpose_a=False, transpose_b=True), _number(width**-0.5)
        )
        shares = op.softmax(op.add(nearness, hidden), -1)
        taken = op.transpose(
            op.matmul(shares, value, transpose_a=False, transpose_b=False), _integers(0, 2, 1, 3)
        )
        return op.reshape(taken, _integers(0, 0, self._header.hidden), special_zero=True)

    def _linear(self, states: Node, name: str) -> Node:
        weight = op.constant(self._weights[f"{name}.weight"])
        bias = op.constant(self._weights[f"{name}.bias"])
        found = op.add(op.matmul(states, weight, transpose_a=False, transpose_b=True), bias)
        change = self._changes.get(name)
        if change is None:
            return found
        (_, changed), (alone, beside) = _halves(states), _halves(found)
        for factor in (change.down, change.up):
            changed = op.matmul(changed, op.constant(factor), transpose_a=False, transpose_b=True)
        return op.concat([alone, op.add(beside, changed)], axis=0)

    def _normed(self, states: Node, name: str) -> Node:
        """Layer normalisation over the last axis."""
        scale = op.constant(self._weights[f"{name}.weight"])
        shift = op.constant(self._weights[f"{name}.bias"])
        unit = op.mvn(
            states, _integers(-1), normalize_variance=True, eps=float(self._header.epsilon),
            eps_mode="inside_sqrt",
        )  # fmt: skip
        return op.add(op.multiply(unit, scale), shift)

    def _positions(self, mask: Node) -> Node:
        """Return the embeddings of the first L positions, `(L, H)`, with that of token type 0."""
        table = self._weights["embeddings.position_embeddings.weight"]
        kind = self._weights["embeddings.token_type_embeddings.weight"][0]
        length = op.gather(op.shape_of(mask), _integers(1), op.constant(0))
        zero, one = _integers(0), _integers(1)
        return op.slice(op.constant(table + kind), zero, length, one, zero)


def _halves(states: Node) -> list[Any]:
    """Return the first half of a batch and the second, `(2 B, …) -> (B, …), (B, …)`."""
    return op.split(states, op.constant(0), 2).outputs()  # type: ignore[no-any-return]


def _integers(*values: int) -> Any:
    return op.constant(np.array(values, np.int64))


def _number(value: float) -> Any:
    return op.constant(np.float32(value))
