"""Another classifier from a folder, such as a fine-tuned transformer.

The folder holds three files. `model.onnx` takes `input_ids` and `attention_mask` (and `token_type_ids`, if it
names them) and gives an output of logits for each question, named as the question: kind, topic, body, and, if it
answers them, dialect, urgent (yes, no) and misuse (none, spam, abuse).
`tokenizer.json` is that of Hugging Face's tokenizers. `classes.json` names for each question the classes in the
order of its logits, and optionally `"sure_from": {question: probability}`. Needs the extra `tafaul[onnx]`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tafaul.understanding.linear import Floats
from tafaul.understanding.model import NEEDED, QUESTIONS, Answers

LONGEST = 128
"""Tokens of a text that are read; a post of 280 characters has about 80."""

TOGETHER = 64
"""Texts that the model reads at once."""


class Onnx:
    """A classifier in a folder. Raises `ValueError`, when made, that says what the folder lacks."""

    def __init__(self, folder: Path) -> None:
        try:
            import onnxruntime
            import tokenizers
        except ImportError as error:
            raise ValueError(f"{folder} needs onnxruntime and tokenizers: pip install 'tafaul[onnx]'") from error
        for name in ("model.onnx", "tokenizer.json", "classes.json"):
            if not (folder / name).is_file():
                raise ValueError(f"{folder} is no classifier: {name} is missing")
        told: dict[str, Any] = json.loads((folder / "classes.json").read_text(encoding="utf-8"))
        self._session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
        self._inputs = {entry.name for entry in self._session.get_inputs()}
        self._outputs = [entry.name for entry in self._session.get_outputs()]
        self._sure_from: dict[str, float] = told.get("sure_from", {})
        self._classes: dict[str, list[str]] = {name: told[name] for name in QUESTIONS if name in told}
        if missing := [name for name in NEEDED if name not in self._classes or name not in self._outputs]:
            raise ValueError(f"{folder} is no classifier: no classes or output for {', '.join(missing)}")
        self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.enable_padding()

    def answer(
        self, texts: Sequence[str], words: Sequence[Sequence[str]], to: Sequence[str]
    ) -> dict[str, Answers]:
        """Answer each question of each text. The account that was written to is not looked at."""
        logits: dict[str, list[Floats]] = {name: [] for name in QUESTIONS}
        for start in range(0, len(texts), TOGETHER):
            given = self._session.run(self._outputs, self._tokens(texts[start : start + TOGETHER]))
            for name, rows in zip(self._outputs, given, strict=True):
                if name in logits:
                    logits[name].append(rows)
        return {
            name: Answers(classes, _softmax(logits[name], len(classes)), self._sure_from.get(name, 1.01))
            for name, classes in self._classes.items()
        }

    def _tokens(self, texts: Sequence[str]) -> dict[str, Any]:
        encoded = self._tokenizer.encode_batch(list(texts))
        columns = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
        return {
            name: np.array([getattr(text, column) for text in encoded], np.int64)
            for name, column in columns.items()
            if name in self._inputs
        }


def _softmax(parts: Sequence[Floats], classes: int) -> Floats:
    rows = np.concatenate(parts) if parts else np.zeros((0, classes), np.float32)
    powers = np.exp(rows - rows.max(axis=1, keepdims=True)) if len(rows) else rows
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)
