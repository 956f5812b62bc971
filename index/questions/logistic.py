"""Linear readings of unit vectors, fitted by logistic regression when an index is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.encoding.protocol import Vectors

    Weights = NDArray[np.float32]


def fit(
    vectors: Vectors,
    classes: NDArray[np.str_] | NDArray[np.bool_],
    strength: float,
    importance: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.str_], Weights, Weights]:
    """Return the classes, `(K,)`, their weights, `(K, D)`, and biases, `(K,)`.

    Of two classes there is one row, which weighs the second.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - only builds need it
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - likewise

    with threadpool_limits(1):  # the matrices are small: more threads only wait for each other
        model = LogisticRegression(C=strength, max_iter=3000)
        fitted = model.fit(vectors, classes, importance)
    weights = np.asarray(fitted.coef_, np.float32)
    biases = np.asarray(fitted.intercept_, np.float32)
    return fitted.classes_, weights, biases
