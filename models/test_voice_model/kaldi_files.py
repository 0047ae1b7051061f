"""Writes `final.mdl`: Kaldi's binary form of the transition model and the nnet3 network.

The layout follows Kaldi's `TransitionModel::Write`, `HmmTopology::Write`, `Nnet::Write` and
`AmNnetSimple::Write`: each number has its byte count before it, each token a blank behind it, all
little-endian.
"""

import math
import struct
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.test_voice_model.features import BANDS, CONTEXT_FRAMES, Floats
from models.test_voice_model.net import Net
from models.test_voice_model.phones import (
    PHONE_NUMBERS,
    first_frame_output,
    index_of_number,
    later_frame_output,
)

NOT_A_PLAIN_HMM = -1
"""Written before the topology: first and later frames have output units of their own."""


class KaldiFile:
    """Bytes in Kaldi's binary form; every method appends and returns the same object."""

    def __init__(self) -> None:
        self.content = bytearray(b"\0B")

    def tokens(self, text: str) -> "KaldiFile":
        """Each word of `text` as a token."""
        for token in text.split():
            self.content += token.encode() + b" "
        return self

    def text(self, text: str) -> "KaldiFile":
        """Plain text, as the network's description is."""
        self.content += text.encode()
        return self

    def integers(self, *values: int) -> "KaldiFile":
        """32-bit integers, one by one."""
        for value in values:
            self.content += struct.pack("<bi", 4, value)
        return self

    def floats(self, *values: float) -> "KaldiFile":
        """32-bit floats, one by one."""
        for value in values:
            self.content += struct.pack("<bf", 4, value)
        return self

    def integer_vector(self, values: Iterable[int]) -> "KaldiFile":
        """A vector of 32-bit integers."""
        array = np.fromiter(values, "<i4")
        self.content += struct.pack("<bi", 4, len(array)) + array.tobytes()
        return self

    def vector(self, values: npt.ArrayLike) -> "KaldiFile":
        """A vector of 32-bit floats."""
        array = np.asarray(values, "<f4")
        self.tokens("FV").integers(len(array)).content += array.tobytes()
        return self

    def matrix(self, values: Floats) -> "KaldiFile":
        """A matrix of 32-bit floats, row by row."""
        self.tokens("FM").integers(*values.shape).content += np.ascontiguousarray(values, "<f4").tobytes()
        return self


def write_final_mdl(path: Path, net: Net) -> None:
    """Write the network and the transitions of its phones as Vosk's `am/final.mdl`."""
    file = KaldiFile()
    _transition_model(file)
    _network(file, net)
    path.write_bytes(file.content)


def _transition_model(file: KaldiFile) -> None:
    """All phones have one state; half of its chance goes to staying, half to leaving."""
    numbers = range(1, PHONE_NUMBERS + 1)
    file.tokens("<TransitionModel> <Topology>").integer_vector(numbers)
    file.integer_vector([-1] + [0] * PHONE_NUMBERS).integers(NOT_A_PLAIN_HMM, 1)
    # Two states. The first: unit classes 0 (first frame) and 1 (later ones), two ways on. The second ends.
    file.integers(2, 0, 1, 2).integers(0).floats(0.5).integers(1).floats(0.5).integers(-1, -1, 0)
    file.tokens("</Topology> <Tuples>").integers(PHONE_NUMBERS)
    for number in numbers:
        index = index_of_number(number)
        file.integers(number, 0, first_frame_output(index), later_frame_output(index))
    file.tokens("</Tuples> <LogProbs>").vector([0.0] + [math.log(0.5)] * (2 * PHONE_NUMBERS))
    file.tokens("</LogProbs> </TransitionModel>")


def _network(file: KaldiFile, net: Net) -> None:
    offsets = ", ".join(f"Offset(input, {offset})" for offset in range(-CONTEXT_FRAMES, CONTEXT_FRAMES + 1))
    names = _component_names(net)
    lines = [f"input-node name=input dim={BANDS}"]
    for name, source in zip(names, [f"Append({offsets})", *names], strict=False):
        lines.append(f"component-node name={name} component={name} input={source}")
    lines.append(f"output-node name=output input={names[-1]} objective=linear")
    file.tokens("<Nnet3>").text("\n" + "\n".join(lines) + "\n\n")
    file.tokens("<NumComponents>").integers(len(names))
    for place, (weights, biases) in enumerate(_layers_on_raw_features(net)):
        _affine(file, names[2 * place], weights, biases)
        _nonlinearity(file, names[2 * place + 1], len(biases))
    file.tokens("</Nnet3> <LeftContext>").integers(CONTEXT_FRAMES)
    file.tokens("<RightContext>").integers(CONTEXT_FRAMES)
    file.tokens("<Priors>").vector(net.priors)


def _component_names(net: Net) -> list[str]:
    names = []
    for place in range(len(net.weights)):
        last = place == len(net.weights) - 1
        names += [f"affine{place}", "logsoftmax" if last else f"relu{place}"]
    return names


def _layers_on_raw_features(net: Net) -> list[tuple[Floats, Floats]]:
    """The layers, the first one changed so that it takes features as they come, not standardised ones."""
    frames = 2 * CONTEXT_FRAMES + 1
    first = net.weights[0] / np.tile(net.deviation, frames)[:, None]
    shift = np.tile(net.mean, frames) @ first
    layers = list(zip(net.weights, net.biases, strict=True))
    return [(first, net.biases[0] - shift), *layers[1:]]


def _affine(file: KaldiFile, name: str, weights: Floats, biases: Floats) -> None:
    file.tokens(f"<ComponentName> {name} <FixedAffineComponent> <LinearParams>").matrix(weights.T)
    file.tokens("<BiasParams>").vector(biases).tokens("</FixedAffineComponent>")


def _nonlinearity(file: KaldiFile, name: str, size: int) -> None:
    kind = "RectifiedLinearComponent" if name.startswith("relu") else "LogSoftmaxComponent"
    file.tokens(f"<ComponentName> {name} <{kind}> <Dim>").integers(size)
    file.tokens("<ValueAvg>").vector([]).tokens("<DerivAvg>").vector([])
    file.tokens("<Count>").floats(0.0).tokens(f"</{kind}>")
