"""The sizes that keep a room to be taken in at a look; each rule has a control that it bites."""

import ast

from tests.house.source import functions_in, name_of, python_files, text_of, tracked_files

MODULE, FUNCTION, VIEW, TEMPLATE = 300, 40, 25, 120
ALONE = {"docs/verify_log.py": 400}
"""Modules that must be one file: inspectors carry it to a machine that has nothing of ours."""


def long_text(text: str, budget: int) -> list[str]:
    lines = len(text.splitlines())
    return [f"{lines} lines, under {budget} allowed"] if lines >= budget else []


def long_functions(text: str, budget: int, *, views: bool = False) -> list[str]:
    faults = []
    for function in functions_in(ast.parse(text)):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines >= budget and (not views or is_view(function)):
            faults.append(f"{function.name}: {lines} lines, under {budget} allowed")
    return faults


def is_view(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Say whether a decorator binds the function to an address."""
    called = [item.func for item in function.decorator_list if isinstance(item, ast.Call)]
    names = {item.attr for item in called if isinstance(item, ast.Attribute)}
    return bool(names & {"route", "get", "post", "put", "delete", "patch"})


def hidden_imports(text: str) -> list[str]:
    return [
        f"{function.name}: line {node.lineno} imports inside a function"
        for function in functions_in(ast.parse(text))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def code(text: str) -> list[str]:
    return ["holds code"] if ast.parse(text).body else []


def test_modules_are_short() -> None:
    found = {
        name_of(path): long_text(text_of(path), ALONE.get(name_of(path), MODULE))
        for path in python_files()
    }
    assert not {name: faults for name, faults in found.items() if faults}


def test_functions_are_short() -> None:
    found = {name_of(path): long_functions(text_of(path), FUNCTION) for path in python_files()}
    assert not {name: faults for name, faults in found.items() if faults}


def test_views_read_call_and_render() -> None:
    found = {
        name_of(path): long_functions(text_of(path), VIEW, views=True)
        for path in python_files("register/web", "register/api")
    }
    assert not {name: faults for name, faults in found.items() if faults}


def test_templates_are_short() -> None:
    templates = [path for path in tracked_files() if "templates" in path.parts]
    found = {name_of(path): long_text(text_of(path), TEMPLATE) for path in templates}
    assert not {name: faults for name, faults in found.items() if faults}


def test_imports_stand_on_top() -> None:
    found = {name_of(path): hidden_imports(text_of(path)) for path in python_files()}
    assert not {name: faults for name, faults in found.items() if faults}


def test_packages_open_without_code() -> None:
    packages = [path for path in python_files() if path.name == "__init__.py"]
    assert packages
    assert not [name_of(path) for path in packages if code(text_of(path))]


def test_control_long_things_are_found() -> None:
    body = "    a = 1\n" * 39
    assert long_text("a\n" * 300, MODULE)
    assert not long_text("a\n" * 299, MODULE)
    assert long_functions(f"def f():\n{body}", FUNCTION)
    assert not long_functions(f"def f():\n{body[10:]}", FUNCTION)
    assert long_functions(f"class A:\n  def f(self):\n{body}", FUNCTION)


def test_control_long_views_are_found_and_other_functions_left() -> None:
    body = "    a = 1\n" * 24
    assert long_functions(f"@pages.get('/')\ndef f():\n{body}", VIEW, views=True)
    assert not long_functions(f"@cache\ndef f():\n{body}", VIEW, views=True)


def test_control_hidden_imports_and_code_are_found() -> None:
    assert hidden_imports("def f():\n    import os\n")
    assert not hidden_imports("import os\ndef f(): ...\n")
    assert code("from register import db\n")
    assert not code("")
