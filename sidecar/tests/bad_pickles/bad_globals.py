"""Names that no honest model asks for, said in every way that a pickle can say a name."""

from .assemble import (
    EMPTY_TUPLE,
    MARK,
    NEWOBJ,
    NONE,
    POP,
    REDUCE,
    STACK_GLOBAL,
    a_dict,
    a_list,
    a_tuple,
    build,
    by_line,
    by_stack,
    call,
    estimator,
    get,
    integer,
    new,
    pickle,
    put,
    text,
)

SHELL = [
    ("os", "system"),
    ("posix", "system"),
    ("nt", "system"),
    ("subprocess", "getoutput"),
    ("commands", "getoutput"),
    ("pty", "spawn"),
]
PYTHON = ["exec", "eval", "compile", "__import__", "open", "input", "breakpoint"]
# (module, name, arguments as text): each would do something if it were called.
RUNNERS = {
    "subprocess-popen": ("subprocess", "Popen"),
    "os-popen": ("os", "popen"),
    "os-execv": ("os", "execv"),
    "shutil-rmtree": ("shutil", "rmtree"),
    "pathlib-path": ("pathlib", "Path"),
    "pathlib-posixpath": ("pathlib", "PosixPath"),
    "io-open": ("io", "open"),
    "_io-open": ("_io", "FileIO"),
    "codecs-open": ("codecs", "open"),
    "linecache": ("linecache", "getlines"),
    "runpy": ("runpy", "run_path"),
    "tempfile": ("tempfile", "mktemp"),
    "importlib": ("importlib", "import_module"),
    "imp": ("imp", "load_source"),
    "pickle-loads": ("pickle", "loads"),
    "_pickle-loads": ("_pickle", "loads"),
    "marshal": ("marshal", "loads"),
    "joblib-load": ("joblib", "load"),
    "joblib-numpy-pickle-load": ("joblib.numpy_pickle", "load"),
    "torch-load": ("torch", "load"),
    "torch-storage": ("torch.storage", "_load_from_bytes"),
    "pandas-read-pickle": ("pandas", "read_pickle"),
    "pandas-eval": ("pandas", "eval"),
    "pandas-io": ("pandas.io.pickle", "read_pickle"),
    "numpy-load": ("numpy", "load"),
    "numpy-memmap": ("numpy", "memmap"),
    "numpy-fromfile": ("numpy", "fromfile"),
    "numpy-runstring": ("numpy.testing._private.utils", "runstring"),
    "numpy-f2py": ("numpy.f2py.crackfortran", "myeval"),
    "numpy-distutils": ("numpy.distutils.exec_command", "exec_command"),
    "pydoc": ("pydoc", "pipepager"),
    "timeit": ("timeit", "timeit"),
    "code": ("code", "InteractiveInterpreter"),
    "ctypes": ("ctypes", "CDLL"),
    "webbrowser": ("webbrowser", "open"),
    "urllib": ("urllib.request", "urlopen"),
    "http": ("http.client", "HTTPSConnection"),
    "socket": ("socket", "create_connection"),
    "ssl": ("ssl", "get_server_certificate"),
    "bdb": ("bdb", "Bdb"),
    "pdb": ("pdb", "run"),
    "cprofile": ("cProfile", "run"),
    "trace": ("trace", "Trace"),
    "asyncio": ("asyncio.subprocess", "create_subprocess_shell"),
    "asyncio-unix": ("asyncio.unix_events", "_UnixSubprocessTransport"),
    "logging-config": ("logging.config", "fileConfig"),
    "multiprocessing": ("multiprocessing.util", "spawnv_passfds"),
    "state-space": ("statsmodels.tsa.statespace._representation", "dStatespace"),
    "functools-reduce": ("functools", "reduce"),
    "operator-attrgetter": ("operator", "attrgetter"),
    "operator-methodcaller": ("operator", "methodcaller"),
    "operator-call": ("_operator", "methodcaller"),
    "types-code": ("types", "CodeType"),
    "types-function": ("types", "FunctionType"),
    "builtins-map": ("builtins", "map"),
    "builtins-filter": ("builtins", "filter"),
    "builtins-type": ("builtins", "type"),
    "builtins-globals": ("builtins", "globals"),
    "copyreg-newobj": ("copyreg", "__newobj__"),
    "copyreg-extension": ("copyreg", "add_extension"),
    "cloudpickle-builder": ("cloudpickle.cloudpickle", "_make_function"),
    "cloudpickle-skeleton": ("cloudpickle.cloudpickle", "_make_skeleton_class"),
    "joblib-cloudpickle": ("joblib.externals.cloudpickle.cloudpickle", "_builtin_type"),
    "dill-create-code": ("dill._dill", "_create_code"),
    "dill-create-function": ("dill._dill", "_create_function"),
    "dill-eval-repr": ("dill._dill", "_eval_repr"),
    "sklearn-estimator-checks": ("sklearn.utils.estimator_checks", "check_estimator"),
    "sklearn-load-files": ("sklearn.datasets._base", "load_files"),
    "sklearn-joblib": ("sklearn.utils._joblib", "load"),
    "statsmodels-load-pickle": ("statsmodels.iolib.smpickle", "load_pickle"),
    "codecs-decode": ("_codecs", "decode"),
    "uuid": ("uuid", "_get_command_stdout"),
    "distutils": ("distutils.spawn", "spawn"),
    "lib2to3": ("lib2to3.pgen2.grammar", "Grammar.loads"),
    "custom-code": ("__main__", "Transformer"),
    "custom-module": ("preprocessing", "clean"),
}
DOTTED = {
    "dotted-sklearn": ("sklearn", "utils.os.system"),
    "dotted-honest-class": ("sklearn.pipeline", "Pipeline.__init__.__globals__"),
    "dotted-numpy": ("numpy", "f2py.os.system"),
    "reexport-sklearn": ("sklearn.datasets._base", "os"),
    "reexport-joblib": ("joblib.numpy_pickle", "io"),
    "reexport-sys": ("sklearn.utils", "sys"),
}
UNREADABLE = {
    "fullwidth-os": ("\uff4f\uff53", "system"),
    "cyrillic-os": ("\u043es", "system"),
    "nul-in-module": ("os\0", "system"),
    "nul-in-name": ("sklearn.pipeline", "Pipeline\0"),
    "blank-before-module": (" os", "system"),
    "carriage-return": ("sklearn.pipeline\r", "Pipeline\r"),
    "case": ("SKLEARN.pipeline", "Pipeline"),
    "empty-name": ("os", ""),
    "surrogate": ("sklearn.\ud800", "x"),
}


