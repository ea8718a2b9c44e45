"""The tasks of the project: ``nox`` runs the daily ones, ``nox --list`` shows them all."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import nox

PROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PROJECT)

UNDONE_CHANGES = [
    "core/RemoveDecorator",  # of @final, which does nothing when it runs
    "core/ReplaceBinaryOperator_BitOr_.*",  # of `float | None` in annotations
    # Of the many operators that might stand for another, one.
    "core/ReplaceBinaryOperator_(Add|Pow|FloorDiv|Mod)_(?!Sub$|Mul$).*",
    "core/ReplaceBinaryOperator_(Sub|Div)_(?!Add$|Mul$).*",
    "core/ReplaceBinaryOperator_Mul_(?!Div$).*",
]
"""What `mutants` leaves undone, by cosmic-ray's names."""

nox.needs_version = ">=2024.10.9"
nox.options.sessions = ["lint", "types", "imports", "tests", "docs"]


def tool(name: str) -> str:
    """Return the requirement for a development tool, with the version that pyproject.toml asks for."""
    requirements: list[str] = PROJECT["project"]["optional-dependencies"]["dev"]
    return next(requirement for requirement in requirements if requirement.startswith(name))


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format; ``nox -s lint -- --fix`` repairs what can be repaired."""
    session.install(tool("ruff"))
    fix = "--fix" in session.posargs
    session.run("ruff", "check", *(["--fix"] if fix else []), ".")
    session.run("ruff", "format", *([] if fix else ["--check"]), ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types, and what the type checker makes of the public functions."""
    session.install("-e", ".", tool("mypy"))
    session.run("mypy", *session.posargs)


@nox.session
def imports(session: nox.Session) -> None:
    """Check that each floor of the package imports only the floors below it."""
    session.install("-e", ".", tool("import-linter"))
    session.run("lint-imports", *session.posargs)


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the tests and every example; ``nox -s tests-3.11 -- --cov`` measures what they reach."""
    session.install("-e", ".[test]")
    session.run("pytest", *session.posargs)


@nox.session(python=PYTHONS[0])
def lowest(session: nox.Session) -> None:
    """Run the tests with the oldest NumPy, SymPy and SciPy that revdiff accepts.

    Without the examples: numbers print differently there. SymPy that old uses what mpmath 1.4 warns of.
    """
    project = PROJECT["project"]
    requirements = [*project["dependencies"], *project["optional-dependencies"]["scipy"]]
    oldest = [requirement.replace(">=", "==") + ".*" for requirement in requirements]
    session.install("-e", ".[test]", *oldest, "mpmath<1.4")
    session.run("pytest", *(session.posargs or ["tests"]))


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation into build/docs. A warning or a dead reference is an error."""
    session.install("-e", ".[docs]")
    session.run("sphinx-build", "-n", "-W", "docs", "build/docs", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Compare the speed with that of other libraries; large downloads."""
    session.install("-e", ".[bench,peers]")
    session.run("python", "-m", "benchmarks", *session.posargs)


@nox.session
def mutants(session: nox.Session) -> None:
    """Change a module, operator by operator, and show what its tests do not notice; a few seconds a change.

    ``nox -s mutants -- revdiff/core/lifting.py tests/core/test_lifting.py``: the module, then its tests. The
    changes are made in a copy of the checkout.
    """
    if len(session.posargs) < 2:
        session.error("name a module and its tests, like  revdiff/core/lifting.py tests/core/test_lifting.py")
    module, *proof = session.posargs
    session.install("-e", ".[mutants,test]")
    copy = Path(session.create_tmp()) / "checkout"
    shutil.rmtree(copy, ignore_errors=True)
    for name in ("revdiff", "tests"):
        shutil.copytree(name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(name, copy)
    session.chdir(copy)
    Path("mutants.toml").write_text(
        f"""
        [cosmic-ray]
        module-path = "{module}"
        excluded-modules = []
        timeout = 120.0
        test-command = "python -m pytest -q -x -p no:randomly -p no:cacheprovider {" ".join(proof)}"
        distributor.name = "local"
        filters.operators-filter.exclude-operators = {UNDONE_CHANGES}
        """
    )
    session.run("cosmic-ray", "baseline", "mutants.toml")
    session.run("cosmic-ray", "init", "mutants.toml", "mutants.sqlite")
    session.run("cr-filter-operators", "mutants.sqlite", "mutants.toml")
    session.run("cosmic-ray", "exec", "mutants.toml", "mutants.sqlite")
    session.run("cr-report", "--surviving-only", "--show-diff", "mutants.sqlite")


@nox.session
def build(session: nox.Session) -> None:
    """Build a release, install it, and test what was installed, far from the checkout."""
    session.install(tool("build"))
    work = Path(session.create_tmp())
    shutil.rmtree(work / "dist", ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(work / "dist"))
    (wheel,) = (work / "dist").glob("*.whl")
    (source,) = (work / "dist").glob("*.tar.gz")
    session.install("--force-reinstall", f"{wheel}[test]")
    with tarfile.open(source) as archive:
        archive.extractall(work / "dist", filter="data")
    session.chdir(work / "dist" / source.name.removesuffix(".tar.gz"))
    shutil.rmtree("revdiff")  # so that only the installed package can be met
    session.run("pytest", *(session.posargs or ["tests", "docs", "README.md", "--pyargs", "revdiff"]))
