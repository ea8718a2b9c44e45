"""States in files that survive whatever happens while they are written.

Imports the contents of states. A file is an archive of NumPy's, ``.npz``, and can be read with `numpy.load`; beside
the arrays there is ``state.json``, which says where they belong.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import Any

import numpy as np

from revdiff.optimize.contents import state_of, tree_of
from revdiff.optimize.errors import SavedStateError

FORMAT, VERSION, HEADER = "revdiff state", 1, "state.json"


def save_state(path: str | os.PathLike[str], state: Any, /) -> None:
    """Write a state to a file: parameters, what the optimizer remembers, random generators, how far it has come.

    state    any structure of numbers, arrays, text, None and random generators of NumPy's or Python's

    The file is there as a whole or not at all. It is written beside the old one, brought to the disk, and takes its
    name in one step: after an interruption at any moment, `load_state` finds the state before or the state after.
    Equal states make equal files. Functions are not saved; other constants, dates say, must be the same when the
    state is loaded.

    Raises `SavedStateError` for what a file cannot hold.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_state(f"{folder}/run.npz", {"w": np.ones(2), "epoch": 3})
    ...     load_state(f"{folder}/run.npz", {"w": np.zeros(2), "epoch": 0})
    {'w': array([1., 1.]), 'epoch': 3}
    """
    arrays: list[Any] = []
    tree = tree_of(state, arrays)
    members = [_bytes_of(array) for array in arrays]
    header = {"format": FORMAT, "version": VERSION, "sha256": _checksum(tree, members), "state": tree}
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(zipfile.ZipInfo(HEADER), json.dumps(header))
        for i, member in enumerate(members):
            file.writestr(zipfile.ZipInfo(f"{i}.npy"), member)
    _replace(Path(os.path.realpath(path)), archive.getbuffer())


def load_state(path: str | os.PathLike[str], like: Any, /) -> Any:
    """Return the state that is in a file.

    like    a state of the same form, with whatever numbers: the one that the run would begin with

    Text, None and Python's numbers are what they were when they were saved, arrays as well, and of the same shapes
    and dtypes as in ``like``. Functions and other constants are those of ``like``, which is not changed. Nothing in
    the file is executed. A generator goes on where it was; what it would spawn is not saved.

    Raises `SavedStateError` where the file is damaged, holds no state, or one of another form, and says where they
    differ.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_state(f"{folder}/run.npz", {"rate": 0.1, "step": 7})
    ...     load_state(f"{folder}/run.npz", {"rate": 0.0, "step": 0})
    {'rate': 0.1, 'step': 7}
    """
    tree, arrays = _read(Path(path))
    try:
        return state_of(tree, like, arrays)
    except SavedStateError as error:
        error.inside_of("state")
        raise


def _read(path: Path) -> tuple[Any, list[Any]]:
    """Return the tree and the arrays in a file."""
    content = path.read_bytes()
    try:
        with zipfile.ZipFile(BytesIO(content)) as file:
            members = {name: file.read(name) for name in file.namelist()}
        header = json.loads(members.pop(HEADER, "{}"))
        named = header.get("format") == FORMAT
    except Exception as error:
        is_archive = content.startswith(b"PK")
        raise (SavedStateError.damaged(path, error) if is_archive else SavedStateError.foreign(path)) from error
    if not named:
        raise SavedStateError.foreign(path)
    if header.get("version") != VERSION:
        raise SavedStateError.newer(path, header.get("version"), VERSION)
    if header.get("sha256") != _checksum(header.get("state"), members.values()):
        raise SavedStateError.damaged(path, "its checksum is another")
    return header["state"], [np.lib.format.read_array(BytesIO(array), allow_pickle=False) for array in members.values()]


def _bytes_of(array: Any) -> bytes:
    file = BytesIO()
    np.lib.format.write_array(file, array, allow_pickle=False)
    return file.getvalue()


def _checksum(tree: Any, members: Iterable[bytes]) -> str:
    digest = hashlib.sha256(json.dumps(tree).encode())
    for member in members:
        digest.update(member)
    return digest.hexdigest()


def _replace(path: Path, content: Any) -> None:
    """Give a file a new content, all of it at once, and see to it that it is on the disk."""
    beside = path.with_name(f".{path.name}.{token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    if os.name == "posix":  # the name is on the disk when the directory is
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