def code_of(module, name):
    """As the README beside the lists has it."""
    if "." in name:
        return "dotted-name"
    unknown = (
        "__main__",
        "preprocessing",
        "torch2",
        "sklearn.utils.estimator_checks",
        "sklearn.datasets._base",
        "sklearn.utils._joblib",
        "_operator",
    )
    return "unknown-global" if module in unknown else "dangerous-global"


def cases(canary):
    touch = text("touch " + canary)
    for module, name in SHELL:
        yield f"{module}-{name}", "dangerous-global", pickle(call(by_line(module, name), touch))
        yield (
            f"{module}-{name}-protocol-0",
            "dangerous-global",
            by_line(module, name) + b"(S'touch " + canary.encode() + b"'\ntR.",
        )
        yield f"{module}-{name}-by-stack", "dangerous-global", pickle(call(by_stack(module, name), touch))
    for name in PYTHON:
        argument = text(f"__import__('os').system('touch {canary}')")
        yield f"builtins-{name}", "dangerous-global", pickle(call(by_stack("builtins", name), argument))
    yield (
        "builtin-2-eval",
        "dangerous-global",
        pickle(call(by_line("__builtin__", "eval"), text(f"open({canary!r}, 'w')")), protocol=2),
    )
    for case, (module, name) in RUNNERS.items():
        yield case, code_of(module, name), pickle(call(by_stack(module, name), touch))
    for case, (module, name) in DOTTED.items():
        yield case, "dotted-name", pickle(call(by_stack(module, name), touch))
        yield case + "-by-line", "dotted-name", pickle(call(by_line(module, name), touch))
    for case, (module, name) in UNREADABLE.items():
        expected = "dangerous-global" if case == "empty-name" else "unknown-global"
        yield case, expected, pickle(call(by_stack(module, name), touch))
    yield from hidden(canary)


def hidden(canary):
    touch = text("touch " + canary)
    system = by_line("os", "system")
    names = text("os") + put(0) + POP + text("system") + put(1) + POP
    yield (
        "names-from-the-memo",
        "dangerous-global",
        pickle(names, get(0) + get(1) + STACK_GLOBAL + a_tuple(touch) + REDUCE),
    )
    swapped = text("builtins") + put(5) + POP + text("posix") + put(5) + POP
    yield (
        "name-put-over-another",
        "dangerous-global",
        pickle(swapped, get(5) + text("system") + STACK_GLOBAL + a_tuple(touch) + REDUCE),
    )
    escaped = b"V\\u006fs\nV\\u0073ystem\n" + STACK_GLOBAL
    yield "names-by-escapes", "dangerous-global", pickle(escaped + a_tuple(touch) + REDUCE)
    quoted = b"S'\\x6fs'\nS'sys\\x74em'\n" + STACK_GLOBAL
    yield "names-by-quoted-escapes", "dangerous-global", pickle(quoted + a_tuple(touch) + REDUCE)
    yield "called-and-dropped", "dangerous-global", pickle(call(system, touch) + POP + NONE)
    yield "in-the-state-of-an-estimator", "dangerous-global", pickle(estimator(a_dict(func=system)))
    yield "called-in-a-state", "dangerous-global", pickle(estimator(a_dict(func=call(system, touch))))
    yield "as-a-default-factory", "dangerous-global", pickle(call(by_line("collections", "defaultdict"), system))
    yield (
        "in-a-counter",
        "dangerous-global",
        pickle(call(by_line("collections", "Counter"), a_list(call(system, touch)))),
    )
    yield "as-a-key", "dangerous-global", pickle(b"}(" + call(system, touch) + NONE + b"u")
    yield "by-newobj", "dangerous-global", pickle(new(by_line("subprocess", "Popen"), touch))
    yield (
        "by-newobj-ex",
        "dangerous-global",
        pickle(by_line("subprocess", "Popen") + EMPTY_TUPLE + a_dict(args=touch) + b"\x92"),
    )
    yield "under-a-mark", "dangerous-global", pickle(MARK + call(system, touch) + b"1" + NONE)
    yield "setstate-from-a-state", "build", pickle(estimator(a_dict(__setstate__=by_line("numpy", "log1p"))))
    newobj = by_line("sklearn.pipeline", "Pipeline") + a_tuple(integer(1)) + NEWOBJ
    yield "a-new-with-arguments", "arguments", pickle(newobj)
    yield (
        "proto-2-mapped-module",
        "dangerous-global",
        pickle(call(by_line("__builtin__", "execfile"), touch), protocol=2),
    )
    yield "newline-in-a-global", "malformed", b"\x80\x04cos" + b"."
    yield "class-of-the-own-dict", "build", pickle(build(estimator(), a_dict(__class__=text("x"))))
