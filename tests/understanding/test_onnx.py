"""Another classifier is plugged in: a tiny ONNX model that the test makes, read by the real loading code."""

from __future__ import annotations

import json

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

from tafaul.understanding import understand
from tafaul.understanding.onnx import Onnx

VOCABULARY = {"[UNK]": 0, "[PAD]": 1, "متى": 2, "الراتب": 3, "شكرا": 4, "الزبالة": 5}
CLASSES = {
    "kind": ["inquiry", "thanks", "complaint"],
    "topic": ["salaries", "none", "cleanliness"],
    "body": ["finance", "municipal"],
    "dialect": ["standard"],
}
SPEAKS_FOR = {
    "kind": {2: 0, 4: 1, 5: 2},
    "topic": {3: 0, 4: 1, 5: 2},
    "body": {2: 0, 3: 0, 4: 0, 5: 1},
    "dialect": {},
}


@pytest.fixture
def folder(tmp_path):
    """A model that gathers a row of logits for each token and adds them up."""
    nodes, outputs, tables = [], [], []
    for name, classes in CLASSES.items():
        table = np.zeros((len(VOCABULARY), len(classes)), np.float32)
        for token, column in SPEAKS_FOR[name].items():
            table[token, column] = 8
        tables.append(numpy_helper.from_array(table, f"table_{name}"))
        nodes.append(helper.make_node("Gather", [f"table_{name}", "input_ids"], [f"rows_{name}"]))
        nodes.append(helper.make_node("ReduceSum", [f"rows_{name}", "axis"], [name], keepdims=0))
        outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, ["texts", len(classes)]))
    inputs = [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"])]
    tables.append(numpy_helper.from_array(np.array([1], np.int64), "axis"))
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, tables)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, tmp_path / "model.onnx")
    tokenizer = Tokenizer(models.WordLevel(VOCABULARY, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "classes.json").write_text(json.dumps({**CLASSES, "sure_from": {"body": 0.9}}))
    return tmp_path


def test_a_plugged_in_classifier_answers_in_place_of_the_trained_one(folder):
    texts = ["متى الراتب", "شكرا", "الزبالة " * 20_000]
    salary, thanks, rubbish = understand(texts, "finance", classifier=Onnx(folder))
    assert (salary.kind, salary.topic, salary.body) == ("inquiry", "salaries", "finance")
    assert salary.sure_of == ("body",)
    assert (thanks.kind, thanks.topic) == ("thanks", None)
    assert (rubbish.kind, rubbish.body) == ("complaint", "municipal")


def test_no_texts_are_answered_with_nothing(folder):
    assert understand([], "finance", classifier=Onnx(folder)) == []


def test_a_folder_that_lacks_something_is_refused_by_name(folder):
    (folder / "classes.json").write_text(json.dumps({"kind": CLASSES["kind"]}))
    with pytest.raises(ValueError, match="topic, body"):
        Onnx(folder)
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ValueError, match=r"tokenizer\.json is missing"):
        Onnx(folder)
